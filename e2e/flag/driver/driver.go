// Package driver uses package flag for the tests. It is loaded twice: compiled,
// and by the interpreter together with package flag; so what it takes and
// returns has types that both know.
package driver

import (
	"strings"

	"github.com/mod-zookeeper/traefik-zookeeper/flag"
)

// Outcome is an evaluation as a list: value, variant, reason, error code,
// error message, metadata.
type Outcome = []any

// Parse parses a document and returns the function that evaluates its flags.
// The format is flag or decider; the context's kind map, lazy or none.
func Parse(document, format string) (func(key string, fallback any, kind string, attributes map[string]any) Outcome, string) {
	set, err := parse(document, format)
	evaluate := func(key string, fallback any, kind string, attributes map[string]any) Outcome {
		return outcome(evaluateIn(set, key, fallback, kind, attributes))
	}
	if err != nil {
		return evaluate, err.Error()
	}
	return evaluate, ""
}

func parse(document, format string) (*flag.Set, error) {
	if format == "decider" {
		return flag.ParseDecider([]byte(document))
	}
	return flag.Parse([]byte(document))
}

func evaluateIn(set *flag.Set, key string, fallback any, kind string, attributes map[string]any) flag.Evaluation {
	switch kind {
	case "lazy":
		return set.Evaluate(key, fallback, asContext(&lazy{attributes: attributes}))
	case "none":
		return set.Evaluate(key, fallback, nil)
	}
	return set.Evaluate(key, fallback, flag.Map(attributes))
}

func outcome(ev flag.Evaluation) Outcome {
	return Outcome{ev.Value, ev.Variant, ev.Reason, ev.ErrorCode, ev.ErrorMessage, ev.Metadata}
}

// lazy is a context of another package than flag.
type lazy struct {
	attributes map[string]any
	asked      []string
	silent     bool
}

func (l *lazy) Lookup(name string) (any, bool) {
	if !l.silent {
		l.asked = append(l.asked, name)
	}
	value, found := l.attributes[name]
	return value, found
}

func asContext(l *lazy) flag.Context { return l }

// Asked returns what an evaluation looks up, with commas.
func Asked(document, key string, attributes map[string]any) string {
	set, _ := parse(document, "flag")
	l := &lazy{attributes: attributes}
	set.Evaluate(key, nil, asContext(l))
	return strings.Join(l.asked, ",")
}

// About returns what a set says of a flag: its fault, whether it is static, its attributes.
func About(document, key string) (string, bool, string, bool) {
	set, _ := parse(document, "flag")
	fault := ""
	err := set.Err(key)
	if err != nil {
		fault = err.Error()
	}
	names, complete := set.Attributes(key)
	return fault, set.Static(key), strings.Join(names, ","), complete
}

// Apply evaluates a rule of JsonLogic.
func Apply(rule string, data any) (any, string) {
	compiled, err := flag.ParseRule([]byte(rule))
	if err != nil {
		return nil, err.Error()
	}
	result, err := compiled.Apply(data)
	if err != nil {
		return nil, err.Error()
	}
	return result, ""
}

// Variants evaluates a flag for many targeting keys and joins the variants.
func Variants(document, key string, targetingKeys []string) string {
	return Salted(document, "", key, targetingKeys)
}

// Salted is Variants with a salt, where there is one.
func Salted(document, salt, key string, targetingKeys []string) string {
	set, _ := parse(document, "flag")
	if salt != "" {
		set = set.Salted(salt)
	}
	variants := make([]string, 0, len(targetingKeys))
	for _, targetingKey := range targetingKeys {
		ev := set.Evaluate(key, nil, flag.Map{"targetingKey": targetingKey})
		variants = append(variants, ev.Variant)
	}
	return strings.Join(variants, " ")
}

// Repeat evaluates a flag so many times, taken out of its document as the plugin does.
func Repeat(document, key string, fallback any, attributes map[string]any, times int) {
	whole, _ := parse(document, "flag")
	set := whole.Only(key)
	context := flag.Map(attributes)
	for i := 0; i < times; i++ {
		set.Evaluate(key, fallback, context)
	}
}

// RepeatLazily is Repeat with a context that isn't a Map.
func RepeatLazily(document, key string, fallback any, attributes map[string]any, times int) {
	whole, _ := parse(document, "flag")
	set := whole.Only(key)
	context := asContext(&lazy{attributes: attributes, silent: true})
	for i := 0; i < times; i++ {
		set.Evaluate(key, fallback, context)
	}
}

// kept are flags by themselves. The interpreter's closures hold on to the variables of whoever
// called what made them, which would be the document.
var kept = map[string]*flag.Set{}

// Keep parses a document once and keeps those flags of it, each alone.
func Keep(document string, keys []string) {
	set, _ := flag.Parse([]byte(document))
	for name := range kept {
		delete(kept, name)
	}
	for _, key := range keys {
		kept[key] = set.Only(key)
	}
}

// Kept evaluates a flag that is kept.
func Kept(key string, fallback any, attributes map[string]any) Outcome {
	set := kept[key]
	return outcome(set.Evaluate(key, fallback, flag.Map(attributes)))
}

// Findings are what is wrong with a flag, a line each.
func Findings(document, key string) string {
	set, _ := flag.Parse([]byte(document))
	var lines []string
	for _, f := range set.Findings(key) {
		lines = append(lines, f.Severity+" "+f.Place+": "+f.Message)
	}
	return strings.Join(lines, "\n")
}
