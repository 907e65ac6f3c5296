package value

import (
	"bytes"
	"encoding/json"
	"errors"
	"strconv"
	"strings"
	"sync"

	"github.com/mod-zookeeper/traefik-zookeeper/flag/lint"
)

// A jsonTree is a JSON document. It is decoded only as far as keys have led into it.
//
// Yaegi: one call of compiled code decodes a level, however many members it has.
type jsonTree struct {
	mu   sync.Mutex // protects the levels
	root *jsonLevel // nil where the document is blank
}

// A jsonLevel is an object or a list, with its members or items as they are written. A value
// that is neither has none.
type jsonLevel struct {
	members map[string]json.RawMessage
	items   []json.RawMessage
	isList  bool
	below   map[string]*jsonLevel // the decoded ones, by names or indexes
}

// fromJSON is the text of the string, number or boolean at a key, as db.host, in a JSON
// document. It is empty where there is none, or null.
func fromJSON(c *Content, key string) (string, error) {
	raw, err := jsonAt(c, key)
	if err != nil {
		return "", err
	}
	return jsonScalar(raw, key)
}

// jsonAt is whatever a JSON document has at a key, as it is written; nil where it has
// nothing.
func jsonAt(c *Content, key string) (json.RawMessage, error) {
	d := documentOf(c, FormatJSON)
	if d.refused != nil {
		return nil, d.refused
	}
	tree := d.value.(*jsonTree)
	if tree.root == nil {
		return nil, nil
	}
	tree.mu.Lock()
	defer tree.mu.Unlock()
	return jsonMember(tree.root, key)
}

// parseJSON checks the whole document and decodes its uppermost level.
func parseJSON(data []byte) (any, error) {
	tree := &jsonTree{}
	if len(bytes.TrimSpace(data)) == 0 {
		return tree, nil
	}
	root, err := jsonLevelOf(data)
	if err != nil {
		return nil, notJSON(data)
	}
	tree.root = root
	return tree, nil
}

// notJSON says what is wrong with a document.
func notJSON(data []byte) error {
	decoder := json.NewDecoder(bytes.NewReader(data))
	var first json.RawMessage
	if decoder.Decode(&first) == nil {
		return errors.New("is not JSON: something follows the document")
	}
	var whole any
	return errors.New("is not JSON: " + lint.Syntax(data, json.Unmarshal(data, &whole)))
}

// jsonLevelOf decodes one level. Its error says only that there is one.
func jsonLevelOf(data []byte) (*jsonLevel, error) {
	text := bytes.TrimLeft(data, " \t\r\n")
	if text[0] == '{' {
		level := &jsonLevel{}
		err := json.Unmarshal(data, &level.members)
		return level, err
	}
	if text[0] == '[' {
		items, err := jsonItems(data)
		return &jsonLevel{items: items, isList: true}, err
	}
	if !json.Valid(data) {
		return nil, errors.New("is not JSON")
	}
	return &jsonLevel{}, nil
}

// jsonItems decodes a list. It makes room for as many items as there can be, which takes
// much less memory than a list that grows.
func jsonItems(data []byte) ([]json.RawMessage, error) {
	if !json.Valid(data) {
		return nil, errors.New("is not JSON")
	}
	most := bytes.Count(data, []byte(",")) + 1
	items := make([]json.RawMessage, 0, most)
	err := json.Unmarshal(data, &items)
	if len(items) < most/2 {
		items = append([]json.RawMessage{}, items...)
	}
	return items, err
}

// jsonMember follows the dots of a key. A member whose own name has the dots comes first.
func jsonMember(level *jsonLevel, key string) (json.RawMessage, error) {
	if level.isList {
		return jsonItem(level, key)
	}
	if level.members == nil {
		return nil, errors.New("has no object where the key " + strconv.Quote(key) + " is looked for")
	}
	raw := level.members[key]
	if raw != nil {
		return raw, nil
	}
	head, rest, nested := strings.Cut(key, ".")
	raw = level.members[head]
	if !nested || raw == nil || raw[0] == 'n' {
		return nil, nil
	}
	return jsonMember(jsonBelow(level, head, raw), rest)
}

// jsonItem is jsonMember for a list, where the key begins with an index.
func jsonItem(level *jsonLevel, key string) (json.RawMessage, error) {
	head, rest, nested := strings.Cut(key, ".")
	i, err := strconv.Atoi(head)
	if err != nil {
		return nil, errors.New("has a list where the key " + strconv.Quote(key) + " is looked for")
	}
	if i < 0 || i >= len(level.items) {
		return nil, nil
	}
	if !nested {
		return level.items[i], nil
	}
	return jsonMember(jsonBelow(level, strconv.Itoa(i), level.items[i]), rest)
}

// jsonBelow is the level of a member or an item, which is decoded once.
func jsonBelow(level *jsonLevel, name string, raw json.RawMessage) *jsonLevel {
	known := level.below[name]
	if known != nil {
		return known
	}
	known, err := jsonLevelOf(raw)
	if err != nil { // can't happen, since the whole document was checked
		known = &jsonLevel{}
	}
	if level.below == nil {
		level.below = map[string]*jsonLevel{}
	}
	level.below[name] = known
	return known
}

// jsonScalar is the text of a value; a number's is as it is written.
func jsonScalar(raw json.RawMessage, key string) (string, error) {
	if len(raw) == 0 || raw[0] == 'n' {
		return "", nil
	}
	if raw[0] == '{' || raw[0] == '[' {
		return "", errors.New("has an object or a list at " + strconv.Quote(key) + ", where a string, number or boolean is expected")
	}
	if raw[0] != '"' {
		return string(raw), nil
	}
	var text string
	err := json.Unmarshal(raw, &text)
	return text, err
}
