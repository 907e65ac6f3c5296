// Package problems collects the mistakes in a configuration, and words them. Each mistake
// names the key, what stands there, and what to write instead. No secret is in one.
package problems

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
)

// ErrInvalid: what Go code has handed over can't be right.
var ErrInvalid = errors.New("zookeeper: invalid argument")

// A List collects the mistakes of a configuration, so that one look at the log shows all
// of them. The zero value is an empty list.
type List struct {
	texts []string
	keys  []string // of the mistakes
}

// Add records a mistake: the key, as in gates[0].status, what stands there, and what to
// write instead.
func (l *List) Add(key string, value any, remedy string) {
	l.texts = append(l.texts, fmt.Sprintf("%s: %s: %s", key, Quoted(value), remedy))
	l.keys = append(l.keys, placeOf(key))
}

// Note records a mistake that is worded already, and begins with the key and a colon.
func (l *List) Note(text string) {
	key, _, _ := strings.Cut(text, ": ")
	l.texts = append(l.texts, text)
	l.keys = append(l.keys, placeOf(key))
}

// Texts are the mistakes in the order in which they were found; nil where there is none.
func (l *List) Texts() []string { return l.texts }

// Err is one error with all mistakes, joined by semicolons; nil where there is none.
func (l *List) Err() error {
	if len(l.texts) == 0 {
		return nil
	}
	return WithKeys(strings.Join(l.texts, "; "), l.keys)
}

// Truth reads true or false. Any other text is recorded as a mistake, and read as false.
func (l *List) Truth(key, text string) bool {
	if text != "true" && text != "false" {
		l.Add(key, text, "true or false is expected here")
	}
	return text == "true"
}

// LongestQuote is how many bytes of a value an error shows.
const LongestQuote = 80

// Quoted is a value as an error shows it: a scalar in quotes, up to LongestQuote. Of lists
// and mappings it shows only that they are such, since anything may be in them, secrets
// too.
func Quoted(value any) string {
	text, isScalar := ScalarText(value)
	if !isScalar {
		_, isMapping := value.(map[string]any)
		switch {
		case value == nil:
			return "nothing"
		case isMapping:
			return "a mapping"
		}
		return "a list"
	}
	if len(text) > LongestQuote {
		text = text[:LongestQuote] + "..."
	}
	return fmt.Sprintf("%q", text)
}

const mostListedNames = 20

// Names joins names by commas, as many as an error has room for.
func Names(names []string) string {
	if len(names) > mostListedNames {
		return strings.Join(names[:mostListedNames], ", ") + ", ..."
	}
	return strings.Join(names, ", ")
}

// Hidden stands in errors for what may be a secret.
const Hidden = "..."

// Beginning is a text up to the first of some characters, where something secret may begin.
func Beginning(text, secretFrom string) string {
	at := strings.IndexAny(text, secretFrom)
	if at < 0 {
		return text
	}
	return text[:at] + Hidden
}

// ScalarText is the text of a string, a number or a boolean. The second result is false
// for anything else, nil included.
func ScalarText(v any) (string, bool) {
	switch s := v.(type) {
	case string:
		return s, true
	case float64:
		return strconv.FormatFloat(s, 'f', -1, 64), true
	case bool, int, int64, uint64, int32, uint32, float32:
		return fmt.Sprint(s), true
	}
	return "", false
}

// Index is the place in a list as keys have it: [0] for the first item.
func Index(i int) string {
	return "[" + strconv.Itoa(i) + "]"
}
