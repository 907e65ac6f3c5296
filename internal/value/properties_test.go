package value

import (
	"bytes"
	"strings"
	"testing"
	"unicode/utf16"
	"unicode/utf8"
)

// FuzzProperties holds fromProperties against a model that reads as
// java.util.Properties does: one unit of UTF-16 after the other, in one pass.
func FuzzProperties(f *testing.F) {
	for _, document := range []string{
		"a=1\nb:2\nc 3\na\n", "a = 1\r\nb=x\\\r\n   y\rc=z", "# a=1\n! a=2\n  a=3", "a=1\\\n# b=2\n", "a\\\n\nb=1", "\\\n#a=1", "a=1\\", "a=1\\\\", "a\\=b=c", "a\\ b = \\ c ",
		"a==1", "a=:1", "a : = 1", "a\t\f=\t\f1", "a=\\u0041\\ud83d\\ude00", "a=\\ud83d", "a=\\u004", "a=\\u+041", "a=\\u00_1", "\\u0061=1", "\\u00=1\na=2", "a=\\t\\n\\r\\f\\q\\\\",
		"a", "=1", ":", "", "\\", "a=1\x00", "\ufeffa=1", "a=ü😀", "a=1\u2028b=2", "a=1\n\n\na=2\\\n\t\tb\\\n", "a=1\x0bb", "a\u00a0=1",
	} {
		for _, key := range []string{"a", "a b", "a=b", ""} {
			f.Add([]byte(document), key)
		}
	}
	f.Fuzz(func(t *testing.T, document []byte, key string) {
		if !utf8.Valid(document) || !utf8.ValidString(key) {
			return // which no format but text in base64 gets to see
		}
		got, err := fromProperties(&Content{Exists: true, Data: document}, key)
		document = bytes.TrimPrefix(document, byteOrderMark)
		m := &properties{units: utf16.Encode([]rune(string(document))), values: map[string]property{}}
		m.load()
		// Java refuses the whole document for an escape that isn't one; the plugin,
		// whose documents are edited one value at a time, does for that value and for names.
		want := m.values[key]
		if refused := m.badName || want.bad; refused != (err != nil) || !refused && got != want.text {
			t.Errorf("%q has %q as %q, %v; want %q, %t, %t", document, key, got, err, want.text, want.bad, m.badName)
		}
		if whole, fault := wholeFromProperties(document, key); key != "" && (got != whole || (err == nil) != (fault == nil)) {
			t.Errorf("%q has %q as %q, %v; line by line %q, %v", document, key, got, err, whole, fault)
		}
	})
}

type property struct {
	text string
	bad  bool // one of the lines for the key has an escape that isn't one
}

// properties is the model: a document that is read from its beginning.
type properties struct {
	units   []uint16
	at      int
	values  map[string]property
	badName bool
}

const endOfLine = -1

// next is the next unit of a logical line, and whether a backslash stands before
// it. The end of the line, or of the document, is no unit.
func (p *properties) next() (int, bool) {
	for p.at < len(p.units) {
		unit := p.units[p.at]
		if unit == '\r' || unit == '\n' {
			return endOfLine, false
		}
		p.at++
		if unit != '\\' {
			return int(unit), false
		}
		if p.at == len(p.units) {
			return endOfLine, false
		}
		escaped := p.units[p.at]
		if escaped != '\r' && escaped != '\n' {
			p.at++
			return int(escaped), true
		}
		p.endLine()
		p.skip(" \t\f")
	}
	return endOfLine, false
}

func (p *properties) endLine() {
	if p.units[p.at] == '\r' && p.at+1 < len(p.units) && p.units[p.at+1] == '\n' {
		p.at++
	}
	p.at++
}

func (p *properties) skip(white string) {
	for p.at < len(p.units) && strings.ContainsRune(white, rune(p.units[p.at])) {
		p.at++
	}
}

func (p *properties) load() {
	for {
		p.skip(" \t\f\r\n")
		if p.at == len(p.units) {
			return
		}
		if p.units[p.at] == '#' || p.units[p.at] == '!' {
			for p.at < len(p.units) && p.units[p.at] != '\r' && p.units[p.at] != '\n' {
				p.at++
			}
			continue
		}
		name, value, badName, badValue := p.line()
		p.badName = p.badName || badName
		before := p.values[name]
		p.values[name] = property{text: value, bad: before.bad || badValue}
	}
}

// line reads a logical line: the name to the first separator without a
// backslash; white space, at most one = or :, and white space; the value.
func (p *properties) line() (string, string, bool, bool) {
	var name, value []uint16
	badName, badValue := false, false
	const (
		inName = iota
		between
		afterSeparator
		inValue
	)
	for state := inName; ; {
		unit, escaped := p.next()
		if unit == endOfLine {
			return string(utf16.Decode(name)), string(utf16.Decode(value)), badName, badValue
		}
		white, separator := !escaped && strings.ContainsRune(" \t\f", rune(unit)), !escaped && (unit == '=' || unit == ':')
		switch {
		case state == inName && separator, state == between && separator:
			state = afterSeparator
		case state == inName && white:
			state = between
		case state == inName:
			badName = !p.put(&name, unit, escaped) || badName
		case state != inValue && white:
		default:
			state = inValue
			badValue = !p.put(&value, unit, escaped) || badValue
		}
	}
}

// put appends what a unit stands for; it returns false for an escape that isn't one.
func (p *properties) put(text *[]uint16, unit int, escaped bool) bool {
	if escaped && unit == 'u' {
		unit = 0
		for range 4 {
			next, again := p.next()
			digit := strings.IndexRune("0123456789abcdef", rune(next|0x20))
			if next == endOfLine || again || digit < 0 || next < '0' {
				return false
			}
			unit = unit<<4 | digit
		}
	} else if at := strings.IndexRune("tnrf", rune(unit)); escaped && at >= 0 {
		unit = int("\t\n\r\f"[at])
	}
	*text = append(*text, uint16(unit))
	return true
}
