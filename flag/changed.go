package flag

import (
	"bytes"
	"encoding/json"
	"reflect"

	"github.com/mod-zookeeper/traefik-zookeeper/internal/lists"
)

// Changed returns the keys of the flags that only one of two sets has, or that are defined
// differently in them, sorted. The key of a single flag is empty. Either set may be nil, which
// has no flags. Where the evaluators or the metadata of a document differ, all of its flags do.
func Changed(from, to *Set) []string {
	earlier, later := textsOf(from), textsOf(to)
	isSame := sharesTexts(from, to)
	changed := map[string]bool{}
	for key, text := range later {
		before, isKnown := earlier[key]
		if !isSame || !isKnown || !bytes.Equal(before, text) {
			changed[key] = true
		}
	}
	for key := range earlier {
		_, isThere := later[key]
		if !isThere {
			changed[key] = true
		}
	}
	if loneOf(from) != loneOf(to) {
		changed[""] = true
	}
	return lists.SortedKeys(changed)
}

// textsOf has the definitions in a set's document by their keys.
func textsOf(s *Set) map[string]json.RawMessage {
	if s == nil || s.document == nil {
		return nil
	}
	return s.document.flags
}

func loneOf(s *Set) *definition {
	if s == nil {
		return nil
	}
	return s.lone
}

// sharesTexts tells whether what all flags of a document share is the same in both.
func sharesTexts(from, to *Set) bool {
	if from == nil || to == nil || from.document == nil || to.document == nil {
		return false
	}
	if from.document == to.document {
		return true
	}
	if !reflect.DeepEqual(from.document.metadata, to.document.metadata) {
		return false
	}
	earlier, later := from.document.evaluators.rules, to.document.evaluators.rules
	if len(earlier) != len(later) {
		return false
	}
	for name, text := range later {
		before, isKnown := earlier[name]
		if !isKnown || !bytes.Equal(before, text) {
			return false
		}
	}
	return true
}
