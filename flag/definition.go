package flag

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"sync/atomic"

	"github.com/mod-zookeeper/traefik-zookeeper/internal/lists"
)

// definition is one flag, compiled. It holds on to nothing of its document.
type definition struct {
	key       string
	fault     error  // why it can't be used
	code      string // the error that each evaluation is, empty where they differ
	message   string
	disabled  bool
	variants  map[string]*variant
	listing   string   // the names of many variants, as a message has them
	preset    *variant // the default variant, nil where there is none
	targeting *node    // nil where there is none
	shared    bool     // it is a share, which needs a targeting key
	metadata  map[string]any
	names     []string // the attributes that it looks up, without those of evaluators
	others    map[string]any
	open      bool // it looks up attributes whose names only an evaluation tells
	static    bool
	timed     bool   // it depends on the time
	hash      uint32 // of the key's first bytes
	hashed    int    // how many these are

	excess        *atomic.Int32 // whether it exceeds a limit without attributes, once that was asked
	presetOutcome *Evaluation   // what the default variant is, where a targeting chooses nothing

	found *findings // nil for what there is no version of
}

// variant is one of a flag's values, with the evaluation that it is where the
// targeting chooses it.
type variant struct {
	kind    int
	outcome *Evaluation
	shown   string // what a message has of a list or an object
}

func newVariant(name string, value any, reason string, metadata map[string]any) *variant {
	v := &variant{kind: kindOf(value), outcome: &Evaluation{Value: value, Variant: name, Reason: reason, Metadata: metadata}}
	if v.kind == kindObject || v.kind == kindNone {
		v.shown = shown(value)
	}
	return v
}

// shownVariant is a variant's value as a message has it.
func shownVariant(v *variant) string {
	if v.shown == "" {
		return shown(v.outcome.Value)
	}
	return v.shown
}

// fewVariants are so few that their names may be listed when a message needs them.
const fewVariants = 16

func listing(f *definition) string {
	if f.listing == "" {
		return quoted(lists.SortedKeys(f.variants))
	}
	return f.listing
}

// refuse makes a flag of which every evaluation is an error.
func refuse(f *definition, err error) {
	f.fault = err
	f.code = ErrorParse
	f.message = err.Error()
	f.static = true
	f.targeting = nil
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

func parseDefinition(key string, text []byte, tree map[string]json.RawMessage, evaluators *library, setMetadata map[string]any) *definition {
	f := &definition{key: key, static: true, variants: map[string]*variant{}, metadata: setMetadata, found: &findings{}}
	err := fill(f, tree, evaluators)
	inspect(f, text, tree, evaluators)
	if err != nil {
		refuse(f, atKey(key, err))
	}
	return f
}

func atKey(key string, err error) error {
	if key == "" {
		return err
	}
	return fmt.Errorf("flag %s: %w", shown(key), err)
}

func fill(f *definition, tree map[string]json.RawMessage, evaluators *library) error {
	if len(f.key) > MaxKey {
		return errKey
	}
	if f.key != "" {
		f.hash, f.hashed = murmurPrefix(f.key)
	}
	err := fillMetadata(f, tree)
	if err != nil {
		return err
	}
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

// fillMetadata lays a flag's metadata over its flag set's. A flag that has none
// shares the set's.
func fillMetadata(f *definition, tree map[string]json.RawMessage) error {
	if len(tree["metadata"]) == 0 {
		if f.metadata == nil {
			f.metadata = map[string]any{}
		}
		return nil
	}
	metadata, err := decodedMember(tree, "metadata")
	if err != nil {
		return err
	}
	if len(metadata) > MaxMetadata {
		return errors.New(`"metadata" ` + errMetadata.Error())
	}
	f.found.metadata = metadata
	if len(metadata) > 0 || f.metadata == nil {
		f.metadata = over(f.metadata, metadata)
	}
	return nil
}

// over lays metadata over other metadata. A null hides nothing.
func over(lower, upper map[string]any) map[string]any {
	merged := map[string]any{}
	for name, value := range lower {
		if value != nil {
			merged[name] = value
		}
	}
	for name, value := range upper {
		if value != nil {
			merged[name] = value
		}
	}
	return merged
}

func fillState(f *definition, text json.RawMessage) error {
	if isEmpty(text) || string(text) == `"ENABLED"` {
		return nil
	}
	state := shownText(text)
	if state == `"DISABLED"` {
		f.disabled = true
		return nil
	}
	if state == `"ENABLED"` {
		return nil
	}
	return errors.New(`"state" is ` + state + "; it may be ENABLED or DISABLED")
}

func fillVariants(f *definition, tree map[string]json.RawMessage) error {
	text := tree["variants"]
	if !isObjectText(text) {
		return noVariants(text)
	}
	value, err := decodedExactly(text)
	if err != nil {
		return errors.New(`"variants" ` + err.Error())
	}
	variants, isObject := value.(map[string]any)
	if !isObject || len(variants) == 0 {
		return noVariants(text)
	}
	if len(variants) > MaxVariants {
		return errors.New(`"variants" ` + errVariants.Error())
	}
	f.found.variants = variants
	for name, value := range variants {
		f.variants[name] = newVariant(name, value, ReasonTargetingMatch, f.metadata)
	}
	if len(variants) > fewVariants {
		f.listing = quoted(lists.SortedKeys(variants))
	}
	return fillPreset(f, tree["defaultVariant"])
}

func noVariants(text json.RawMessage) error {
	if len(text) == 0 {
		return errors.New(`"variants" is missing; a definition has an object there, as {"on": true, "off": false}, and a document of several flags has "flags"`)
	}
	return errors.New(`"variants" is ` + shownText(text) + "; an object is expected here, with a value for each variant's name")
}

func fillPreset(f *definition, text json.RawMessage) error {
	if isEmpty(text) {
		return nil
	}
	if text[0] == '"' {
		name := string(text[1 : len(text)-1])
		if !strings.Contains(name, `\`) && f.variants[name] != nil {
			f.preset = f.variants[name]
			return nil
		}
	}
	return fillDecodedPreset(f, text)
}

// fillDecodedPreset is for what isn't simply a variant's name in quotes.
func fillDecodedPreset(f *definition, text json.RawMessage) error {
	preset, err := decoded(text)
	if err != nil {
		return errors.New(`"defaultVariant" ` + err.Error())
	}
	if preset == nil || preset == "" {
		return nil
	}
	name, isText := preset.(string)
	if !isText || f.variants[name] == nil {
		return errors.New(`"defaultVariant" is ` + shown(preset) + ", none of the variants " + listing(f) + "; name one of them, or leave it out")
	}
	f.preset = f.variants[name]
	return nil
}

func fillTargeting(f *definition, text json.RawMessage, evaluators *library) error {
	if isEmpty(text) {
		return nil
	}
	rule, err := decoded(text)
	if err != nil {
		return fmt.Errorf("%q %w", "targeting", err)
	}
	object, isObject := rule.(map[string]any)
	if rule == nil || isObject && len(object) == 0 {
		return nil
	}
	f.found.targeting = rule
	c := newCompiler(evaluators)
	targeting, err := compile(c, rule, 1, false)
	f.found.rule = checkRule(rule, "targeting", evaluators, err)
	f.found.others = c.others
	err = placed(f.found.rule, err)
	if err != nil {
		return fmt.Errorf("%q %w", "targeting", err)
	}
	if countAttributes(c) > MaxAttributes {
		return fmt.Errorf("%q %w", "targeting", errAttributes)
	}
	f.targeting = targeting
	f.excess = &atomic.Int32{}
	if f.preset != nil {
		made := *f.preset.outcome
		made.Reason = ReasonDefault
		f.presetOutcome = &made
	}
	f.names = lists.SortedKeys(c.names)
	f.others = c.others
	f.open = c.open
	f.timed = c.clock
	f.static = len(f.names) == 0 && !c.looks && !c.open && !c.clock
	return nil
}

// countAttributes counts those of the rule and of the evaluators that it refers to.
func countAttributes(c *compiler) int {
	all := map[string]bool{}
	for name := range c.names {
		all[name] = true
	}
	collect(all, c.others, map[string]bool{})
	return len(all)
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
