package flag

import (
	"bytes"

	"github.com/mod-zookeeper/traefik-zookeeper/flag/lint"
	"github.com/mod-zookeeper/traefik-zookeeper/internal/lists"
)

const forms = "on or off (also true/false, yes/no, enabled/disabled, 1/0), " +
	"a share such as 25% or 0.25, a flagd flag definition, or a flagd document"

// Parse reads and compiles a document: a flagd document with flags by their
// keys, or a single flag, which may be a flagd definition, a boolean word or a
// share. A single flag answers to every key that it is evaluated with.
//
// A document is taken apart once, and each of its flags is compiled when it is first asked for.
// Who wants one flag of it for long takes [Set.Only].
//
// The set is never nil. With an error, all of its evaluations give the fallback
// and the error code PARSE_ERROR. A document with several flags of which some are broken
// is no error: the broken ones answer so, and [Set.Err] says why.
func Parse(document []byte) (*Set, error) {
	text := bytes.TrimSpace(bytes.TrimPrefix(document, byteOrderMark))
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
	text := bytes.TrimSpace(bytes.TrimPrefix(document, byteOrderMark))
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

// byteOrderMark is what some editors put in front of a text.
var byteOrderMark = []byte("\ufeff")

func acceptable(document, text []byte) error {
	if len(document) > MaxDocument {
		return errDocument
	}
	if len(text) == 0 {
		return errEmpty
	}
	return lint.Encoding(document)
}

func parseObject(text []byte) (*Set, error) {
	tree, err := members(text)
	if err != nil {
		return brokenSet(err), err
	}
	if _, isDocument := tree["flags"]; isDocument {
		return parseDocument(text, tree)
	}
	lone := parseDefinition("", text, tree, nil, nil)
	return &Set{lone: lone}, lone.fault
}

func brokenSet(err error) *Set {
	f := &definition{static: true}
	refuse(f, err)
	return &Set{lone: f}
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

// Findings are what is wrong with the flag of that key, or suspicious: the mistakes first.
// What is known of it depends on no request.
func (s *Set) Findings(key string) []*Finding { return findingsOf(s, key) }

// Keys returns the keys of the document's flags, sorted. A single flag has none.
func (s *Set) Keys() []string {
	if s.document == nil {
		return []string{}
	}
	return lists.SortedKeys(s.document.flags)
}

// Only returns the flag of that key alone, compiled. It answers to that key as the whole
// document does, also where the document has no such flag, and refers to nothing else of it. Like a
// single flag, it answers to every other key too. A targeting that nothing makes a
// difference to is evaluated here, once and for all.
func (s *Set) Only(key string) *Set {
	f := find(s, key)
	if f != nil && f.static && f.targeting != nil {
		return &Set{lone: settled(f, key)}
	}
	if s.lone != nil {
		return s
	}
	if f == nil {
		f = &definition{key: key, static: true, code: ErrorFlagNotFound, message: absence(s.document, key), metadata: s.document.metadata}
	}
	return &Set{lone: f}
}

// settled is a flag with the outcome of its targeting in the targeting's place.
func settled(f *definition, key string) *definition {
	fixed := *f
	r := &run{key: key, flag: f, left: MaxSteps}
	result := eval(r, f.targeting)
	if r.fault != "" {
		fixed.targeting = nil
		fixed.code = ErrorGeneral
		fixed.message = r.fault
		return &fixed
	}
	fixed.targeting = constantNode(result)
	return &fixed
}

func find(s *Set, key string) *definition {
	if s.lone != nil {
		return s.lone
	}
	return flagOf(s.document, key)
}
