package flag_test

import (
	"fmt"
	"reflect"
	"strings"
	"sync"
	"testing"
)

func TestCompiled(t *testing.T) { run(t, compiled()) }

func TestInterpreted(t *testing.T) { run(t, interpreted(t)) }

func run(t *testing.T, m *mode) {
	for name, test := range map[string]func(*testing.T, *mode){
		"evaluations": evaluations, "words and shares": wordsAndShares, "contexts": contexts, "only what is referred to is looked up": lookups,
		"what is broken": broken, "rules": rules, "limits": limits, "at the same time": concurrent, "what a set knows": knowledge,
		"the same users for ever": stickiness, "operations that flagd doesn't have": ownOperations, "lists of 100,000 entries": longLists,
	} {
		t.Run(name, func(t *testing.T) { test(t, m) })
	}
}

const market = `{
	"metadata": {"team": "market"},
	"$evaluators": {"staff": {"ends_with": [{"var": "email"}, "@example.com"]}},
	"flags": {
		"word": {"state": "ENABLED", "variants": {"on": true, "off": false}, "defaultVariant": "on", "metadata": {"tier": 2}},
		"color": {"variants": {"warm": "#f00", "cold": "#00f"}, "defaultVariant": "cold", "targeting": {"if": [{"$ref": "staff"}, "warm"]}},
		"count": {"variants": {"three": 3, "half": 0.5}, "defaultVariant": "three", "targeting": {"var": "count"}},
		"layout": {"variants": {"wide": {"columns": 3}}, "defaultVariant": "wide"},
		"truth": {"variants": {"true": "yes", "false": "no"}, "targeting": {">=": [{"var": "user.age"}, 18]}},
		"sleeping": {"state": "DISABLED", "variants": {"on": true}, "defaultVariant": "on"},
		"open": {"variants": {"on": true}, "defaultVariant": null},
		"broken": {"variants": {"on": true}, "targeting": {"nonsense": 1}},
		"list": {"variants": {"a": 1, "b": 2}, "defaultVariant": "b",
			"targeting": {"if": [{"some": [{"var": "roles"}, {"and": [{"==": [{"var": "name"}, "admin"]}, {"!": [{"var": "locked"}]}]}]}, "a"]}},
		"five": {"variants": {"one":"1","two":"2","three":"3","four":"4","five":"5","none":"0"}, "targeting": ` + fiveRules + `}
	}
}`

func evaluations(t *testing.T, m *mode) {
	evaluate, fault := m.parse(market, "flag")
	if fault != "" {
		t.Fatal(fault)
	}
	type attributes = map[string]any
	for _, c := range []struct {
		key        string
		fallback   any
		attributes attributes
		want       string
	}{
		{"word", false, nil, "true on STATIC "},
		{"word", "x", nil, "x  ERROR TYPE_MISMATCH"},
		{"color", "x", attributes{"email": "a@example.com"}, "#f00 warm TARGETING_MATCH "},
		{"color", "x", attributes{"email": "a@example.org"}, "#00f cold DEFAULT "},
		{"color", "x", attributes{"email": 5}, "#00f cold DEFAULT "},
		{"count", int64(7), attributes{"count": "three"}, "3 three TARGETING_MATCH "},
		{"count", 7.0, attributes{"count": "half"}, "0.5 half TARGETING_MATCH "},
		{"count", int64(7), attributes{"count": "half"}, "7  ERROR TYPE_MISMATCH"},
		{"count", 7, attributes{"count": "ten"}, "7  ERROR GENERAL"},
		{"layout", attributes{}, nil, "map[columns:3] wide STATIC "},
		{"truth", "", attributes{"user": attributes{"age": 18}}, "yes true TARGETING_MATCH "},
		{"truth", "", attributes{"user": attributes{"age": "17"}}, "no false TARGETING_MATCH "},
		{"truth", "", attributes{"user.age": 40}, "yes true TARGETING_MATCH "},
		{"sleeping", false, nil, "false  DISABLED "},
		{"open", true, nil, "true  DEFAULT "},
		{"broken", true, nil, "true  ERROR PARSE_ERROR"},
		{"nobody", "x", nil, "x  ERROR FLAG_NOT_FOUND"},
		{"list", 0.0, attributes{"roles": []any{attributes{"name": "guest"}, attributes{"name": "admin"}}}, "1 a TARGETING_MATCH "},
		{"list", 0.0, attributes{"roles": []any{attributes{"name": "admin", "locked": true}}}, "2 b DEFAULT "},
		{"list", 0.0, attributes{"roles": "admin"}, "2 b DEFAULT "},
		{"five", "", visitor, "5 five TARGETING_MATCH "},
		{"five", "", attributes{"country": "de"}, "1 one TARGETING_MATCH "},
		{"five", "", attributes{"plan": "gold"}, "2 two TARGETING_MATCH "},
		{"five", "", attributes{"age": 70}, "3 three TARGETING_MATCH "},
		{"five", "", attributes{"email": "a@example.org", "path": "/admin"}, "4 four TARGETING_MATCH "},
		{"five", "", attributes{}, "0 none TARGETING_MATCH "},
	} {
		for _, kind := range []string{"map", "lazy"} {
			// Twice each: the interpreter keeps what a statement had before.
			for i := 0; i < 2; i++ {
				out := evaluate(c.key, c.fallback, kind, c.attributes)
				if got := fmt.Sprintf("%v %v %v %v", out[0], out[1], out[2], out[3]); got != c.want {
					t.Errorf("%s of %v, %s: %q, want %q (%v)", c.key, c.attributes, kind, got, c.want, out[4])
				}
			}
		}
	}
	if got := evaluate("word", false, "none", nil)[5]; !reflect.DeepEqual(got, attributes{"team": "market", "tier": 2.0}) {
		t.Errorf("metadata %v", got)
	}
}

func wordsAndShares(t *testing.T, m *mode) {
	for _, c := range [][4]string{
		{" On\n", "flag", "", "true true STATIC "}, {"0", "flag", "", "false false STATIC "},
		{"99%", "flag", "", "false  ERROR TARGETING_KEY_MISSING"}, {"100%", "flag", "", "true true SPLIT "}, {"100%", "flag", "ada", "true true SPLIT "}, {"0.0", "flag", "ada", "false false SPLIT "},
		{"1", "decider", "ada", "false false SPLIT "}, {"100", "decider", "ada", "true true SPLIT "},
	} {
		evaluate, fault := m.parse(c[0], c[1])
		if fault != "" {
			t.Errorf("%q: %s", c[0], fault)
			continue
		}
		out := evaluate("any", false, "map", map[string]any{"targetingKey": c[2]})
		if got := fmt.Sprintf("%v %v %v %v", out[0], out[1], out[2], out[3]); got != c[3] {
			t.Errorf("%q: %q, want %q", c[0], got, c[3])
		}
	}
}

func contexts(t *testing.T, m *mode) {
	evaluate, _ := m.parse(`{"variants": {"a": 1, "b": 2, "c": 3}, "defaultVariant": "c", "targeting": {"if": [{"==": [{"var": "x"}, "y"]}, "a", {"var": "x"}, "b"]}}`, "flag")
	for _, c := range []struct{ kind, want string }{{"map", "a"}, {"lazy", "a"}, {"none", "c"}} {
		if got := evaluate("", nil, c.kind, map[string]any{"x": "y"})[1]; got != c.want {
			t.Errorf("%s: %v, want %s", c.kind, got, c.want)
		}
	}
	for _, x := range []any{1, int64(2), float32(3), true, []string{"a"}, map[string]string{"a": "b"}, struct{ A int }{1}} {
		for _, kind := range []string{"map", "lazy"} {
			if got := evaluate("", nil, kind, map[string]any{"x": x})[1]; got != "b" {
				t.Errorf("%v, %s: %v", x, kind, got)
			}
		}
	}
}

func lookups(t *testing.T, m *mode) {
	document := `{"variants": {"a": 1, "b": 2}, "targeting": {"if": [{"==": [{"var": "x"}, "y"]}, "a", {"var": "user.name"}, "b", {"fractional": [["a", 1]]}]}}`
	for want, attributes := range map[string]map[string]any{
		"x":                               {"x": "y"},
		"x,x,user.name,user,targetingKey": {},
	} {
		got := m.asked(document, "", attributes)
		if got != strings.Replace(want, "x,x", "x", 1) && got != want {
			t.Errorf("%v: asked for %s, want %s", attributes, got, want)
		}
	}
}

func broken(t *testing.T, m *mode) {
	for document, wanted := range map[string]string{
		"": "is empty", "maybe": `"maybe"`, "{": "JSON", "101%": "between", `{"variants": {"a": 1}, "targeting": {"iff": 1}}`: `"iff"`,
		`{"variants": {"a": 1}, "defaultVariant": "b"}`: `none of the variants "a"`,
	} {
		for i := 0; i < 2; i++ {
			evaluate, fault := m.parse(document, "flag")
			if !strings.Contains(fault, wanted) {
				t.Errorf("%q: %q", document, fault)
			}
			if out := evaluate("k", true, "none", nil); out[0] != true || out[3] != "PARSE_ERROR" {
				t.Errorf("%q: %v", document, out)
			}
		}
	}
}

func rules(t *testing.T, m *mode) {
	data := map[string]any{"a": 1.0, "list": []any{1.0, 2.0, 3.0}, "name": "Ada", "deep": map[string]any{"er": []any{"x"}}}
	for _, c := range []struct {
		rule string
		want any
	}{
		{`{"map": [{"var": "list"}, {"*": [{"var": ""}, 2]}]}`, []any{2.0, 4.0, 6.0}},
		{`{"filter": [{"var": "list"}, {">": [{"var": ""}, 1]}]}`, []any{2.0, 3.0}},
		{`{"reduce": [{"var": "list"}, {"+": [{"var": "accumulator"}, {"var": "current"}]}, 0]}`, 6.0},
		{`{"all": [{"var": "list"}, {">": [{"var": ""}, 0]}]}`, true}, {`{"none": [{"var": "list"}, {">": [{"var": ""}, 3]}]}`, true}, {`{"some": [{"var": "list"}, {"==": [{"var": ""}, 3]}]}`, true},
		{`{"var": "deep.er.0"}`, "x"}, {`{"var": ["nobody", "d"]}`, "d"}, {`{"missing": ["a", "b"]}`, []any{"b"}}, {`{"missing_some": [1, ["a", "b"]]}`, []any{}},
		{`{"==": [1, "1"]}`, true}, {`{"===": [1, "1"]}`, false}, {`{"==": [null, {"var": "nobody"}]}`, true}, {`{"!": [[]]}`, true}, {`{"<": [1, 2, 3]}`, true}, {`{"==": [[1, 2], "1,2"]}`, true},
		{`{"cat": ["a", 1, null, [1, null]]}`, "a11,"}, {`{"substr": ["jsonlogic", -5, -2]}`, "log"}, {`{"max": [1, "5", 3]}`, 5.0}, {`{"+": "3.14"}`, 3.14}, {`{"%": [7, 4]}`, 3.0},
		{`{"and": []}`, nil}, {`{"or": [0, "", 3]}`, 3.0}, {`{"/": [1, 0]}`, nil}, {`{"merge": [[1], 2]}`, []any{1.0, 2.0}}, {`{"in": ["da", {"var": "name"}]}`, true}, {`{"in": [2, {"var": "list"}]}`, true},
		{`{"sem_ver": ["1.10.0", ">", "v1.9"]}`, true}, {`{"sem_ver": ["1.10", "nonsense", "1"]}`, nil}, {`{"lower": "ABC"}`, "abc"}, {`{"starts_with": [{"var": "name"}, "A"]}`, true}, {`{"starts_with": [1, "A"]}`, nil},
		{`{"in_network": ["10.1.2.3", ["192.0.2.1", "10.0.0.0/8"]]}`, true}, {`{"in_network": ["2001:db8::1", "10.0.0.0/8"]}`, false}, {`{"in_network": [{"var": "name"}, ["10.0.0.0/8"]]}`, nil},
		{`{"!": {"in_network": ["::ffff:10.1.2.3", ["::/0", "10.0.0.0/8"]]}}`, false}, {`{"filter": [["10.0.0.1", "11.0.0.1", 1], {"in_network": [{"var": ""}, ["10.0.0.0/8"]]}]}`, []any{"10.0.0.1"}},
		{`{"a": 1, "b": 2}`, map[string]any{"a": 1.0, "b": 2.0}}, {`[1, {"var": "a"}]`, []any{1.0, 1.0}}, {`{"log": "x"}`, "x"}, {`{"-": 5}`, -5.0}, {`{"cat": [1e21, 1e-7]}`, "1e+211e-7"},
	} {
		for i := 0; i < 2; i++ {
			got, fault := m.apply(c.rule, data)
			if !reflect.DeepEqual(got, c.want) || fault != "" {
				t.Errorf("%s: %#v, %q, want %#v", c.rule, got, fault, c.want)
			}
		}
	}
}

func limits(t *testing.T, m *mode) {
	list := `[` + strings.Repeat("1,", 99) + `1]`
	loops := `{"var": ""}`
	for i := 0; i < 8; i++ {
		loops = `{"map": [` + list + `, ` + loops + `]}`
	}
	for _, rule := range []string{loops, `{"reduce": [` + list + `, {"cat": [{"var": "accumulator"}, {"var": "accumulator"}]}, "x"]}`} {
		evaluate, _ := m.parse(`{"variants": {"on": true}, "targeting": `+rule+`}`, "flag")
		if out := evaluate("", false, "map", nil); out[3] != "GENERAL" {
			t.Errorf("%.60s: %v", rule, out)
		}
	}
	deep := strings.Repeat(`{"!": `, 100) + "1" + strings.Repeat("}", 100)
	if _, fault := m.parse(`{"variants": {"on": true}, "targeting": `+deep+`}`, "flag"); !strings.Contains(fault, "deeper") {
		t.Errorf("%q", fault)
	}
}

func concurrent(t *testing.T, m *mode) {
	evaluate, _ := m.parse(market, "flag")
	var group sync.WaitGroup
	for g := 0; g < 8; g++ {
		group.Go(func() {
			for i := 0; i < 200; i++ {
				age := float64((g + i) % 100)
				want := "no"
				if age >= 18 {
					want = "yes"
				}
				attributes := map[string]any{"user": map[string]any{"age": age}}
				if got := evaluate("truth", "", "map", attributes)[0]; got != want {
					t.Errorf("age %v: %v", age, got)
				}
				if got := evaluate("five", "", "lazy", visitor)[0]; got != "5" {
					t.Errorf("five: %v", got)
				}
			}
		})
	}
	group.Wait()
}

func knowledge(t *testing.T, m *mode) {
	for key, want := range map[string]string{
		"word": "true  true", "color": "false email true", "truth": "false user.age true", "nobody": "true  true",
		"five": "false age country email host method path plan true",
	} {
		fault, static, names, complete := m.about(market, key)
		if got := fmt.Sprint(static, " ", strings.ReplaceAll(names, ",", " "), " ", complete); got != want || fault != "" {
			t.Errorf("%s: %q, %q, want %q", key, got, fault, want)
		}
	}
	if fault, static, _, _ := m.about(market, "broken"); !strings.Contains(fault, "nonsense") || !static {
		t.Errorf("broken: %q, %v", fault, static)
	}
}

// A visitor stays with a variant wherever it is evaluated.
func TestCompiledAndInterpretedGiveTheSameBuckets(t *testing.T) {
	a, b := compiled(), interpreted(t)
	var keys []string
	for i := 0; i < 3000; i++ {
		keys = append(keys, strings.Repeat("ü", i%5)+fmt.Sprintf("visitor-%d", i*31))
	}
	for _, targeting := range []string{
		`{"fractional": [["one", 1], ["two", 1], ["three", 1]]}`,
		`{"fractional": [{"cat": ["seed", {"var": "targetingKey"}]}, ["one", 10], ["two", 989], ["three", 1]]}`,
		`{"fractional": [["one", {"+": [1, 1]}], ["two", 2147483640]]}`,
	} {
		if a.variants(targeted(targeting), "rollout", keys) != b.variants(targeted(targeting), "rollout", keys) {
			t.Errorf("%s differs", targeting)
		}
	}
	for _, share := range []string{"25%", "0.5", "33.3333%"} {
		inOne := a.variants(share, "rollout", keys)
		if inOne != b.variants(share, "rollout", keys) || !strings.Contains(inOne, "true") || !strings.Contains(inOne, "false") {
			t.Errorf("%s differs", share)
		}
	}
}
