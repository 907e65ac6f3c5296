package flag

import (
	"encoding/json"
	"strings"
	"testing"
)

// The rules of JsonLogic, with JavaScript's outcome.
func TestLogic(t *testing.T) {
	const data = `{"name": "Ada", "age": 36, "none": null, "empty": "", "zero": 0, "list": [1, 2, 3], "mixed": [1, "2", null, true],
		"people": [{"name": "Ada", "age": 36}, {"name": "Bob", "age": 17}], "deep": {"er": [{"est": "x"}]}, "a.b": 1, "yes": true}`
	for _, c := range [][2]string{
		{`1`, `1`}, {`"a"`, `"a"`}, {`null`, `null`}, {`[1, {"var": "age"}]`, `[1,36]`}, {`{}`, `{}`}, {`{"a": 1, "b": {"var": "age"}}`, `{"a":1,"b":{"var":"age"}}`},

		{`{"var": "name"}`, `"Ada"`}, {`{"var": ["name"]}`, `"Ada"`}, {`{"var": "nobody"}`, `null`}, {`{"var": ["nobody", 5]}`, `5`},
		{`{"var": ["none", 5]}`, `null`}, {`{"var": ["zero", 5]}`, `0`}, {`{"var": "deep.er.0.est"}`, `"x"`}, {`{"var": "deep.er.1.est"}`, `null`},
		{`{"var": "list.1"}`, `2`}, {`{"var": "list.01"}`, `null`}, {`{"var": "list.-1"}`, `null`}, {`{"var": ["list.9", "d"]}`, `"d"`},
		{`{"var": {"cat": ["na", "me"]}}`, `"Ada"`}, {`{"var": [{"var": "none"}, 1]}`, data}, {`{"var": ""}`, data}, {`{"var": []}`, data}, {`{"var": null}`, data},
		{`{"var": ["nobody", {"var": "age"}]}`, `36`}, {`{"var": "name.first"}`, `null`}, {`{"var": "none.x"}`, `null`},

		{`{"missing": ["name", "nobody", "none", "empty", "zero"]}`, `["nobody","none","empty"]`}, {`{"missing": "nobody"}`, `["nobody"]`},
		{`{"missing": []}`, `[]`}, {`{"missing": [["a", "name"]]}`, `["a"]`}, {`{"missing": {"merge": ["a", {"if": [true, "b", []]}]}}`, `["a","b"]`},
		{`{"missing_some": [1, ["name", "x"]]}`, `[]`}, {`{"missing_some": [2, ["name", "x"]]}`, `["x"]`}, {`{"missing_some": [1, ["x", "y"]]}`, `["x","y"]`}, {`{"missing_some": [1, "x"]}`, `["x"]`}, {`{"missing_some": [0, "name"]}`, `[]`},

		{`{"if": [true, 1, 2]}`, `1`}, {`{"if": [false, 1, 2]}`, `2`}, {`{"if": [false, 1]}`, `null`}, {`{"if": [0, 1, "", 2, [], 3, 4]}`, `4`},
		{`{"if": []}`, `null`}, {`{"if": [5]}`, `5`}, {`{"if": 5}`, `5`}, {`{"?:": [{}, 1, 2]}`, `1`}, {`{"if": ["0", 1, 2]}`, `1`}, {`{"if": [[0], 1, 2]}`, `1`},

		{`{"and": [1, "a", 3]}`, `3`}, {`{"and": [1, "", 3]}`, `""`}, {`{"and": []}`, `null`}, {`{"or": [0, "", 3]}`, `3`}, {`{"or": [0, ""]}`, `""`},
		{`{"or": []}`, `null`}, {`{"and": [true]}`, `true`}, {`{"!": [[]]}`, `true`}, {`{"!": 0}`, `true`}, {`{"!": "0"}`, `false`}, {`{"!!": [[]]}`, `false`},
		{`{"!!": [{"var": "people"}]}`, `true`}, {`{"!": []}`, `true`}, {`{"!!": []}`, `false`}, {`{"!!": ["0"]}`, `true`},

		{`{"==": [1, 1]}`, `true`}, {`{"==": [1, "1"]}`, `true`}, {`{"==": [0, false]}`, `true`}, {`{"==": [0, ""]}`, `true`}, {`{"==": [0, " \n"]}`, `true`},
		{`{"==": ["1", "1.0"]}`, `false`}, {`{"==": [null, false]}`, `false`}, {`{"==": [null, 0]}`, `false`}, {`{"==": [null, {"var": "nobody"}]}`, `true`},
		{`{"==": [[1], 1]}`, `true`}, {`{"==": [[1, 2], "1,2"]}`, `true`}, {`{"==": [[], ""]}`, `true`}, {`{"==": [[1], [1]]}`, `false`}, {`{"==": [true, "1"]}`, `true`},
		{`{"==": [true, "true"]}`, `false`}, {`{"==": ["x", 0]}`, `false`}, {`{"==": ["0x10", 16]}`, `true`}, {`{"==": [{"var": "deep"}, "[object Object]"]}`, `true`},
		{`{"===": [1, "1"]}`, `false`}, {`{"===": [1, 1]}`, `true`}, {`{"===": [null, {"var": "nobody"}]}`, `true`}, {`{"===": [[], []]}`, `false`},
		{`{"!=": [1, "1"]}`, `false`}, {`{"!==": [1, "1"]}`, `true`}, {`{"!==": [null, null]}`, `false`}, {`{"==": [null]}`, `true`}, {`{"===": [null]}`, `false`},

		{`{"<": [1, 2]}`, `true`}, {`{"<": [2, 2]}`, `false`}, {`{"<=": [2, 2]}`, `true`}, {`{">": ["10", 9]}`, `true`}, {`{"<": ["10", "9"]}`, `true`},
		{`{"<": ["a", 1]}`, `false`}, {`{">=": ["a", 1]}`, `false`}, {`{"<": [null, 1]}`, `true`}, {`{">=": [null, 0]}`, `true`}, {`{"<": [1, 2, 3]}`, `true`},
		{`{"<": [1, 3, 3]}`, `false`}, {`{"<=": [1, 3, 3]}`, `true`}, {`{">": [3, 2, 1]}`, `true`}, {`{">": [3, 2, 2]}`, `false`}, {`{">=": [3, 2, 2]}`, `true`},
		{`{"<": [1]}`, `false`}, {`{">": [true, false]}`, `true`}, {`{"<": [[1], [2]]}`, `true`}, {`{"<": [1, {"var": "deep"}]}`, `false`},

		{`{"+": [1, 2, 3]}`, `6`}, {`{"+": "3.14"}`, `3.14`}, {`{"+": []}`, `0`}, {`{"+": ["1e2x", " 2"]}`, `102`}, {`{"+": ["x"]}`, `null`}, {`{"+": [true]}`, `null`},
		{`{"+": [".5", "-.5", "+1", "1."]}`, `2`}, {`{"*": [2, "3"]}`, `6`}, {`{"*": [5]}`, `5`}, {`{"*": ["5"]}`, `"5"`}, {`{"*": []}`, `1`}, {`{"-": [5, 3]}`, `2`}, {`{"-": 5}`, `-5`}, {`{"-": ["5", "3"]}`, `2`}, {`{"-": [true, null]}`, `1`},
		{`{"/": [1, 4]}`, `0.25`}, {`{"/": [1, 0]}`, `null`}, {`{"%": [7, 4]}`, `3`}, {`{"%": [-7, 4]}`, `-3`}, {`{"%": [7, 0]}`, `null`}, {`{"/": [1]}`, `null`},
		{`{"max": [1, "5", 3]}`, `5`}, {`{"min": [1, "5", 3]}`, `1`}, {`{"max": []}`, `null`}, {`{"max": [1, "x"]}`, `null`}, {`{"min": [-1, null]}`, `-1`}, {`{"max": 4}`, `4`},

		{`{"map": [{"var": "list"}, {"*": [{"var": ""}, 2]}]}`, `[2,4,6]`}, {`{"map": [{"var": "nobody"}, 1]}`, `[]`}, {`{"map": [{"var": "people"}, {"var": "name"}]}`, `["Ada","Bob"]`},
		{`{"filter": [{"var": "list"}, {">": [{"var": ""}, 1]}]}`, `[2,3]`}, {`{"filter": [{"var": "people"}, {">=": [{"var": "age"}, 18]}]}`, `[{"age":36,"name":"Ada"}]`},
		{`{"reduce": [{"var": "list"}, {"+": [{"var": "accumulator"}, {"var": "current"}]}, 10]}`, `16`}, {`{"reduce": [{"var": "nobody"}, 1, 10]}`, `10`},
		{`{"reduce": [{"var": "people"}, {"max": [{"var": "accumulator"}, {"var": "current.age"}]}, 0]}`, `36`}, {`{"reduce": [[1], {"var": "current"}]}`, `1`},
		{`{"all": [{"var": "list"}, {">": [{"var": ""}, 0]}]}`, `true`}, {`{"all": [{"var": "list"}, {">": [{"var": ""}, 1]}]}`, `false`}, {`{"all": [[], true]}`, `false`}, {`{"all": [[1]]}`, `false`}, {`{"none": [1]}`, `true`}, {`{"map": [1]}`, `[]`}, {`{"map": [[1]]}`, `[null]`}, {`[{"and": []}, {"var": "age"}]`, `[null,36]`}, {`{"filter": [[1]]}`, `[]`}, {`{"some": []}`, `false`}, {`{"reduce": [1]}`, `null`},
		{`{"none": [{"var": "list"}, {">": [{"var": ""}, 3]}]}`, `true`}, {`{"none": [[], true]}`, `true`}, {`{"none": [{"var": "list"}, {"==": [{"var": ""}, 3]}]}`, `false`},
		{`{"some": [{"var": "list"}, {"==": [{"var": ""}, 3]}]}`, `true`}, {`{"some": [[], true]}`, `false`}, {`{"some": [{"var": "people"}, {"in": [{"var": "name"}, ["Bob"]]}]}`, `true`},
		{`{"map": [[[1, 2], [3]], {"reduce": [{"var": ""}, {"+": [{"var": "current"}, {"var": "accumulator"}]}, 0]}]}`, `[3,3]`},
		{`{"map": [[1], {"missing": ["x"]}]}`, `[["x"]]`}, {`{"filter": [[1, 0, "", "a"], {"var": ""}]}`, `[1,"a"]`}, {`{"map": [[5], {"var": [{"cat": ""}, 1]}]}`, `[5]`},

		{`{"merge": [[1], 2, [[3]], null]}`, `[1,2,[3],null]`}, {`{"merge": []}`, `[]`}, {`{"merge": 1}`, `[1]`}, {`{"in": ["a", ["a", "b"]]}`, `true`}, {`{"in": ["da", {"var": "name"}]}`, `true`},
		{`{"in": [1, ["1"]]}`, `false`}, {`{"in": [1, "213"]}`, `true`}, {`{"in": ["a", null]}`, `false`}, {`{"in": [null, [null]]}`, `true`}, {`{"in": [[1], [[1]]]}`, `false`}, {`{"in": ["a", {"var": "deep"}]}`, `false`},
		{`{"in": [{"var": "age"}, [36]]}`, `true`}, {`{"in": [{"var": "name"}, ["Bob", 1]]}`, `false`}, {`{"in": ["", ""]}`, `false`}, {`{"in": ["", "a"]}`, `true`},

		{`{"cat": ["a", 1, null, true, [1, null, [2]], {"var": "deep"}, 1.5]}`, `"a1true1,,2[object Object]1.5"`}, {`{"cat": "x"}`, `"x"`}, {`{"cat": []}`, `""`}, {`{"cat": [" a "]}`, `" a "`},
		{`{"cat": [1e21, " ", 1e-7, " ", 123456789012345680000, " ", 0.000001, " ", -0.5]}`, `"1e+21 1e-7 123456789012345680000 0.000001 -0.5"`},
		{`{"substr": ["jsonlogic", 4]}`, `"logic"`}, {`{"substr": ["jsonlogic", -5]}`, `"logic"`}, {`{"substr": ["jsonlogic", 1, 3]}`, `"son"`}, {`{"substr": ["jsonlogic", 4, -2]}`, `"log"`},
		{`{"substr": ["jsonlogic", 0, 99]}`, `"jsonlogic"`}, {`{"substr": ["jsonlogic", 99]}`, `""`}, {`{"substr": ["jsonlogic", -99, 4]}`, `"json"`}, {`{"substr": ["äöü", 1, 1]}`, `"ö"`}, {`{"substr": [12345, 1, 2]}`, `"23"`},
		{`{"substr": ["abc", 0, -9]}`, `""`}, {`{"substr": ["abc", -1.5]}`, `"c"`}, {`{"log": "a"}`, `"a"`}, {`{"log": []}`, `null`},

		{`{"starts_with": [{"var": "name"}, "A"]}`, `true`}, {`{"starts_with": [{"var": "name"}, "a"]}`, `false`}, {`{"starts_with": [1, "a"]}`, `null`}, {`{"starts_with": ["a"]}`, `null`},
		{`{"ends_with": [{"var": "name"}, "da"]}`, `true`}, {`{"ends_with": [{"var": "age"}, "da"]}`, `null`}, {`{"ends_with": [{"var": "name"}, {"var": "none"}]}`, `null`}, {`{"ends_with": "a"}`, `null`},
		{`{"split": " beta, gamma ,,"}`, `["beta","gamma"]`}, {`{"split": ["a|b ", "|"]}`, `["a","b"]`}, {`{"split": ["", ","]}`, `[]`}, {`{"split": ["a, b", ", "]}`, `["a","b"]`}, {`{"in": ["Ada", {"split": {"var": "name"}}]}`, `true`},
		{`{"in": ["da", {"split": {"var": "name"}}]}`, `false`}, {`{"in": ["a", {"split": {"var": "nobody"}}]}`, `false`}, {`{"split": [5, ","]}`, `null`}, {`{"split": ["a", ""]}`, `null`}, {`{"split": ["a", 1]}`, `null`}, {`{"split": ["a", ",", 1]}`, `null`}, {`{"split": []}`, `null`},
		{`{"lower": "ÄBc"}`, `"Äbc"`}, {`{"upper": [{"var": "name"}]}`, `"ADA"`}, {`{"upper": 1}`, `null`}, {`{"lower": ["a", "b"]}`, `null`},
	} {
		rule, err := ParseRule([]byte(c[0]))
		if err != nil {
			t.Errorf("%s: %v", c[0], err)
			continue
		}
		var decoded any
		if err := json.Unmarshal([]byte(data), &decoded); err != nil {
			t.Fatal(err)
		}
		result, err := rule.Apply(decoded)
		if got, want := compact(t, result), canonical(t, c[1]); got != want || err != nil {
			t.Errorf("%s = %s, %v; want %s", c[0], got, err, want)
		}
	}
}

func compact(t *testing.T, v any) string {
	t.Helper()
	encoded, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(encoded)
}

func canonical(t *testing.T, text string) string {
	t.Helper()
	var v any
	if err := json.Unmarshal([]byte(text), &v); err != nil {
		t.Fatal(err)
	}
	return compact(t, v)
}

// What compares an attribute with a constant has forms of its own; they have to
// mean the same as the general ones, for whatever the attribute is.
func TestFusedOperationsMeanTheSame(t *testing.T) {
	values := []any{nil, "", "a", "abc", "1", "1.2.3", "v1", 0.0, 1.0, 1, true, false, []any{}, []any{"a"}, []any{1.0}, map[string]any{}}
	constants := []string{`""`, `"a"`, `"abc"`, `"1"`, `"1.2.3"`, `0`, `1`, `true`, `null`, `["a", "abc", 1]`, `[]`}
	operators := []string{"==", "===", "!=", "!==", "<", "<=", ">", ">=", "in", "starts_with", "ends_with"}
	for _, operator := range operators {
		for _, constant := range constants {
			for _, pair := range []string{`[{"var": "x"}, ` + constant + `]`, `[` + constant + `, {"var": "x"}]`} {
				general := strings.Replace(pair, `"x"`, `{"cat": "x"}`, 1)
				for _, value := range values {
					checkSame(t, `{"`+operator+`": `+pair+`}`, `{"`+operator+`": `+general+`}`, value)
				}
			}
		}
	}
	for operator := range versionComparisons {
		for _, value := range values {
			checkSame(t, `{"sem_ver": [{"var": "x"}, "`+operator+`", "1.2.3"]}`, `{"sem_ver": [{"var": {"cat": "x"}}, "`+operator+`", "1.2.3"]}`, value)
		}
	}
}

func checkSame(t *testing.T, fused, general string, value any) {
	t.Helper()
	for _, ctx := range []Context{Map{"x": value}, Map{}, asked{Map{"x": value}}} {
		for _, frame := range []string{"%", `{"if": [%, "yes", "no"]}`, `{"and": [%, %]}`, `{"!": [%]}`} {
			a := targetingResult(t, strings.ReplaceAll(frame, "%", fused), ctx)
			b := targetingResult(t, strings.ReplaceAll(frame, "%", general), ctx)
			if a != b {
				t.Errorf("%s of %v: %s, but %s in general", strings.ReplaceAll(frame, "%", fused), value, a, b)
			}
		}
	}
}

// asked is a context that isn't a Map.
type asked struct{ attributes Map }

func (a asked) Lookup(name string) (any, bool) {
	value, found := a.attributes[name]
	return value, found
}

func targetingResult(t *testing.T, rule string, ctx Context) string {
	t.Helper()
	set, err := Parse([]byte(`{"variants": {"true": 1, "false": 0, "yes": 2, "no": 3}, "targeting": ` + rule + `}`))
	if err != nil {
		t.Fatal(err)
	}
	ev := set.Evaluate("", nil, ctx)
	return ev.Variant + " " + ev.Reason + " " + ev.ErrorMessage
}
