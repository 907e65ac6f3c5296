package flag_test

import (
	"encoding/json"
	"fmt"
	"math/rand"
	"strconv"
	"strings"
	"testing"

	"github.com/mod-zookeeper/traefik-zookeeper/e2e/flag/other"
)

// The other implementation differs from JsonLogic, as JavaScript has it, in what
// is listed here; package flag sides with JavaScript. Rules that don't touch on any of it have
// to come out the same, which the fuzz test below sees to.
var knownDifferences = []struct{ why, rule, data, ours, theirs string }{
	{"and is worth its first operand that isn't true, or its last; theirs is true, or the greatest number", `{"and": [3, 1]}`, `{}`, `1`, `3`},
	{"the same: a text is no number", `{"and": [true, "x"]}`, `{}`, `"x"`, `true`},
	{"or is worth its last operand where none is true; theirs is false", `{"or": [0, ""]}`, `{}`, `""`, `false`},
	{"a null that is there is no reason for the default", `{"var": ["a", 1]}`, `{"a": null}`, `null`, `1`},
	{"a step into a text leads nowhere; theirs stays where it is", `{"var": "a.b"}`, `{"a": "x", "b": 1}`, `null`, `1`},
	{"an empty text counts as missing", `{"missing": ["a"]}`, `{"a": ""}`, `["a"]`, `[]`},
	{"a text that is no number isn't equal to 0", `{"==": [0, "x"]}`, `{}`, `false`, `true`},
	{"true is 1 where it is compared with a number", `{"==": [true, 1]}`, `{}`, `true`, `false`},
	{"and a text is the number that it spells", `{"==": ["1.0", 1]}`, `{}`, `true`, `false`},
	{"sums and products read the number that a text begins with", `{"+": ["3px", 1]}`, `{}`, `4`, `1`},
	{"a difference has two operands", `{"-": [9, 3, 2]}`, `{}`, `6`, `4`},
	{"white space is text", `{"cat": [" a", "b "]}`, `{}`, `" ab "`, `"ab"`},
	{"all but one of no letters are none", `{"substr": ["", 0, -1]}`, `{}`, `""`, `error`},
	{"a mapped false is an element too", `{"map": [[1, 2], {">": [{"var": ""}, 1]}]}`, `{}`, `[false,true]`, `[true]`},
	{"an element's rule sees the element alone", `{"filter": [[1, 2], {"==": [{"var": "a"}, 1]}]}`, `{"a": 1}`, `[]`, `[1,2]`},
	{"nothing is reduced to the initial value", `{"reduce": [{"var": "none"}, {"+": [{"var": "current"}, 1]}, 5]}`, `{}`, `5`, `0`},
	{"an object is true", `{"!!": [{"var": "a"}]}`, `{"a": {}}`, `true`, `false`},
	{"null is 0 where the order is asked for", `{"<=": [null, 0]}`, `{}`, `true`, `false`},
	{"a list's text is what it is compared by", `{"==": [[1], "1"]}`, `{}`, `true`, `error`},
	{"an inner list is evaluated", `{"merge": [[{"var": "a"}], [[2]]]}`, `{"a": 1}`, `[1,[2]]`, `[{"var":"a"},[2]]`},
	{"a list among the elements is one; theirs is a range", `{"in": [2, [[1, 3]]]}`, `{}`, `false`, `true`},
}

func TestKnownDifferences(t *testing.T) {
	m := compiled()
	for _, d := range knownDifferences {
		if got := ours(t, m, d.rule, d.data); got != d.ours {
			t.Errorf("%s: %s is %s, want %s", d.why, d.rule, got, d.ours)
		}
		got, fault := other.Apply(d.rule, d.data)
		if fault != "" {
			got = "error"
		}
		if got != d.theirs {
			t.Errorf("%s: %s is %s with the other, want %s", d.why, d.rule, got, d.theirs)
		}
	}
}

func ours(t testing.TB, m *mode, rule, data string) string {
	t.Helper()
	var decoded any
	if err := json.Unmarshal([]byte(data), &decoded); err != nil {
		t.Fatal(err)
	}
	result, fault := m.apply(rule, decoded)
	if fault != "" {
		return "error: " + fault
	}
	encoded, err := json.Marshal(result)
	if err != nil {
		return fmt.Sprint(result) // a list with NaN in it
	}
	return string(encoded)
}

// FuzzAgainstOther makes rules that touch on none of the known differences.
func FuzzAgainstOther(f *testing.F) {
	for seed := int64(0); seed < 300; seed++ {
		f.Add(seed)
	}
	m := compiled()
	f.Fuzz(func(t *testing.T, seed int64) {
		g := &generator{random: rand.New(rand.NewSource(seed))}
		rule, data := g.rule(), g.data()
		theirs, fault := other.Apply(rule, data)
		if fault != "" {
			t.Fatalf("%s of %s: the other says %s", rule, data, fault)
		}
		if got := ours(t, m, rule, data); got != theirs {
			t.Errorf("%s of %s: %s, the other has %s", rule, data, got, theirs)
		}
	})
}

// The compiled and the interpreted package agree on rules of any kind.
func TestInterpretedRulesAreAsCompiled(t *testing.T) {
	a, b := compiled(), interpreted(t)
	for seed := int64(0); seed < 1500; seed++ {
		g := &generator{random: rand.New(rand.NewSource(seed)), wild: true}
		rule, data := g.rule(), g.data()
		if one, two := ours(t, a, rule, data), ours(t, b, rule, data); one != two {
			t.Errorf("%s of %s: %s compiled, %s interpreted", rule, data, one, two)
		}
		document := `{"variants": {"true": 1, "false": 2, "a": 3, "0": 4}, "targeting": ` + rule + `}`
		var attributes map[string]any
		if err := json.Unmarshal([]byte(data), &attributes); err != nil {
			t.Fatal(err)
		}
		if one, two := a.findings(document, "k"), b.findings(document, "k"); one != two {
			t.Errorf("targeting %s: found is\n%s\ncompiled, and\n%s\ninterpreted", rule, one, two)
		}
		inA, faultA := a.parse(document, "flag")
		inB, faultB := b.parse(document, "flag")
		for _, kind := range []string{"map", "lazy", "none"} {
			one, two := fmt.Sprint(inA("k", nil, kind, attributes)), fmt.Sprint(inB("k", nil, kind, attributes))
			if one != two || faultA != faultB {
				t.Errorf("targeting %s of %s, %s: %s %s compiled, %s %s interpreted", rule, data, kind, one, faultA, two, faultB)
			}
		}
	}
}

// generator writes rules: typed ones, or wild ones that mix whatever there is.
type generator struct {
	random *rand.Rand
	wild   bool
}

func (g *generator) data() string {
	return fmt.Sprintf(`{"n": %d, "m": %d, "w": %q, "v": %q, "yes": %v, "l": [%d, %d, %d], "o": {"n": %d, "w": %q}}`,
		g.random.Intn(5), g.random.Intn(100)-50, g.letters(), g.letters(), g.random.Intn(2) == 0,
		g.random.Intn(4), g.random.Intn(4), g.random.Intn(4), g.random.Intn(9), g.letters())
}

func (g *generator) letters() string {
	return "abcabc"[g.random.Intn(3) : 4+g.random.Intn(3)]
}

func (g *generator) rule() string {
	if g.wild {
		return g.anything(3)
	}
	switch g.random.Intn(4) {
	case 0:
		return g.number(3)
	case 1:
		return g.word(3)
	case 2:
		return g.list(2)
	}
	return g.truth(3)
}

func (g *generator) one(forms ...string) string { return forms[g.random.Intn(len(forms))] }

func (g *generator) number(depth int) string {
	if depth == 0 {
		return g.one(strconv.Itoa(g.random.Intn(7)), `{"var": "n"}`, `{"var": "m"}`, `{"var": "o.n"}`, `{"var": ["none", 4]}`, `{"var": "l.1"}`)
	}
	a, b := g.number(depth-1), g.number(depth-1)
	return g.one(
		`{"+": [`+a+`, `+b+`]}`, `{"-": [`+a+`, `+b+`]}`, `{"*": [`+a+`, `+b+`]}`, `{"max": [`+a+`, `+b+`]}`, `{"min": [`+a+`, `+b+`]}`,
		`{"%": [`+a+`, 7]}`, `{"/": [`+a+`, 4]}`, `{"if": [`+g.truth(depth-1)+`, `+a+`, `+b+`]}`, `{"-": [`+a+`]}`,
		`{"reduce": [{"var": "l"}, {"+": [{"var": "current"}, {"var": "accumulator"}]}, 0]}`,
	)
}

func (g *generator) word(depth int) string {
	if depth == 0 {
		return g.one(strconv.Quote(g.letters()), `{"var": "w"}`, `{"var": "v"}`, `{"var": "o.w"}`, `{"var": ["none", "d"]}`)
	}
	a, b := g.word(depth-1), g.word(depth-1)
	return g.one(
		`{"cat": [`+a+`, `+b+`]}`, `{"cat": [`+a+`, `+strconv.Itoa(g.random.Intn(9))+`]}`, `{"substr": [`+a+`, 1, 2]}`, `{"substr": [`+a+`, -2]}`, `{"substr": [`+a+`, 0, 2]}`,
		`{"if": [`+g.truth(depth-1)+`, `+a+`, `+b+`]}`,
	)
}

func (g *generator) list(depth int) string {
	body := g.one(`{"*": [{"var": ""}, 2]}`, `{"+": [{"var": ""}, 3]}`)
	condition := g.elementTruth()
	return g.one(
		`{"map": [{"var": "l"}, `+body+`]}`, `{"filter": [{"var": "l"}, `+condition+`]}`, `{"merge": [`+g.number(depth)+`, {"var": "l"}]}`,
		`{"missing": ["n", "x", "o.w", "o.x"]}`, `{"missing_some": [1, ["x", "y", "n"]]}`, `{"missing_some": [2, ["x", "n"]]}`,
	)
}

func (g *generator) elementTruth() string {
	return fmt.Sprintf(`{%q: [{"var": ""}, %d]}`, g.one("<", ">", "<=", ">=", "==", "!="), g.random.Intn(4))
}

func (g *generator) truth(depth int) string {
	if depth == 0 {
		return g.one(`{"var": "yes"}`, `{"==": [{"var": "n"}, 1]}`, `{"==": [{"var": "w"}, "abc"]}`, `{"in": ["b", {"var": "w"}]}`, `{"in": [{"var": "w"}, ["abc", "bca"]]}`, `{">": [{"var": "m"}, 1]}`)
	}
	a, b := g.number(depth-1), g.number(depth-1)
	v, w := g.word(depth-1), g.word(depth-1)
	p, q := g.truth(depth-1), g.truth(depth-1)
	operator := strconv.Quote(g.one("<", ">", "<=", ">=", "==", "!=", "===", "!=="))
	return g.one(
		`{`+operator+`: [`+a+`, `+b+`]}`, `{`+operator+`: [`+v+`, `+w+`]}`, `{"<": [`+a+`, `+b+`, `+g.number(depth-1)+`]}`, `{">=": [`+a+`, `+b+`, 2]}`,
		`{"and": [`+p+`, `+q+`]}`, `{"or": [`+p+`, `+q+`]}`, `{"!": [`+p+`]}`, `{"!!": [`+p+`]}`, `{"in": [`+v+`, `+w+`]}`, `{"in": [`+a+`, [1, 2, 3]]}`,
		`{"all": [{"var": "l"}, `+g.elementTruth()+`]}`, `{"some": [{"var": "l"}, `+g.elementTruth()+`]}`, `{"none": [{"var": "l"}, `+g.elementTruth()+`]}`,
	)
}

// anything is an operation on whatever there is.
func (g *generator) anything(depth int) string {
	if depth == 0 {
		return g.one(`null`, `true`, `0`, `1`, `-2.5`, `""`, `"a"`, `"1.2.3"`, `"12"`, `[]`, `[1, "a"]`, `{}`, `{"var": "l"}`, `{"var": "w"}`, `{"var": "n"}`, `{"var": "o"}`,
			`{"var": ""}`, `{"var": "none"}`, `{"var": ["x", 2]}`, `{"var": "$flagd.flagKey"}`, `{"var": "l.0"}`)
	}
	operator := g.one("if", "and", "or", "!", "!!", "==", "===", "!=", "!==", "<", "<=", ">", ">=", "in", "var", "missing", "missing_some", "+", "*", "-", "/", "%", "max", "min",
		"map", "filter", "reduce", "all", "none", "some", "merge", "cat", "substr", "log", "fractional", "starts_with", "ends_with", "sem_ver", "lower", "upper", "split")
	var operands []string
	for i := g.random.Intn(4); i >= 0; i-- {
		operands = append(operands, g.anything(g.random.Intn(depth)))
	}
	return `{"` + operator + `": [` + strings.Join(operands, ", ") + `]}`
}
