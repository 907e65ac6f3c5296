package value

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"strconv"
	"strings"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/mod-zookeeper/traefik-zookeeper/flag/lint"
)

// The models here read the whole document for each key, as plainly as that can be
// written: no format may give anything else.

// wholeFromJSON returns the value at a key such as db.host in a JSON document: the
// text of a string, number or boolean; nothing where there is no such member,
// or null.
func wholeFromJSON(data []byte, key string) (string, error) {
	value, err := wholeJSONAt(data, key)
	if err != nil {
		return "", err
	}
	return wholeJSONScalar(value, key)
}

// wholeJSONAt returns whatever a JSON document has at a key; nil where it has nothing.
func wholeJSONAt(data []byte, key string) (any, error) {
	if len(bytes.TrimSpace(data)) == 0 {
		return nil, nil
	}
	decoder := json.NewDecoder(bytes.NewReader(data))
	decoder.UseNumber() // a number stays as it is written
	var document any
	err := decoder.Decode(&document)
	if err != nil {
		var whole any
		return nil, errors.New("is not JSON: " + lint.Syntax(data, json.Unmarshal(data, &whole)))
	}
	_, err = decoder.Token()
	if err != io.EOF {
		return nil, errors.New("is not JSON: something follows the document")
	}
	return wholeJSONMember(document, key)
}

// wholeJSONMember follows the key's dots. A member whose own name has dots comes before
// the way along them.
func wholeJSONMember(document any, key string) (any, error) {
	switch container := document.(type) {
	case map[string]any:
		value, found := container[key]
		if found {
			return value, nil
		}
		head, rest, nested := strings.Cut(key, ".")
		if !nested || container[head] == nil {
			return nil, nil
		}
		return wholeJSONMember(container[head], rest)
	case []any:
		head, rest, nested := strings.Cut(key, ".")
		i, err := strconv.Atoi(head)
		if err != nil {
			return nil, errors.New("has a list where the key " + strconv.Quote(key) + " is looked for")
		}
		if i < 0 || i >= len(container) {
			return nil, nil
		}
		if !nested {
			return container[i], nil
		}
		return wholeJSONMember(container[i], rest)
	}
	return nil, errors.New("has no object where the key " + strconv.Quote(key) + " is looked for")
}

func wholeJSONScalar(value any, key string) (string, error) {
	if value == nil {
		return "", nil
	}
	switch scalar := value.(type) {
	case string:
		return scalar, nil
	case bool:
		return strconv.FormatBool(scalar), nil
	case json.Number:
		return scalar.String(), nil
	}
	return "", errors.New("has an object or a list at " + strconv.Quote(key) + ", where a string, number or boolean is expected")
}

// wholeFromProperties returns the value of a key in a document in Java's properties
// format, read as UTF-8; the last line for a key counts.
func wholeFromProperties(data []byte, key string) (string, error) {
	value := ""
	for _, line := range wholeLines(string(data)) {
		rawKey, rawValue := wholeSplit(line)
		name, err := wholeUnescape(rawKey)
		if err != nil {
			return "", err
		}
		if name != key {
			continue
		}
		value, err = wholeUnescape(rawValue)
		if err != nil {
			return "", err
		}
	}
	return value, nil
}

// wholeLines leaves out blank lines and comments, and joins those that end
// with a backslash with the next.
func wholeLines(text string) []string {
	text = strings.ReplaceAll(text, "\r\n", "\n")
	text = strings.ReplaceAll(text, "\r", "\n")
	var lines []string
	pending, open := "", false
	for _, line := range strings.Split(text, "\n") {
		line = strings.TrimLeft(line, propertySpace)
		if !open && (line == "" || line[0] == '#' || line[0] == '!') {
			continue
		}
		pending += line
		open = endsOpen(line)
		if open {
			pending = pending[:len(pending)-1]
			continue
		}
		lines = append(lines, pending)
		pending = ""
	}
	if pending != "" {
		lines = append(lines, pending)
	}
	return lines
}

// endsOpen tells whether an odd number of backslashes ends the line.
func endsOpen(line string) bool {
	return (len(line)-len(strings.TrimRight(line, `\`)))%2 == 1
}

// wholeSplit cuts a line at the first =, : or white space that no backslash
// escapes.
func wholeSplit(line string) (string, string) {
	end := 0
	for end < len(line) && strings.IndexByte("=:"+propertySpace, line[end]) < 0 {
		if line[end] == '\\' {
			end++
		}
		end++
	}
	if end >= len(line) {
		return line, ""
	}
	value := strings.TrimLeft(line[end:], propertySpace)
	if value != "" && (value[0] == '=' || value[0] == ':') {
		value = strings.TrimLeft(value[1:], propertySpace)
	}
	return line[:end], value
}

func wholeUnescape(text string) (string, error) {
	if strings.IndexByte(text, '\\') < 0 {
		return text, nil
	}
	var out []rune
	runes := []rune(text)
	for i := 0; i < len(runes); i++ {
		if runes[i] != '\\' || i+1 == len(runes) {
			out = append(out, runes[i])
			continue
		}
		i++
		switch runes[i] {
		case 't':
			out = append(out, '\t')
		case 'n':
			out = append(out, '\n')
		case 'r':
			out = append(out, '\r')
		case 'f':
			out = append(out, '\f')
		case 'u':
			unit, err := utf16Unit(runes, i+1)
			if err != nil {
				return "", err
			}
			out = append(out, unit)
			i += 4
		default:
			out = append(out, runes[i])
		}
	}
	return joinSurrogates(out), nil
}

func utf16Unit(runes []rune, start int) (rune, error) {
	if start+4 > len(runes) {
		return 0, errors.New(`has a \u escape with fewer than four digits`)
	}
	digits := string(runes[start : start+4])
	unit, err := strconv.ParseUint(digits, 16, 16)
	if err != nil {
		return 0, errors.New(`has a \u escape with digits that are not hexadecimal: ` + strconv.Quote(digits))
	}
	return rune(unit), nil
}

// joinSurrogates makes one character of two escapes that stand for it in UTF-16.
func joinSurrogates(units []rune) string {
	var text strings.Builder
	for i := 0; i < len(units); i++ {
		if i+1 < len(units) && utf16.IsSurrogate(units[i]) {
			joined := utf16.DecodeRune(units[i], units[i+1])
			if joined != utf8.RuneError {
				text.WriteRune(joined)
				i++
				continue
			}
		}
		text.WriteRune(units[i])
	}
	return text.String()
}
