package flag

import (
	"fmt"
	"strings"
	"testing"
	"time"
)

// Small rules that would take hours, or all memory, if nothing stopped them.
func TestLimitsOfAnEvaluation(t *testing.T) {
	list := `[` + strings.Repeat("1,", 99) + `1]`
	loops := `{"var": ""}`
	for i := 0; i < 8; i++ {
		loops = `{"map": [` + list + `, ` + loops + `]}`
	}
	growth := `{"var": "accumulator"}`
	for _, rule := range []string{
		loops,
		`{"reduce": [` + list + `, {"cat": [` + growth + `, ` + growth + `]}, "x"]}`,
		`{"reduce": [` + list + `, {"merge": [` + growth + `, ` + growth + `]}, [1]]}`,
		`{"all": [{"var": "long"}, {"in": [-1, {"var": "long"}]}]}`,
		`{"filter": [{"var": "long"}, true]}`, `{"none": [{"var": "long"}, false]}`, `{"some": [{"var": "long"}, false]}`,
		`{"in": [2, {"var": "long"}]}`,
	} {
		set, err := Parse([]byte(`{"variants": {"on": true}, "defaultVariant": "on", "targeting": {"!!": ` + rule + `}}`))
		if err != nil {
			t.Fatal(err)
		}
		long := make([]any, MaxSteps+1)
		start := time.Now()
		ev := set.Evaluate("", false, Map{"long": long})
		if ev.ErrorCode != ErrorGeneral || ev.Value != false || ev.ErrorMessage == "" {
			t.Errorf("%.80s: %+v", rule, ev)
		}
		if took := time.Since(start); took > 5*time.Second {
			t.Errorf("%.80s took %v", rule, took)
		}
	}
}

func TestEvaluatorsCannotMultiply(t *testing.T) {
	evaluators := `"e0": {"var": "x"}`
	for i := 1; i < 40; i++ {
		evaluators += fmt.Sprintf(`, "e%d": {"and": [{"$ref": "e%d"}, {"$ref": "e%d"}]}`, i, i-1, i-1)
	}
	set, err := Parse([]byte(`{"$evaluators": {` + evaluators + `}, "flags": {"a": {"variants": {"on": true}, "targeting": {"$ref": "e39"}}}}`))
	if err != nil || set.Err("a") == nil {
		t.Errorf("%v, %v", err, set.Err("a"))
	}
}

func TestDepthIsLimitedInValuesToo(t *testing.T) {
	deep := strings.Repeat("[", 5000) + strings.Repeat("]", 5000)
	for _, document := range []string{
		`{"variants": {"on": ` + deep + `}, "defaultVariant": "on"}`,
		`{"variants": {"on": true}, "metadata": {"deep": ` + deep + `}}`,
		`{"variants": {"on": true}, "targeting": {"cat": [{"var": ["x", {"a": 1, "b": ` + deep + `}]}]}}`,
	} {
		set, _ := Parse([]byte(document))
		set.Evaluate("", nil, Map{"x": deepList(5000)})
	}
	set, _ := Parse([]byte(`{"variants": {"on": true}, "targeting": {"==": [{"var": "x"}, 1]}}`))
	if ev := set.Evaluate("", false, Map{"x": deepList(5000)}); ev.ErrorCode != ErrorGeneral {
		t.Errorf("%+v", ev)
	}
}

func deepList(depth int) any {
	var list any = "x"
	for i := 0; i < depth; i++ {
		list = []any{list}
	}
	return list
}

// A document may have as many flags as it likes: to evaluate one that it lacks takes no
// longer.
func TestMissingFlagsOfLargeDocuments(t *testing.T) {
	allocations := func(flags int) float64 {
		var document strings.Builder
		for i := range flags {
			fmt.Fprintf(&document, `,"flag%d":{"variants":{"on":true},"defaultVariant":"on"}`, i)
		}
		set, err := Parse([]byte(`{"flags":{` + strings.TrimPrefix(document.String(), ",") + `}}`))
		if err != nil {
			t.Fatal(err)
		}
		return testing.AllocsPerRun(10, func() {
			if ev := set.Evaluate("missing", false, nil); ev.ErrorCode != ErrorFlagNotFound {
				t.Fatalf("%+v", ev)
			}
		})
	}
	if few, many := allocations(5), allocations(5000); many > few {
		t.Errorf("with 5 flags there are %.0f allocations, with 5000 %.0f", few, many)
	}
}
