package flag

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"unicode"

	"github.com/mod-zookeeper/traefik-zookeeper/flag/lint"
)

// FuzzFindings: whatever a document holds, looking for what is wrong ends, with few findings;
// and a flag that is refused has a finding that says so.
func FuzzFindings(f *testing.F) {
	for _, c := range faulty {
		f.Add([]byte(c.document), "a")
	}
	for _, document := range sound {
		f.Add([]byte(document), "")
	}
	f.Fuzz(func(t *testing.T, document []byte, key string) {
		set, _ := Parse(document)
		findings := set.Findings(key)
		if len(findings) > 3*lint.MostFindings {
			t.Errorf("%d findings", len(findings))
		}
		for _, finding := range findings {
			text := lint.Text(finding)
			if finding.Message == "" || len(text) > 10*MaxName || strings.ContainsFunc(text, func(r rune) bool { return !unicode.IsPrint(r) }) {
				t.Errorf("%q", text)
			}
		}
		if set.Err(key) != nil && lint.Worst(findings) != lint.Mistake {
			t.Errorf("refused, and found is %s", told(findings))
		}
		var value any
		if json.Unmarshal(document, &value) == nil {
			lint.Check(value, "targeting", knownAlone)
		}
	})
}

// FuzzSoundFlags: of flags that are made of what may stand where it does, nothing is said.
func FuzzSoundFlags(f *testing.F) {
	for seed := range uint64(50) {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, seed uint64) {
		g := &generator{rand.New(rand.NewPCG(seed, 1))}
		document, err := json.Marshal(map[string]any{
			"variants": map[string]any{"a": "A", "b": "B", "c": "C"}, "defaultVariant": "c",
			"targeting": map[string]any{"if": []any{g.condition(3), g.result(3), g.condition(2), "a", "b"}},
		})
		if err != nil {
			t.Fatal(err)
		}
		set, err := Parse(document)
		if err != nil {
			t.Fatal(err)
		}
		if findings := set.Findings(""); len(findings) > 0 {
			t.Errorf("%s:%s", document, told(findings))
		}
	})
}

type generator struct{ random *rand.Rand }

func operation(name string, operands ...any) any { return map[string]any{name: operands} }

func (g *generator) one(choices ...func() any) any { return choices[g.random.IntN(len(choices))]() }

func (g *generator) text() any { return fmt.Sprintf("/text: %d", g.random.IntN(100)) }

func (g *generator) attribute() any {
	names := []string{"path", "headers.x-user", "cookies.uid", "query.q", "targetingKey", "country"}
	return map[string]any{"var": names[g.random.IntN(len(names))]}
}

// value is something to compare.
func (g *generator) value(depth int) any {
	if depth == 0 {
		return g.attribute()
	}
	return g.one(g.text, g.attribute,
		func() any { return operation("cat", g.value(depth-1), g.text()) },
		func() any { return operation("lower", g.value(depth-1)) },
		func() any { return operation("substr", g.value(depth-1), 1.0, 2.0) },
		func() any { return operation("+", g.value(depth-1), 1.0) },
		func() any { return operation("var", "country", "ch") })
}

func (g *generator) condition(depth int) any {
	if depth == 0 {
		return operation("==", g.attribute(), g.text())
	}
	return g.one(
		func() any { return operation("and", g.condition(depth-1), g.condition(depth-1)) },
		func() any { return operation("or", g.condition(depth-1)) },
		func() any { return map[string]any{"!": g.condition(depth - 1)} },
		func() any { return operation("!==", g.value(depth-1), g.value(depth-1)) },
		func() any { return operation("<=", 1.0, g.value(depth-1), 2.0) },
		func() any { return operation("in", g.value(depth-1), []any{g.text(), g.text()}) },
		func() any { return operation("in", g.text(), g.value(depth-1)) },
		func() any { return operation("starts_with", g.attribute(), g.text()) },
		func() any { return operation("sem_ver", g.attribute(), "~", fmt.Sprintf("1.%d", g.random.IntN(9))) },
		func() any { return operation("some", []any{1.0, 2.0}, operation(">", map[string]any{"var": ""}, 1.0)) },
		func() any { return operation("missing", "path", "country") })
}

func (g *generator) result(depth int) any {
	if depth == 0 {
		return g.one(func() any { return "a" }, func() any { return "b" }, func() any { return nil })
	}
	return g.one(
		func() any { return operation("if", g.condition(depth-1), g.result(depth-1), g.result(depth-1)) },
		func() any { return operation("fractional", []any{g.result(depth - 1), 20.0}, []any{"b", 80.0}) },
		func() any { return operation("fractional", g.attribute(), []any{"a"}, []any{"c", 0.0}) })
}
