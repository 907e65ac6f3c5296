package value

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"
)

// FuzzJSON holds fromJSON against a model that unpacks one level after the other,
// and reads nothing of the rest.
func FuzzJSON(f *testing.F) {
	for document, keys := range map[string][]string{
		`{"db":{"host":"a","port":5432},"db.host":"b"}`:     {"db", "db.host", "db.port", "db.port.x", "db.", ".", ""},
		`{"a.b":{"c":1},"a":{"b":null}}`:                    {"a.b.c", "a.b", "a"},
		`{"a.b":null,"a":{"b":1}}`:                          {"a.b"},
		`{"list":[1,"two",[true],{"k":1e400}]}`:             {"list.0", "list.1", "list.2.0", "list.3.k", "list.4", "list.-1", "list.01", "list.x", "list"},
		`{"a":1,"a":2,"A":3,"\u0061":4,"":{"":"\ud83d\n"}}`: {"a", "A", "", "."},
		`[0.10,-0,1E+2]`:                                    {"0", "1", "2", "3", "+1"},
		`"text"`:                                            {"x"}, "12": {"x"}, "null": {"x"}, "": {"x"}, " \n": {"x"}, "\u00a0": {"x"}, "\ufeff{}": {"x"},
		`{} {}`: {"x"}, `{"x":1}]`: {"x"}, `{"x":1},`: {"x"}, `{"x":01}`: {"x"}, `{'x':1}`: {"x"}, `{"x":"\x"}`: {"x"}, `{"x":`: {"x"},
	} {
		for _, key := range keys {
			f.Add([]byte(document), key)
		}
	}
	f.Fuzz(func(t *testing.T, document []byte, key string) {
		if !utf8.Valid(document) {
			return // which no format but text in base64 gets to see
		}
		got, err := fromJSON(&Content{Exists: true, Data: document}, key)
		document = bytes.TrimPrefix(document, byteOrderMark)
		want, allowed := modelJSON(document, key)
		if (err == nil) != allowed || got != want {
			t.Errorf("%q at %q is %q, %v; want %q, %t", document, key, got, err, want, allowed)
		}
		if whole, fault := wholeFromJSON(document, key); got != whole || fmt.Sprint(err) != fmt.Sprint(fault) {
			t.Errorf("%q at %q is %q, %v; in the whole document %q, %v", document, key, got, err, whole, fault)
		}
		if err != nil && (got != "" || len(err.Error()) > len(key)*10+1000) {
			t.Errorf("%q at %q: %q beside %v", document, key, got, err)
		}
	})
}

// modelJSON returns the value and whether the document and the key are fit for one.
func modelJSON(document []byte, key string) (string, bool) {
	if strings.TrimFunc(string(document), unicode.IsSpace) == "" {
		return "", true
	}
	if !json.Valid(document) {
		return "", false
	}
	below := json.RawMessage(document)
	for first := true; ; first = false {
		text := strings.TrimSpace(string(below))
		if text == "null" && !first {
			return "", true
		}
		var step string
		switch text[0] {
		case '{':
			members := map[string]json.RawMessage{}
			if json.Unmarshal(below, &members) != nil {
				return "", false
			}
			if member, found := members[key]; found {
				return modelScalar(member)
			}
			var nested bool
			if step, key, nested = strings.Cut(key, "."); !nested || members[step] == nil {
				return "", true
			}
			below = members[step]
		case '[':
			var items []json.RawMessage
			if json.Unmarshal(below, &items) != nil {
				return "", false
			}
			var nested bool
			step, key, nested = strings.Cut(key, ".")
			i, err := strconv.Atoi(step)
			if err != nil {
				return "", false
			}
			if i < 0 || i >= len(items) {
				return "", true
			}
			if below = items[i]; !nested {
				return modelScalar(below)
			}
		default:
			return "", false
		}
	}
}

func modelScalar(value json.RawMessage) (string, bool) {
	text := strings.TrimSpace(string(value))
	switch text[0] {
	case 'n':
		return "", true
	case '{', '[':
		return "", false
	case '"':
		var s string
		err := json.Unmarshal(value, &s)
		return s, err == nil
	}
	return text, true
}
