package value

import (
	"encoding/json"
	"errors"
	"fmt"
	"regexp"
	"strconv"
	"strings"
)

// propertyLines are the logical lines of a document in Java's properties format, in UTF-8.
//
// Yaegi: compiled code makes the lines, and finds keys in them. So a line costs the
// interpreter nothing, unless there is an escape in its key, or a broken one in its value.
type propertyLines struct {
	text      string            // a line break in front of each line and one at the end; escapes as they are written
	spellings map[string]string // how keys with escapes are written, with the line break in front, by keys
	broken    map[string]string // values with a broken escape, by keys
}

// These are the limits for what compiled code alone can't do, and for what needs more room
// than it takes in the node.
const (
	mostEscapedKeys    = 50000
	longestEscapedKeys = 256 << 10 // bytes of all of them
	mostBrokenEscapes  = 10000
	longestEscaped     = 6 * longestHeader // bytes of a value, as \u0041 is one letter
)

// propertySpace is the white space within a line.
const propertySpace = " \t\f"

// escapedBackslash stands for two backslashes in the lines, so that each backslash begins an
// escape. Nothing else in the lines has these characters.
const escapedBackslash = "\r\r"

var (
	// lineEnds matches a line break that ends a line, together with the blank lines and the
	// comments behind it and the white space in front of the next line. It also matches a
	// line break that continues a line.
	lineEnds = regexp.MustCompile(`(\n)[ \t\f\n]*(?:[#!][^\n]*\n[ \t\f\n]*)*|\\\n[ \t\f]*`)

	propertyKey   = regexp.MustCompile(`^(?:[^\\=: \t\f\n]|\\[^\n])*`)
	escapedKey    = regexp.MustCompile(`\n[^\\\r=: \t\f\n]*(?:(?:\\[^\n]|\r)[^\\\r=: \t\f\n]*)+`)
	unicodeEscape = regexp.MustCompile(`\\u[0-9A-Fa-f]{4}`)
	brokenLine    = regexp.MustCompile(`\n[^\n]*\\u`)
	soundEscapes  = regexp.MustCompile(`^(?:[^\\]|\\(?:[^u]|u[0-9A-Fa-f]{4}))*`)
	fourDigits    = regexp.MustCompile(`^[^\n]{4}`)
)

// fromProperties is the value of a key in a document of Java's properties. The last line for
// a key counts. It is empty where there is none.
func fromProperties(c *Content, key string) (string, error) {
	d := documentOf(c, FormatProperties)
	if d.refused != nil {
		return "", d.refused
	}
	return propertyAt(d.value.(*propertyLines), key)
}

func parseProperties(data []byte) (any, error) {
	p := &propertyLines{text: logicalLines(string(data))}
	if strings.IndexByte(p.text, '\\') < 0 && strings.IndexByte(p.text, '\r') < 0 {
		return p, nil
	}
	err := readSpellings(p)
	if err == nil {
		err = readBroken(p)
	}
	return p, err
}

// logicalLines are the lines of a text without blank ones and comments. A line that ends
// with a backslash is joined with the next one.
func logicalLines(text string) string {
	text = strings.ReplaceAll(text, "\r\n", "\n")
	text = strings.ReplaceAll(text, "\r", "\n")
	text = strings.ReplaceAll(text, `\\`, escapedBackslash)
	return lineEnds.ReplaceAllString("\n"+text+"\n\n", "$1")
}

// readSpellings finds the keys with escapes. Only the last line for a key counts, so it is
// enough to know one way to write it.
func readSpellings(p *propertyLines) error {
	found := escapedKey.FindAllString(p.text, mostEscapedKeys+1)
	if len(found) == 0 {
		return nil
	}
	all := strings.Join(found, "")
	if len(found) > mostEscapedKeys || len(all) > longestEscapedKeys {
		return errors.New("has more than 50,000 keys with a backslash, or 256 KiB of them; split it into several nodes")
	}
	keys, err := unescapedLines(all)
	if err != nil {
		return brokenEscape(all)
	}
	spellings := make(map[string]string, len(found))
	for i, spelling := range found {
		spellings[keys[i+1]] = spelling
	}
	p.spellings = spellings
	return nil
}

// readBroken finds the values with a broken escape. Their keys are refused, even where a
// later line for the key is sound.
func readBroken(p *propertyLines) error {
	if !strings.Contains(p.text, `\u`) {
		return nil
	}
	rest := unicodeEscape.ReplaceAllString(p.text, "......")
	if !strings.Contains(rest, `\u`) {
		return nil
	}
	found := brokenLine.FindAllStringIndex(rest, mostBrokenEscapes+1)
	if len(found) > mostBrokenEscapes {
		return errors.New(`has more than 10,000 lines with a \u that four hexadecimal digits don't follow; write \\u for a backslash and a u`)
	}
	p.broken = map[string]string{}
	for _, span := range found {
		line := p.text[span[0]+1:]
		line = line[:strings.IndexByte(line, '\n')]
		written := propertyKey.FindString(line)
		key, err := unescape(written)
		if err != nil {
			return brokenEscape(written)
		}
		if p.broken[key] == "" {
			p.broken[key] = line[len(written):]
		}
	}
	return nil
}

// propertyAt is the value of a key; empty where there is none.
func propertyAt(p *propertyLines, key string) (string, error) {
	broken := p.broken[key]
	if broken != "" {
		return "", brokenEscape(broken)
	}
	at := -1
	if !strings.ContainsAny(key, "\\=: \t\f\r\n") {
		at = lastLine(p.text, "\n"+key)
	}
	spelling := p.spellings[key]
	if spelling != "" {
		escaped := lastLine(p.text, spelling)
		if escaped > at {
			at = escaped
		}
	}
	if at < 0 {
		return "", nil
	}
	value := propertyValue(p.text[at:])
	if len(strings.TrimRight(value, " \t")) > longestEscaped {
		return "", errTooLong
	}
	return unescape(value)
}

// lastLine finds the last line that begins with a key, given with the line break in front
// of it. It returns where in the text the key ends; -1 where there is none.
func lastLine(text, start string) int {
	if !strings.Contains(text, start) { // this is fast
		return -1
	}
	from, found := 0, false
	for _, end := range []string{"=", ":", " ", "\t", "\f", "\n"} {
		at := strings.LastIndex(text[from:], start+end)
		if at >= 0 {
			from += at
			found = true
		}
	}
	if !found {
		return -1
	}
	return from + len(start)
}

// propertyValue is the value of the line that a text begins with, without its key.
func propertyValue(line string) string {
	value := strings.TrimLeft(line[:strings.IndexByte(line, '\n')], propertySpace)
	if value != "" && (value[0] == '=' || value[0] == ':') {
		value = strings.TrimLeft(value[1:], propertySpace)
	}
	return value
}

// asJSON rewrites lines as strings in JSON, whose \u escapes are the same.
var asJSON = strings.NewReplacer(jsonEscapes()...)

// jsonEscapes are the pairs of asJSON.
func jsonEscapes() []string {
	pairs := []string{escapedBackslash, `\\`, `\t`, `\t`, `\n`, `\n`, `\r`, `\r`, `\f`, `\f`, `\u`, `\u`, `\"`, `\"`, `"`, `\"`, "\n", `","`}
	for _, digit := range "0123456789ABCDEFabcde" { // none may complete a broken escape
		pairs = append(pairs, `\`+string(digit), fmt.Sprintf(`\u%04x`, digit))
	}
	for c := 0; c < ' '; c++ {
		if c != '\n' && c != '\r' {
			pairs = append(pairs, string(rune(c)), fmt.Sprintf(`\u%04x`, c))
		}
	}
	return append(pairs, `\`, "")
}

// unescapedLines are the lines of a text with what their escapes stand for.
func unescapedLines(lines string) ([]string, error) {
	var texts []string
	err := json.Unmarshal([]byte(`["`+asJSON.Replace(lines)+`"]`), &texts)
	return texts, err
}

// unescape is a text with what its escapes stand for. The result refers to no document, which
// may be released.
func unescape(text string) (string, error) {
	if strings.IndexByte(text, '\\') < 0 && strings.IndexByte(text, '\r') < 0 {
		return strings.Clone(text), nil
	}
	texts, err := unescapedLines(text)
	if err != nil {
		return "", brokenEscape(text)
	}
	return texts[0], nil
}

// brokenEscape is the error of the first broken escape in a text.
func brokenEscape(lines string) error {
	rest := lines[len(soundEscapes.FindString(lines)):]
	digits := fourDigits.FindString(strings.TrimPrefix(strings.ReplaceAll(rest, escapedBackslash, `\\`), `\u`))
	if digits == "" {
		return errors.New(`has a \u escape with fewer than four digits`)
	}
	return errors.New(`has a \u escape with digits that are not hexadecimal: ` + strconv.Quote(digits))
}
