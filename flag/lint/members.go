package lint

import (
	"encoding/json"
	"math"

	"github.com/mod-zookeeper/traefik-zookeeper/internal/lists"
)

// The members of definitions and documents.
var (
	definitionMembers = []string{"state", "variants", "defaultVariant", "targeting", "metadata"}
	documentMembers   = []string{"flags", "$evaluators", "metadata", "$schema"}
	elsewhereMembers  = map[string]string{
		"default": "defaultVariant", "defaultvalue": "defaultVariant", "defaultvariation": "defaultVariant", "variations": "variants", "values": "variants",
		"rules": "targeting", "rule": "targeting", "targets": "targeting", "enabled": "state", "status": "state", "$evaluator": "$evaluators", "evaluators": "$evaluators",
	}
)

// CheckMembers looks for misspelt members of a definition.
func CheckMembers(tree map[string]json.RawMessage) []*Finding {
	return misspelt(tree, definitionMembers)
}

// CheckDocument looks for misspelt members of a document.
func CheckDocument(tree map[string]json.RawMessage) []*Finding {
	return misspelt(tree, documentMembers)
}

// others are members that nobody misspells for one of those that count.
var others = map[string]bool{"key": true, "$schema": true, "$comment": true, "$comments": true, "description": true, "name": true, "flagSetId": true}

// mostMembers is how many members are looked at.
const mostMembers = 100

// misspelt finds members that don't count, and are nearly named like one that does. Where
// that one is missing, it was certainly meant.
func misspelt(tree map[string]json.RawMessage, known []string) []*Finding {
	unknown := len(tree)
	for _, name := range known {
		if len(tree[name]) > 0 {
			unknown--
		}
	}
	if unknown == 0 || len(tree) > mostMembers {
		return nil
	}
	var findings []*Finding
	for _, name := range lists.SortedKeys(tree) {
		if others[name] || isAmong(name, known) {
			continue
		}
		other := elsewhereMembers[plainName(name)]
		if other == "" {
			other = Nearest(name, known)
		}
		if other == "" || !isAmong(other, known) {
			continue
		}
		severity := Suspicion
		if len(tree[other]) == 0 && other != "state" {
			severity = Mistake
		}
		findings = append(findings, &Finding{Severity: severity, Place: Member(name), Message: "is unknown and ignored; write " + shown(other)})
	}
	return findings
}

func isAmong(name string, names []string) bool {
	for _, other := range names {
		if name == other {
			return true
		}
	}
	return false
}

// CheckMetadata looks for values that flagd refuses in metadata.
func CheckMetadata(metadata map[string]any) []*Finding {
	for _, name := range lists.SortedKeys(metadata) {
		value := metadata[name]
		if value != nil && !isConstant(value) {
			return []*Finding{{Severity: Suspicion, Place: "metadata." + Member(name), Message: "flagd refuses what isn't a text, a number or a bool here; write a text"}}
		}
	}
	return nil
}

// A Definition is what a definition has, decoded.
type Definition struct {
	Variants map[string]any // nil where they can't be used
	Default  string         // the default variant; empty for none
	Rule     *Rule          // nil where there is no targeting
	Unknown  bool           // set by CheckVariants: the targeting names a variant that isn't there
}

// CheckVariants compares a targeting's outcomes with the variants, and these with each other.
func CheckVariants(d *Definition) []*Finding {
	if len(d.Variants) == 0 {
		return nil
	}
	findings := checkTypes(d.Variants)
	if d.Rule == nil {
		return findings
	}
	chosen := map[string]bool{d.Default: true}
	names := lists.SortedKeys(d.Variants)
	for _, o := range d.Rule.Outcomes {
		name := nameOf(o.Value)
		_, isThere := d.Variants[name]
		if !isThere && !chosen[name] && len(findings) < MostFindings {
			d.Unknown = true
			findings = append(findings, &Finding{Severity: Mistake, Place: o.Place, Message: noVariant(o, name, names)})
		}
		chosen[name] = true
	}
	if d.Rule.Open || d.Rule.Partial || len(findings)+len(d.Rule.Findings) > 0 || len(names) > mostMembers {
		return findings
	}
	for _, name := range names {
		if !chosen[name] {
			findings = append(findings, &Finding{Severity: Suspicion, Place: "variants." + Member(name), Message: "nothing chooses this variant, whatever the default is; give it a place in the targeting, or leave it out"})
		}
	}
	return findings
}

// noVariant says that an outcome is the name of no variant.
func noVariant(o *Outcome, name string, names []string) string {
	if o.Holds {
		return "the targeting is true or false, and no variant is named " + shown(name) + `; write {"if": [condition, ` + shown(names[len(names)-1]) + ", ...]}"
	}
	message := shown(o.Value) + " is none of the variants " + quoted(names)
	other := Nearest(name, names)
	if other != "" {
		return message + "; write " + shown(other)
	}
	return message + "; name one of them"
}

// nameOf is the name of the variant that an outcome chooses.
func nameOf(value any) string {
	word, isText := value.(string)
	if isText {
		return word
	}
	amount, isNumber := value.(float64)
	if isNumber {
		return number(amount)
	}
	return shown(value)
}

// The types that variants can have.
const (
	typeBool   = "a bool"
	typeText   = "a text"
	typeNumber = "a number"
	typeObject = "an object"
	typeList   = "a list"
	typeNull   = "null"
)

func typeOf(value any) string {
	switch value.(type) {
	case nil:
		return typeNull
	case bool:
		return typeBool
	case string:
		return typeText
	}
	_, isList := value.([]any)
	if isList {
		return typeList
	}
	_, isObject := value.(map[string]any)
	if isObject {
		return typeObject
	}
	return typeNumber
}

// checkTypes finds variants of several types, and values that flagd refuses.
func checkTypes(variants map[string]any) []*Finding {
	first := map[string]string{} // the first name of each type
	exact := ""
	for name, value := range variants {
		kind := typeOf(value)
		before, isThere := first[kind]
		if !isThere || name < before {
			first[kind] = name
		}
		if isLong(value) && (exact == "" || name < exact) {
			exact = name
		}
	}
	var findings []*Finding
	if len(first) > 1 {
		kinds := lists.SortedKeys(first)
		findings = append(findings, &Finding{Severity: Mistake, Place: "variants", Message: shown(first[kinds[0]]) + " is " + kinds[0] + " and " + shown(first[kinds[1]]) + " is " + kinds[1] + "; flagd wants one type for all"})
	} else if first[typeList]+first[typeNull] != "" {
		findings = append(findings, &Finding{Severity: Suspicion, Place: "variants", Message: shown(first[typeList]+first[typeNull]) + " is neither a bool, a text, a number nor an object, which flagd refuses"})
	}
	if exact != "" {
		findings = append(findings, &Finding{Severity: Suspicion, Place: "variants." + Member(exact), Message: shown(variants[exact]) + " has more digits than flagd and JavaScript keep; write it as a text"})
	}
	return findings
}

// isLong tells whether a value is a number beyond those that flagd and JavaScript keep exactly.
func isLong(value any) bool {
	_, isExact := value.(int64)
	amount, isNumber := value.(float64)
	return isExact || isNumber && math.Abs(amount) > 1<<53-1
}
