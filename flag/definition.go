package flag

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
)

// definition is one flag, compiled.
type definition struct {
	key       string
	fault     error
	disabled  bool
	variants  map[string]*variant
	preset    *variant // the default variant, nil where there is none
	targeting *node    // nil where there is none
	shared    bool     // it is a share, which needs a targeting key
	metadata  map[string]any
	names     []string // the attributes that it looks up
	open      bool     // it looks up attributes whose names only an evaluation tells
	static    bool
	hash      uint32 // of the key's first bytes
	hashed    int    // how many these are
}

// variant is one of a flag's values, with the evaluation that it is where the
// targeting chooses it.
type variant struct {
	kind    int
	outcome *Evaluation
}

func newVariant(name string, value any, reason string, metadata map[string]any) *variant {
	return &variant{kind: kindOf(value), outcome: &Evaluation{Value: value, Variant: name, Reason: reason, Metadata: metadata}}
}

// The kinds of values: what a variant has and what a fallback wants.
const (
	kindNone = iota
	kindBool
	kindText
	kindNumber
	kindInteger
	kindObject
	kindAny
)

func parseDefinition(key string, value any, evaluators, setMetadata map[string]any) *definition {
	f := &definition{key: key, static: true, variants: map[string]*variant{}, metadata: over(setMetadata, nil)}
	f.hash, f.hashed = murmurPrefix(key)
	err := fill(f, value, evaluators, setMetadata)
	if err != nil {
		f.fault = atKey(key, err)
		f.static = true
		f.targeting = nil
	}
	return f
}

func atKey(key string, err error) error {
	if key == "" {
		return err
	}
	return fmt.Errorf("flag %q: %w", key, err)
}

func fill(f *definition, value any, evaluators, setMetadata map[string]any) error {
	tree, isObject := value.(map[string]any)
	if !isObject {
		return errors.New("is " + shown(value) + "; a definition is wanted, an object with variants")
	}
	metadata, err := member(tree, "metadata")
	if err != nil {
		return err
	}
	f.metadata = over(setMetadata, metadata)
	err = fillState(f, tree["state"])
	if err != nil || f.disabled {
		return err
	}
	err = fillVariants(f, tree)
	if err != nil {
		return err
	}
	return fillTargeting(f, tree["targeting"], evaluators)
}

func fillState(f *definition, state any) error {
	if state == nil || state == "ENABLED" {
		return nil
	}
	if state == "DISABLED" {
		f.disabled = true
		return nil
	}
	return errors.New(`"state" is ` + shown(state) + "; it may be ENABLED or DISABLED")
}

func fillVariants(f *definition, tree map[string]any) error {
	variants, isObject := tree["variants"].(map[string]any)
	if !isObject || len(variants) == 0 {
		return errors.New(`"variants" is ` + shown(tree["variants"]) + "; an object is wanted here, with a value for each variant's name")
	}
	for name, value := range variants {
		f.variants[name] = newVariant(name, value, ReasonTargetingMatch, f.metadata)
	}
	preset := tree["defaultVariant"]
	if preset == nil || preset == "" {
		return nil
	}
	name, isText := preset.(string)
	if !isText || f.variants[name] == nil {
		return errors.New(`"defaultVariant" is ` + shown(preset) + ", none of the variants " + quoted(sortedNames(variants)) + "; name one of them, or leave it out")
	}
	f.preset = f.variants[name]
	return nil
}

func fillTargeting(f *definition, rule any, evaluators map[string]any) error {
	object, isObject := rule.(map[string]any)
	if rule == nil || isObject && len(object) == 0 {
		return nil
	}
	c := newCompiler(evaluators)
	targeting, err := compile(c, rule, 1, false)
	if err != nil {
		return fmt.Errorf("%q: %w", "targeting", err)
	}
	f.targeting = targeting
	f.names = sortedNames(c.names)
	f.open = c.open
	f.static = len(f.names) == 0 && !c.open && !c.clock
	return nil
}

func quoted(names []string) string {
	list := make([]string, 0, len(names))
	for _, name := range names {
		list = append(list, strconv.Quote(name))
	}
	return shortened(strings.Join(list, ", "))
}

func kindOf(v any) int {
	switch v.(type) {
	case nil:
		return kindAny
	case bool:
		return kindBool
	case string:
		return kindText
	case float64:
		return kindNumber
	case int, int64:
		return kindInteger
	}
	_, isObject := v.(map[string]any)
	if isObject {
		return kindObject
	}
	return kindNone
}
