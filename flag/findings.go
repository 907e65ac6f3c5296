package flag

import (
	"encoding/json"
	"errors"
	"strings"
	"sync"

	"github.com/mod-zookeeper/traefik-zookeeper/flag/lint"
	"github.com/mod-zookeeper/traefik-zookeeper/internal/lists"
)

// A Finding is something that is wrong or suspicious in a flag.
type Finding = lint.Finding

// findings are what is wrong with a definition. What it is found in is let go of.
type findings struct {
	list       []*Finding
	attributes []*lint.Attribute
	rule       *lint.Rule     // of its targeting, until it is inspected
	others     map[string]any // evaluators that it refers to, until it is inspected
	variants   map[string]any // until it is inspected
	metadata   map[string]any // until it is inspected
	targeting  any            // until it is inspected
	told       sync.Map       // what was said of this version
}

// knownTo is what a rule is measured by that may refer to evaluators.
func knownTo(rules map[string]json.RawMessage) *lint.Known {
	return &lint.Known{
		Operations: operations, Comparisons: versionComparisons, Evaluators: rules, MostNodes: MaxOperations, MostDepth: MaxDepth,
		IsVersion: func(value any) bool { return parseVersion(value) != nil },
	}
}

// knownAlone is for a rule without evaluators.
var knownAlone *lint.Known

func init() { knownAlone = knownTo(nil) }

// checkRule looks for what is wrong in a rule that compiles, or doesn't for the reason given.
// One beyond a limit isn't looked at.
func checkRule(rule any, place string, evaluators *library, reason error) *lint.Rule {
	for _, limit := range []error{errDepth, errOperations, errEntries, errName} {
		if errors.Is(reason, limit) {
			return &lint.Rule{Open: true}
		}
	}
	if evaluators == nil {
		return lint.Check(rule, place, knownAlone)
	}
	return lint.Check(rule, place, evaluators.known)
}

// placed is why a rule can't be used, with its place where that is known.
func placed(rule *lint.Rule, reason error) error {
	for _, finding := range rule.Findings {
		if finding.Refused {
			return errors.New("is wrong at " + lint.Text(finding))
		}
	}
	return reason
}

// inspect finds what is wrong with a definition, all at once.
func inspect(f *definition, text []byte, tree map[string]json.RawMessage, evaluators *library) {
	found := f.found
	found.list = append(found.list, lint.CheckMetadata(found.metadata)...)
	found.list = append(found.list, lint.CheckMembers(tree)...)
	found.list = append(found.list, lint.TwiceIn(text, tree, "")...)
	rule := found.rule
	if rule == nil && !f.disabled {
		rule = inspectUnread(f, tree, evaluators)
	}
	if rule != nil {
		found.list = append(found.list, rule.Findings...)
		found.attributes = rule.Attributes
		addEvaluators(found, rule, found.others, map[string]bool{})
	}
	preset := ""
	if f.preset != nil {
		preset = f.preset.outcome.Variant
	}
	checked := &lint.Definition{Variants: found.variants, Default: preset, Rule: rule}
	found.list = append(found.list, lint.CheckVariants(checked)...)
	if checked.Unknown && !rule.Open {
		found.told.Store(ErrorGeneral, true) // a request that gets there shows the same
	}
	found.list = append(found.list, lint.Twice(tree["variants"], found.variants, len(found.variants), "variants")...)
	found.list = append(found.list, lint.Twice(tree["metadata"], found.metadata, len(found.metadata), "metadata")...)
	if found.rule != nil {
		found.list = append(found.list, lint.Twice(tree["targeting"], found.targeting, found.rule.Members, "targeting")...)
	}
	found.rule = nil
	found.others = nil
	found.variants = nil
	found.metadata = nil
	found.targeting = nil
}

// inspectUnread looks at a targeting that wasn't read, since something before it can't be used.
func inspectUnread(f *definition, tree map[string]json.RawMessage, evaluators *library) *lint.Rule {
	text := tree["targeting"]
	if isEmpty(text) || string(text) == "{}" {
		return nil
	}
	rule, err := decoded(text)
	if err != nil {
		return nil
	}
	return checkRule(rule, "targeting", evaluators, nil)
}

// addEvaluators adds what was found in the evaluators that a rule refers to. Where the rule
// may be worth what one is, its outcomes are the rule's.
func addEvaluators(found *findings, rule *lint.Rule, others map[string]any, seen map[string]bool) {
	for _, place := range lists.SortedKeys(others) {
		e, isEvaluator := others[place].(*evaluator)
		if seen[place] || !isEvaluator || e.found == nil {
			continue
		}
		seen[place] = true
		addFindings(found, e.found.Findings)
		if strings.HasPrefix(place, inContext) {
			found.attributes = append(found.attributes, e.found.Attributes...)
		}
		name := strings.TrimPrefix(place, inContext)
		for _, referred := range rule.Refers {
			if referred == name {
				rule.Outcomes = append(rule.Outcomes, e.found.Outcomes...)
				rule.Refers = append(rule.Refers, e.found.Refers...)
				rule.Open = rule.Open || e.found.Open
				rule.Partial = rule.Partial || e.found.Partial
				break
			}
		}
		addEvaluators(found, rule, e.others, seen)
	}
}

func addFindings(found *findings, more []*Finding) {
	for _, finding := range more {
		if len(found.list) < lint.MostFindings {
			found.list = append(found.list, finding)
		}
	}
}

// inspectDocument finds what is wrong with a document outside of its flags.
func inspectDocument(d *document, text []byte, tree map[string]json.RawMessage) {
	d.findings = append(d.findings, lint.CheckDocument(tree)...)
	d.findings = append(d.findings, lint.TwiceIn(text, tree, "")...)
	d.findings = append(d.findings, lint.TwiceIn(tree["$evaluators"], d.evaluators.rules, "$evaluators")...)
	if d.listed {
		schema := shownText(tree["$schema"])
		if strings.HasSuffix(schema, `flags.json"`) {
			d.findings = append(d.findings, &Finding{Severity: lint.Suspicion, Place: "flags", Message: `is a list, which flagd reads and its providers don't; write an object, or add "#flagdImport" to "$schema"`})
		}
		return
	}
	d.repeated = lint.Repeated(tree["flags"], len(d.flags))
}

func findingsOf(s *Set, key string) []*Finding {
	f := find(s, key)
	if f == nil {
		return append([]*Finding{absentFlag(s.document, key)}, s.document.findings...)
	}
	var all []*Finding
	if s.document != nil {
		all = append(all, s.document.findings...)
		if s.document.repeated == key {
			all = append(all, repeatedFlag(key))
		}
	}
	return mistakesFirst(append(all, ownFindings(f)...), f.fault)
}

// ownFindings are those of a definition alone.
func ownFindings(f *definition) []*Finding {
	if f.found == nil {
		return nil
	}
	return f.found.list
}

func repeatedFlag(key string) *Finding {
	return &Finding{Severity: lint.Mistake, Place: "flags", Message: "the key " + shown(key) + " stands there twice, and the last one counts; keep one of them"}
}

// FindingsOfAll are what is wrong with a document: outside of its flags, in so many of its flags
// at most, and in evaluators that none of these refers to. A place in a flag begins with "flags"
// and the key. A flag that can't be used does the others no harm.
func FindingsOfAll(s *Set, most int) []*Finding {
	if s.document == nil {
		return findingsOf(s, "")
	}
	all := append([]*Finding{}, s.document.findings...)
	if s.document.repeated != "" {
		all = append(all, repeatedFlag(s.document.repeated))
	}
	seen := map[string]bool{}
	for i, key := range s.Keys() {
		if i == most {
			return mistakesFirst(all, nil)
		}
		f := flagOf(s.document, key)
		for _, finding := range mistakesFirst(ownFindings(f), f.fault) {
			at := *finding
			at.Refused = false
			if !strings.HasPrefix(at.Place, "$evaluators.") {
				at.Place = strings.TrimSuffix("flags."+lint.Member(key)+"."+at.Place, ".")
			}
			if !seen[lint.Text(&at)] {
				seen[lint.Text(&at)] = true
				all = append(all, &at)
			}
		}
	}
	for _, finding := range findingsOfEvaluators(s) {
		at := *finding
		at.Refused = false
		all = append(all, &at)
	}
	return mistakesFirst(all, nil)
}

// absentFlag says that a document has no flag of a key.
func absentFlag(d *document, key string) *Finding {
	if key == "" && len(d.flags) == 0 {
		return &Finding{Severity: lint.Suspicion, Place: "flags", Message: "the document has no flags; add one"}
	}
	if key == "" {
		return &Finding{Severity: lint.Mistake, Place: "flags", Message: "this is a document with several flags, and no key says which; name one with key: " + quoted(lists.SortedKeys(d.flags))}
	}
	return &Finding{Severity: lint.Mistake, Place: "flags", Message: absence(d, key) + "; correct the key, or add the flag"}
}

// mistakesFirst has the mistakes in front of the suspicions, and the reason why a flag can't
// be used among them.
func mistakesFirst(all []*Finding, reason error) []*Finding {
	var mistakes, suspicions []*Finding
	for _, finding := range all {
		if finding.Refused {
			reason = nil
		}
		if finding.Severity == lint.Mistake {
			mistakes = append(mistakes, finding)
		} else {
			suspicions = append(suspicions, finding)
		}
	}
	if reason != nil {
		mistakes = append([]*Finding{asFinding(reason)}, mistakes...)
	}
	return append(mistakes, suspicions...)
}

// asFinding is why a flag can't be used. The reason begins with the member that it is about,
// if it is about one, and before that with the flag.
func asFinding(reason error) *Finding {
	inner := errors.Unwrap(reason)
	if inner != nil && strings.HasPrefix(reason.Error(), "flag ") {
		reason = inner
	}
	message := reason.Error()
	place, rest, isQuoted := strings.Cut(strings.TrimPrefix(message, `"`), `" `)
	if !isQuoted || !strings.HasPrefix(message, `"`) {
		return &Finding{Severity: lint.Mistake, Message: message, Refused: true}
	}
	return &Finding{Severity: lint.Mistake, Place: lint.Member(place), Message: rest, Refused: true}
}

// FirstTime tells whether nobody has asked that of this version of a flag before.
func FirstTime(s *Set, key, what string) bool {
	f := find(s, key)
	if f == nil || f.found == nil {
		return false
	}
	_, wasTold := f.found.told.LoadOrStore(what, true)
	return !wasTold
}

// PlaceOf is where the flag of that key looks an attribute up first; empty where it doesn't.
func PlaceOf(s *Set, key, attribute string) string {
	f := find(s, key)
	if f == nil || f.found == nil {
		return ""
	}
	for _, known := range f.found.attributes {
		if known.Name == attribute {
			return known.Place
		}
	}
	return ""
}

// Variants are the values of the variants of the flag of that key, by their names.
func Variants(s *Set, key string) map[string]any {
	values := map[string]any{}
	f := find(s, key)
	if f == nil {
		return values
	}
	for name, v := range f.variants {
		values[name] = v.outcome.Value
	}
	return values
}
