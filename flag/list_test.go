package flag

import (
	"fmt"
	"strings"
	"testing"
)

// Looking a value up in a constant list finds what comparing it with each entry does.
func TestConstantListsAreLookedUp(t *testing.T) {
	many := make([]string, 0, 2*fewWords)
	numbers := make([]string, 0, 2*fewWords)
	for i := 0; i < 2*fewWords; i++ {
		many = append(many, fmt.Sprintf(`"u%d"`, (i*37)%101))
		numbers = append(numbers, fmt.Sprint((i*37)%101-50))
	}
	lists := []string{
		`[]`, `["a"]`, `["a", "b", ""]`, `[1, 2.5, -0]`, `[true]`, `[false]`, `[null]`, `["1", 1, true, null]`, `[[1], {"a": 1, "b": 2}, "a"]`, `[[]]`, `["a", {"if": [true, "b"]}]`,
		`[` + strings.Join(many, ", ") + `]`, `[` + strings.Join(numbers, ", ") + `]`, `[` + strings.Join(many, ", ") + `, 7, null]`, `[` + strings.Join(numbers, ", ") + `, "7", true]`,
		`[` + strings.Join(many, ", ") + `, "null"]`, `[` + strings.Join(many, ", ") + `, ""]`, `[` + strings.Join(many, ", ") + `, [1], "a"]`, `[` + strings.Join(many, ", ") + `, {"cat": ["a", ""]}]`,
		`[` + strings.Join(many, ", ") + `, "\u00fc", "\"", "\\"]`, `[[7], ` + strings.Join(numbers, ", ") + `]`, `[false, ` + strings.Join(many, ", ") + `]`,
	}
	values := []any{nil, "", "a", "A", "b", "u7", "U7", "u100", "u101", "null", "1", "7", "ü", "\"", "\\", 0.0, 1.0, 1, 2.5, 7, -50.0, 51.0, true, false, []any{}, []any{1.0}, map[string]any{}}
	lefts := []string{`{"var": "x"}`, `{"lower": {"var": "x"}}`, `{"cat": [{"var": "x"}, ""]}`, `{"var": ["x", "a"]}`, `{"if": [{"var": "x"}, {"var": "x"}]}`, `"a"`, `1`, `true`, `null`, `[1]`}
	for _, list := range lists {
		for _, left := range lefts {
			for _, frame := range []string{"%", `{"if": [%, "yes", "no"]}`, `{"!": [%]}`} {
				lookedUp := booleanSet(t, strings.Replace(frame, "%", `{"in": [`+left+`, `+list+`]}`, 1))
				compared := booleanSet(t, strings.Replace(frame, "%", `{"in": [`+left+`, {"merge": [`+list+`, []]}]}`, 1))
				for _, value := range values {
					for _, ctx := range []Context{Map{"x": value}, Map{}, asked{Map{"x": value}}} {
						if a, b := lookedUp.Evaluate("", nil, ctx), compared.Evaluate("", nil, ctx); a.Variant != b.Variant || a.Variant == "" {
							t.Errorf("%s in %s of %v: %+v, compared %+v", left, list, value, a, b)
						}
					}
				}
			}
		}
	}
}

func booleanSet(t *testing.T, rule string) *Set {
	t.Helper()
	set, err := Parse([]byte(`{"variants": {"true": 1, "false": 0, "yes": 2, "no": 3}, "targeting": ` + rule + `}`))
	if err != nil {
		t.Fatal(err)
	}
	return set
}

// However long a list of constants is, it is one operand, and takes no steps.
func TestConstantListsOfANodesSize(t *testing.T) {
	for name, entry := range map[string]func(i int) string{
		"texts": func(i int) string { return fmt.Sprintf(`"%06d"`, i) }, "numbers": func(i int) string { return fmt.Sprint(100000 + i) },
		"both": func(i int) string { return fmt.Sprintf(`"%04d",%d`, i, i) }, "brackets": func(i int) string { return fmt.Sprintf(`"{[%018d]}"`, i) },
	} {
		entries := make([]string, 0, 100000)
		for i, size := 0, 0; i < 100000 && size < 1000000; i++ {
			entries = append(entries, entry(i))
			size += len(entries[i]) + 1
		}
		list := strings.Join(entries, ",")
		for _, left := range []string{`{"var": "x"}`, `{"lower": {"var": "x"}}`} {
			document := targetedBy(`{"if": [{"in": [` + left + `, [` + list + `]]}, "on", "off"]}`)
			compiling, set := costOfCompiling(document, "a")
			if len(document) > MaxDocument {
				t.Fatalf("%s: %d bytes", name, len(document))
			}
			if set.Err("a") != nil || compiling.bytes > 60<<20 {
				t.Errorf("%s: %v, %d bytes", name, set.Err("a"), compiling.bytes)
				continue
			}
			for _, ctx := range []Map{{}, {"x": "nobody"}, {"x": 100000}, {"x": true}} {
				evaluating, ev := costOfEvaluating(set, ctx)
				if ev.Variant == "" || evaluating.steps > 0 || evaluating.objects > 50 {
					t.Errorf("%s, %v: %+v, %+v", name, ctx, ev, evaluating)
				}
			}
		}
	}
	if set, _ := Parse([]byte(targetedBy(`{"in": [{"var": "x"}, ` + listOf(MaxEntries+1, "1") + `]}`))); set.Err("a") == nil {
		t.Error("longer lists are taken")
	}
}
