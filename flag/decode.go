package flag

import (
	"bytes"
	"encoding/json"
	"errors"
	"regexp"
	"strconv"
	"strings"

	"github.com/mod-zookeeper/traefik-zookeeper/flag/lint"
)

// members takes an object apart, without decoding what its members are: that is
// left to whoever needs them.
func members(text []byte) (map[string]json.RawMessage, error) {
	var tree map[string]json.RawMessage
	err := json.Unmarshal(text, &tree)
	if err != nil {
		return nil, notJSON(text, err)
	}
	return tree, nil
}

// decoded is the value that a text of JSON is, nil where there is no text. Beyond
// the limits it is refused before it takes memory.
func decoded(text []byte) (any, error) {
	if len(text) == 0 {
		return nil, nil
	}
	if len(text) > MaxObjects && text[0] != '"' && bytes.Count(text, []byte("{")) > MaxObjects {
		return nil, errObjects
	}
	var value any
	err := json.Unmarshal(text, &value)
	if err != nil {
		return nil, notJSON(text, err)
	}
	return value, nil
}

func notJSON(text []byte, err error) error {
	return errors.New("is not JSON: " + shortened(lint.Syntax(text, err), longestReason))
}

// isEmpty tells whether a member isn't there, or is null.
func isEmpty(text []byte) bool {
	return len(text) == 0 || text[0] == 'n'
}

func isObjectText(text []byte) bool {
	return len(text) > 0 && text[0] == '{'
}

// decodedMember is the object that a member of an object is, nil where there is none.
func decodedMember(tree map[string]json.RawMessage, name string) (map[string]any, error) {
	text := tree[name]
	if isEmpty(text) {
		return nil, nil
	}
	if !isObjectText(text) {
		return nil, errors.New(strconv.Quote(name) + " is " + shownText(text) + "; an object is expected here")
	}
	value, err := decoded(text)
	if err != nil {
		return nil, errors.New(strconv.Quote(name) + " " + err.Error())
	}
	object, isObject := value.(map[string]any)
	if !isObject {
		return nil, nil
	}
	return object, nil
}

// textIn is the text that a value is, empty where it is none.
func textIn(value any) string {
	text, isText := value.(string)
	if !isText {
		return ""
	}
	return text
}

// shown is a value as a message shows it: short, and on one line.
func shown(v any) string {
	text, isText := v.(string)
	if isText {
		return strconv.Quote(shortened(text, longestShown))
	}
	encoded, err := json.Marshal(v)
	if err != nil {
		return "a value that JSON can't hold"
	}
	return visible(shortened(string(encoded), longestShown))
}

// visible is a text with a mark in the place of what isn't to be seen, or turns the
// rest around.
func visible(text string) string { return unseen.ReplaceAllString(text, "\ufffd") }

var unseen = regexp.MustCompile(`[^\pL\pM\pN\pP\pS ]+`)

// shownText is a text of JSON as a message shows it.
func shownText(text []byte) string {
	if len(text) == 0 {
		return "null"
	}
	if text[0] == '"' {
		var word string
		err := json.Unmarshal(text, &word)
		if err == nil {
			return shown(word)
		}
	}
	if len(text) > 2*longestShown {
		text = text[:2*longestShown]
	}
	return visible(shortened(strings.Join(strings.Fields(string(text)), " "), longestShown))
}

// How long the parts of a message may be.
const (
	longestShown  = 60
	longestReason = 200
)

func shortened(text string, longest int) string {
	if len(text) <= longest {
		return text
	}
	return strings.ToValidUTF8(text[:longest], "") + "..."
}

// quoted lists names, as many as a message has room for.
func quoted(names []string) string {
	list := make([]string, 0, longestShown/3)
	for _, name := range names {
		if len(list) == longestShown/3 {
			break
		}
		list = append(list, strconv.Quote(shortened(name, longestShown)))
	}
	return shortened(strings.Join(list, ", "), longestShown)
}
