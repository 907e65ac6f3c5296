package zookeeper

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
)

// A problemList collects the mistakes of a configuration, so that one look at the log
// shows all of them.
type problemList struct{ list []string }

// add records a mistake: where it stands, what stands there, what would be right.
func (l *problemList) add(key string, value any, remedy string) {
	l.list = append(l.list, fmt.Sprintf("%s: %s: %s", key, quoted(value), remedy))
}

// note records a mistake that is worded already.
func (l *problemList) note(text string) { l.list = append(l.list, text) }

func (l *problemList) err() error {
	if len(l.list) == 0 {
		return nil
	}
	return errors.New(strings.Join(l.list, "; "))
}

const longestQuote = 80

// quoted is a value as an error shows it. Of lists and mappings only that they are
// some, since anything may be in them, secrets too.
func quoted(value any) string {
	text, scalar := scalarText(value)
	if !scalar {
		_, isMapping := value.(map[string]any)
		switch {
		case value == nil:
			return "nothing"
		case isMapping:
			return "a mapping"
		}
		return "a list"
	}
	if len(text) > longestQuote {
		text = text[:longestQuote] + "..."
	}
	return fmt.Sprintf("%q", text)
}

const mostListedNames = 20

// someOf lists names, as many as an error has room for.
func someOf(names []string) string {
	if len(names) > mostListedNames {
		return strings.Join(names[:mostListedNames], ", ") + ", ..."
	}
	return strings.Join(names, ", ")
}

// hidden stands in errors for what may be a secret.
const hidden = "..."

func scalarText(v any) (string, bool) {
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

func index(i int) string {
	return "[" + strconv.Itoa(i) + "]"
}
