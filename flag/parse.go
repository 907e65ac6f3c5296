package flag

import (
	"bytes"
	"encoding/json"
	"errors"
	"strconv"
)

const forms = "on or off (also true/false, yes/no, enabled/disabled, 1/0), " +
	"a share such as 25% or 0.25, a flagd flag definition, or a flagd document"

// Parse reads and compiles a document: a flagd document with flags by their
// keys, or a single flag, which may be a flagd definition, a boolean word or a
// share. A single flag answers to every key that it is evaluated with.
//
// The set is never nil. With an error, all of its evaluations give the fallback
// and the error code PARSE_ERROR. A document with several flags of which some are broken
// is no error: the broken ones answer so, and [Set.Err] says why.
func Parse(document []byte) (*Set, error) {
	text := bytes.TrimSpace(document)
	err := acceptable(document, text)
	if err != nil {
		return brokenSet(err), err
	}
	if text[0] == '{' {
		return parseObject(text)
	}
	lone, err := parseWord(string(text))
	if err != nil {
		return brokenSet(err), err
	}
	return &Set{lone: lone}, nil
}

// ParseDecider reads a document that holds a percentage from 0 to 100, with or
// without its sign, as Decider and kingpin write it: 1 is one percent, not on.
// The set is as that of Parse.
func ParseDecider(document []byte) (*Set, error) {
	text := bytes.TrimSpace(document)
	err := acceptable(document, text)
	if err != nil {
		return brokenSet(err), err
	}
	lone, err := parsePercentage(string(text))
	if err != nil {
		return brokenSet(err), err
	}
	return &Set{lone: lone}, nil
}

func acceptable(document, text []byte) error {
	if len(document) > MaxDocument {
		return errDocument
	}
	if len(text) == 0 {
		return errEmpty
	}
	return nil
}

func parseObject(text []byte) (*Set, error) {
	var tree map[string]any
	err := json.Unmarshal(text, &tree)
	if err != nil {
		err = errors.New("is not JSON: " + err.Error())
		return brokenSet(err), err
	}
	if _, isDocument := tree["flags"]; isDocument {
		return parseDocument(tree)
	}
	lone := parseDefinition("", tree, nil, nil)
	return &Set{lone: lone, metadata: lone.metadata}, lone.fault
}

func brokenSet(err error) *Set {
	return &Set{lone: &definition{fault: err}}
}

// Err says why the flag of that key can't be used; it is nil where it can, and
// where there is none.
func (s *Set) Err(key string) error {
	f := find(s, key)
	if f == nil {
		return nil
	}
	return f.fault
}

// Keys returns the keys of the document's flags, sorted. A single flag has none.
func (s *Set) Keys() []string {
	return sortedNames(s.flags)
}

func find(s *Set, key string) *definition {
	if s.lone != nil {
		return s.lone
	}
	return s.flags[key]
}

// shown is a value as a message shows it: short, and on one line.
func shown(v any) string {
	text, isText := v.(string)
	if isText {
		return strconv.Quote(shortened(text))
	}
	encoded, err := json.Marshal(v)
	if err != nil {
		return "a value that JSON can't hold"
	}
	return shortened(string(encoded))
}

const longestShown = 60

func shortened(text string) string {
	if len(text) <= longestShown {
		return text
	}
	return text[:longestShown] + "..."
}
