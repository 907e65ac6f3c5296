package lint

import (
	"bytes"
	"encoding/json"
	"strings"

	"github.com/mod-zookeeper/traefik-zookeeper/internal/lists"
)

// Twice looks for an object that has a key twice, of which the last counts without a word.
// The value is what the text was decoded to, in which at least so many members were seen. All
// texts without one are told by compiled code alone: a value that was dropped has taken its
// colons along.
func Twice(text []byte, value any, members int, place string) []*Finding {
	if bytes.Count(text, colon) <= members {
		return nil
	}
	encoded, err := json.Marshal(value)
	if err != nil || bytes.Count(text, colon) <= bytes.Count(encoded, colon) {
		return nil
	}
	return found(text, place)
}

// TwiceIn is Twice for an object whose members are not decoded themselves.
func TwiceIn(text []byte, tree map[string]json.RawMessage, place string) []*Finding {
	colons := len(tree)
	for name, member := range tree {
		colons += bytes.Count(member, colon)
		colons += strings.Count(name, ":")
	}
	if bytes.Count(text, colon) <= colons {
		return nil
	}
	key := repeated(text)
	if key == "" {
		return nil
	}
	return []*Finding{{Severity: Mistake, Place: place, Message: keyTwice(key)}}
}

var colon = []byte(":")

func keyTwice(key string) string {
	return "the key " + shown(key) + " stands here twice, and the last one counts; keep one of them"
}

// mostBytes is how long a text may be in which a key that stands twice is looked for.
const mostBytes = 64 << 10

// found finds the place of the key that stands twice in a text.
func found(text []byte, place string) []*Finding {
	if len(text) > mostBytes {
		return []*Finding{{Severity: Mistake, Place: place, Message: "an object has a key twice, of which the last counts; keep one of them"}}
	}
	findings := search(text, &spot{name: place})
	if findings == nil {
		return nil
	}
	return []*Finding{findings}
}

// search looks into a text, and then into what it consists of.
func search(text []byte, at *spot) *Finding {
	text = bytes.TrimSpace(text)
	if len(text) == 0 || text[0] != '{' && text[0] != '[' || bytes.IndexByte(text, ':') < 0 {
		return nil
	}
	if text[0] == '[' {
		return searchList(text, at)
	}
	key := repeated(text)
	if key != "" {
		return &Finding{Severity: Mistake, Place: placeOf(at), Message: keyTwice(key)}
	}
	var tree map[string]json.RawMessage
	err := json.Unmarshal(text, &tree)
	if err != nil {
		return nil
	}
	for _, name := range lists.SortedKeys(tree) {
		finding := search(tree[name], &spot{up: at, name: Member(name)})
		if finding != nil {
			return finding
		}
	}
	return nil
}

func searchList(text []byte, at *spot) *Finding {
	var list []json.RawMessage
	err := json.Unmarshal(text, &list)
	if err != nil {
		return nil
	}
	for i, element := range list {
		finding := search(element, &spot{up: at, index: i})
		if finding != nil {
			return finding
		}
	}
	return nil
}

// repeated is the first key that an object has twice; empty for none.
func repeated(text []byte) string {
	decoder := json.NewDecoder(bytes.NewReader(text))
	_, err := decoder.Token()
	seen := map[string]bool{}
	for err == nil && decoder.More() {
		token, failure := decoder.Token()
		key, isKey := token.(string)
		if failure != nil || !isKey {
			return ""
		}
		if seen[key] {
			return key
		}
		seen[key] = true
		var member json.RawMessage
		err = decoder.Decode(&member)
	}
	return ""
}

// Repeated is the first flag that a document has twice; empty for none. Most documents are
// told by compiled code alone: as often as there are flags, there are variants.
func Repeated(text []byte, flags int) string {
	if bytes.Count(text, variantsKey) <= flags {
		return ""
	}
	return repeated(text)
}

var variantsKey = []byte(`"variants"`)
