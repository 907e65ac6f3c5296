package zookeeper

import (
	"encoding/json"
	"errors"
	"fmt"
	"regexp"
	"strconv"
	"strings"
)

// propertyLines are the logical lines of a document in Java's properties format, read
// as UTF-8. Compiled code makes them, and finds keys in them: a line costs the
// interpreter nothing, unless it has an escape in its key or one that is none.
type propertyLines struct {
	text      string            // a line break before each line and one at the end; escapes as they are written
	spellings map[string]string // how keys with escapes are written, with the line break before them
	broken    map[string]string // values with an escape that is none, by keys
}

// How much may need more than compiled code, or more room than it has in the node.
const (
	mostEscapedKeys    = 50000
	longestEscapedKeys = 256 << 10 // all of them
	mostBrokenEscapes  = 10000
	longestEscaped     = 6 * longestHeader // a value, as \u0041 is one letter
)

const propertySpace = " \t\f"

// escapedBackslash stands for two backslashes in the lines, so that all others begin
// an escape. Nothing else there has that character.
const escapedBackslash = "\r\r"

var (
	// lineEnds matches what ends a line, together with the blank lines and the
	// comments after it and the white space that the next one begins with; and
	// what continues one.
	lineEnds = regexp.MustCompile(`(\n)[ \t\f\n]*(?:[#!][^\n]*\n[ \t\f\n]*)*|\\\n[ \t\f]*`)

	propertyKey   = regexp.MustCompile(`^(?:[^\\=: \t\f\n]|\\[^\n])*`)
	escapedKey    = regexp.MustCompile(`\n[^\\\r=: \t\f\n]*(?:(?:\\[^\n]|\r)[^\\\r=: \t\f\n]*)+`)
	unicodeEscape = regexp.MustCompile(`\\u[0-9A-Fa-f]{4}`)
	brokenLine    = regexp.MustCompile(`\n[^\n]*\\u`)
	soundEscapes  = regexp.MustCompile(`^(?:[^\\]|\\(?:[^u]|u[0-9A-Fa-f]{4}))*`)
	fourDigits    = regexp.MustCompile(`^[^\n]{4}`)
)

// fromProperties returns the value of a key in a document in Java's properties
// format; the last line for a key counts.
func fromProperties(c *content, key string) (string, error) {
	d := parsed(c, formatProperties)
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

// logicalLines leaves out blank lines and comments, and joins those that end
// with a backslash with the next.
func logicalLines(text string) string {
	text = strings.ReplaceAll(text, "\r\n", "\n")
	text = strings.ReplaceAll(text, "\r", "\n")
	text = strings.ReplaceAll(text, `\\`, escapedBackslash)
	return lineEnds.ReplaceAllString("\n"+text+"\n\n", "$1")
}

// readSpellings finds the keys that have escapes. Only the last line for a key
// counts, so one way to write it is enough.
func readSpellings(p *propertyLines) error {
	found := escapedKey.FindAllString(p.text, mostEscapedKeys+1)
	if len(found) == 0 {
		return nil
	}
	all := strings.Join(found, "")
	if len(found) > mostEscapedKeys || len(all) > longestEscapedKeys {
		return errors.New("has more than 50,000 keys with a backslash, or 256 KiB of them; split it into several nodes")
	}
	keys, err := unescaped(all)
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

// readBroken finds the values that have an escape that is none. They are refused,
// also where another line for the key comes later.
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

// lastLine is where in the text the key of the last line that begins so has ended;
// -1 where there is none.
func lastLine(text, start string) int {
	if !strings.Contains(text, start) { // which is found out sooner
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

// propertyValue is the value in a line whose key is cut off.
func propertyValue(line string) string {
	value := strings.TrimLeft(line[:strings.IndexByte(line, '\n')], propertySpace)
	if value != "" && (value[0] == '=' || value[0] == ':') {
		value = strings.TrimLeft(value[1:], propertySpace)
	}
	return value
}

// asJSON writes lines as JSON's strings, which have the same \u escapes.
var asJSON = strings.NewReplacer(jsonEscapes()...)

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

// unescaped are the texts, with line breaks between them, that escapes stand for.
func unescaped(lines string) ([]string, error) {
	var texts []string
	err := json.Unmarshal([]byte(`["`+asJSON.Replace(lines)+`"]`), &texts)
	return texts, err
}

// unescape is unescaped for one text, which a document need not be kept for.
func unescape(text string) (string, error) {
	if strings.IndexByte(text, '\\') < 0 && strings.IndexByte(text, '\r') < 0 {
		return strings.Clone(text), nil
	}
	texts, err := unescaped(text)
	if err != nil {
		return "", brokenEscape(text)
	}
	return texts[0], nil
}

// brokenEscape says what is wrong with the first escape that is none.
func brokenEscape(lines string) error {
	rest := lines[len(soundEscapes.FindString(lines)):]
	digits := fourDigits.FindString(strings.TrimPrefix(strings.ReplaceAll(rest, escapedBackslash, `\\`), `\u`))
	if digits == "" {
		return errors.New(`has a \u escape with fewer than four digits`)
	}
	return errors.New(`has a \u escape with digits that are not hexadecimal: ` + strconv.Quote(digits))
}
