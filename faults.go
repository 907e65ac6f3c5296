package zookeeper

import (
	"errors"
	"fmt"
	"strings"
)

// faults collects the mistakes of a configuration, so that one look at the log
// shows all of them.
type faults struct {
	list    []string
	foreign bool                // a file or the environment says a part of what the rules hold
	levels  map[string][]string // the keys that each mapping is asked for; nil where mistakes are wanted
}

// add records a mistake: where it stands, what stands there, what would be right.
func (f *faults) add(key string, value any, remedy string) {
	f.list = append(f.list, fmt.Sprintf("%s: %s: %s", key, quoted(value), remedy))
}

func (f *faults) err() error {
	if len(f.list) == 0 {
		return nil
	}
	return errors.New(strings.Join(f.list, "; "))
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
