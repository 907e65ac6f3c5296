package flag

import (
	"fmt"
	"reflect"
	"runtime"
	"strings"
	"sync"
	"testing"
)

// manyFlags is a document of so many flags, as an object or as a list.
func manyFlags(count int, listed bool) string {
	flags := make([]string, 0, count)
	for i := 0; i < count; i++ {
		form := `"f%d": {"variants": {"on": true, "off": false}, "defaultVariant": "off", "targeting": {"if": [{"in": [{"var": "headers.x-user"}, ["ada", "bob"]]}, "on"]}}`
		if listed {
			form = `{"key": "f%d", ` + form[len(`"f%d": {`):]
		}
		flags = append(flags, fmt.Sprintf(form, i))
	}
	if listed {
		return `{"flags": [` + strings.Join(flags, ", ") + `]}`
	}
	return `{"flags": {` + strings.Join(flags, ", ") + `}}`
}

// A flag by itself answers as its document does, whatever it is asked.
func TestOnlyAnswersAsTheDocument(t *testing.T) {
	listed := manyFlags(3, true)
	for _, document := range []string{shop, listed, `{"flags": {}}`, `{"flags": {}, "metadata": {"a": 1}}`, "on", "25%", "maybe", `{"variants": {"on": true}, "defaultVariant": "on"}`} {
		whole, _ := Parse([]byte(document))
		for _, key := range append(whole.Keys(), "nobody", "", strings.Repeat("x", 2*MaxKey)) {
			only := whole.Only(key)
			for _, fallback := range []any{nil, true, "x", 1, int64(1), 1.5, map[string]any{}} {
				for _, ctx := range []Context{nil, Map{}, Map{"email": "a@example.com", "targetingKey": "t", "ratio": "half", "headers.x-user": "ada"}} {
					if a, b := whole.Evaluate(key, fallback, ctx), only.Evaluate(key, fallback, ctx); !reflect.DeepEqual(a, b) {
						t.Errorf("%.40s %s, %v, %v: %+v, by itself %+v", document, key, fallback, ctx, a, b)
					}
				}
			}
			names, closed := whole.Attributes(key)
			onlyNames, onlyClosed := only.Attributes(key)
			if fmt.Sprint(names, closed, whole.Static(key), whole.Err(key)) != fmt.Sprint(onlyNames, onlyClosed, only.Static(key), only.Err(key)) {
				t.Errorf("%.40s %s: %v %v, by itself %v %v", document, key, names, closed, onlyNames, onlyClosed)
			}
			if only.Only(key) != only || len(only.Keys()) != 0 {
				t.Errorf("%.40s %s: by itself, it has the keys %v", document, key, only.Keys())
			}
		}
	}
}

// A document is taken apart once, and a flag compiled when it is asked for.
func TestFlagsThatNobodyAsksForCostNothing(t *testing.T) {
	for _, listed := range []bool{false, true} {
		text := []byte(manyFlags(3000, listed))
		load := func(flags int) uint64 {
			_, objects := taken(func() {
				set, _ := Parse(text)
				for i := 0; i < flags; i++ {
					set.Only(fmt.Sprint("f", i*100))
				}
			})
			return objects
		}
		none, one, twenty := load(0), load(1), load(20)
		if none > 9*3000 || float64(twenty) > 1.3*float64(one) {
			t.Errorf("listed %v: %d objects for no flag, %d for one, %d for twenty", listed, none, one, twenty)
		}
	}
}

func TestAFlagByItselfHoldsOnToNothingElse(t *testing.T) {
	rest := make([]byte, 0, 900<<10)
	rest = append(rest, `{"flags": {"a": {"variants": {"on": true}, "defaultVariant": "on", "targeting": {"$ref": "e"}}, "b": "`...)
	rest = append(rest, strings.Repeat("x", 800<<10)...)
	rest = append(rest, `"}, "$evaluators": {"e": {"var": "email"}}}`...)
	var before, after runtime.MemStats
	var kept []*Set
	runtime.GC()
	runtime.ReadMemStats(&before)
	for i := 0; i < 20; i++ {
		set, err := Parse(rest)
		if err != nil {
			t.Fatal(err)
		}
		kept = append(kept, set.Only("a"), set.Only("nobody"))
	}
	runtime.GC()
	runtime.ReadMemStats(&after)
	if after.HeapAlloc > before.HeapAlloc+2<<20 {
		t.Errorf("20 flags hold on to %d bytes", after.HeapAlloc-before.HeapAlloc)
	}
	runtime.KeepAlive(kept)
}

// What an evaluator compiles to is shared by all flags that refer to it.
func TestEvaluatorsAreCompiledOnce(t *testing.T) {
	flags := make([]string, 0, 300)
	for i := 0; i < 300; i++ {
		flags = append(flags, fmt.Sprintf(`"f%d": {"variants": {"on": true}, "targeting": {"and": [{"$ref": "e"}, {"some": [[1], {"$ref": "e"}]}]}}`, i))
	}
	operands := make([]string, 0, 4000)
	for i := 0; i < 4000; i++ {
		operands = append(operands, fmt.Sprintf(`{"var": "a%d"}`, i%MaxAttributes))
	}
	document := `{"flags": {` + strings.Join(flags, ", ") + `}, "$evaluators": {"inner": {"or": [` + strings.Join(operands[:2000], ", ") + `]}, "e": {"or": [{"$ref": "inner"}, "x"]}}}`
	one, set := costOfCompiling(document, "f0")
	all, _ := costOfCompiling(document, set.Keys()...)
	if all.objects > 2*one.objects || all.objects > 300000 {
		t.Errorf("%d objects for one flag, %d for 300", one.objects, all.objects)
	}
	names, closed := set.Attributes("f7")
	if len(names) != MaxAttributes || names[0] != "a0" || !closed || set.Static("f7") {
		t.Errorf("%d attributes, %v", len(names), closed)
	}
}

// Evaluators in evaluators, in and out of lists, mean what they would mean in the rule itself.
func TestEvaluatorsMeanTheirRules(t *testing.T) {
	evaluators := map[string]string{
		"text": `"x"`, "list": `["a", "b", 1, null]`, "name": `{"var": "name"}`, "inner": `{"in": [{"$ref": "name"}, {"$ref": "list"}]}`, "none": `null`,
		"outer": `{"if": [{"$ref": "inner"}, "yes", {"some": [{"var": "people"}, {"$ref": "inner"}]}, "some", {"fractional": [["s", 1]]}]}`,
	}
	members := make([]string, 0, len(evaluators))
	for name, rule := range evaluators {
		members = append(members, fmt.Sprintf("%q: %s", name, rule))
	}
	for _, rule := range []string{
		`{"$ref": "outer"}`, `{"$ref": "inner"}`, `[{"$ref": "list"}, {"$ref": "text"}]`, `{"map": [{"var": "people"}, {"$ref": "inner"}]}`, `{"var": {"$ref": "text"}}`,
		`{"missing": {"$ref": "list"}}`, `{"in": [{"cat": ["a", ""]}, {"$ref": "list"}]}`, `{"if": [{"in": [{"var": "name"}, {"$ref": "list"}]}, {"$ref": "inner"}, {"$ref": "outer"}]}`,
	} {
		plain := rule
		for range evaluators {
			for name, body := range evaluators {
				plain = strings.ReplaceAll(plain, `{"$ref": "`+name+`"}`, body)
			}
		}
		shared, _ := Parse([]byte(`{"flags": {"a": {"variants": {"true": 1, "false": 0, "yes": 2}, "targeting": ` + rule + `}}, "$evaluators": {` + strings.Join(members, ", ") + `}}`))
		itself, _ := Parse([]byte(`{"flags": {"a": {"variants": {"true": 1, "false": 0, "yes": 2}, "targeting": ` + plain + `}}}`))
		for _, ctx := range []Context{nil, Map{"name": "a"}, Map{"name": 1, "x": "yes"}, Map{"name": "z", "people": []any{map[string]any{"name": "b"}}, "targetingKey": "k"}} {
			if a, b := shared.Evaluate("a", nil, ctx), itself.Evaluate("a", nil, ctx); !reflect.DeepEqual(a, b) {
				t.Errorf("%s in %v: %+v, but %s is %+v", rule, ctx, a, plain, b)
			}
		}
		names, closed := shared.Attributes("a")
		otherNames, otherClosed := itself.Attributes("a")
		if fmt.Sprint(names, closed, shared.Static("a"), shared.Err("a")) != fmt.Sprint(otherNames, otherClosed, itself.Static("a"), itself.Err("a")) {
			t.Errorf("%s: %v %v, but %s has %v %v", rule, names, closed, plain, otherNames, otherClosed)
		}
	}
}

// Whether an evaluator can be used doesn't go by who asked for it first.
func TestEvaluatorsFailByThemselves(t *testing.T) {
	evaluators, flags := make([]string, 0, 200), make([]string, 0, 200)
	for i := 0; i < 200; i++ {
		evaluators = append(evaluators, fmt.Sprintf(`"e%d": {"!": {"$ref": "e%d"}}`, i, i+1))
		flags = append(flags, fmt.Sprintf(`"f%d": {"variants": {"on": true}, "targeting": {"$ref": "e%d"}}`, i, i))
	}
	evaluators[199] = `"e199": {"var": "x"}`
	document := []byte(`{"flags": {` + strings.Join(flags, ", ") + `}, "$evaluators": {` + strings.Join(evaluators, ", ") + `}}`)
	upwards, _ := Parse(document)
	downwards, _ := Parse(document)
	for i := 0; i < 200; i++ {
		upwards.Err(fmt.Sprint("f", i))
		downwards.Err(fmt.Sprint("f", 199-i))
	}
	for i := 0; i < 200; i++ {
		key := fmt.Sprint("f", i)
		one, other := upwards.Err(key), downwards.Err(key)
		if (one == nil) != (other == nil) || (one == nil) != (i > 199-MaxDepth/2+1) {
			t.Errorf("%s: %.80v, but %.80v the other way round", key, one, other)
		}
	}
}

func TestDefaultVariants(t *testing.T) {
	for written, want := range map[string]string{
		`"on"`: "on", `"\u006fn"`: "on", `"a\\u0062"`: `a\u0062`, `"a\u0062"`: "ab", ` "on" `: "on", `null`: "none", `""`: "none", `"of"`: "fault", `5`: "fault", `0`: "fault", `true`: "fault", `[]`: "fault", `{}`: "fault", `"ü"`: "ü", `1e999`: "fault",
	} {
		set, err := Parse([]byte(`{"variants": {"on": 1, "a\\u0062": 2, "ab": 3, "\u00fc": 4}, "defaultVariant": ` + written + `}`))
		got := set.Evaluate("", nil, nil).Variant
		if err != nil {
			got = "fault"
		} else if got == "" {
			got = "none"
		}
		if got != want {
			t.Errorf("%s: %s, want %s (%v)", written, got, want, err)
		}
	}
}

func TestFlagsThatStandTwice(t *testing.T) {
	set, _ := Parse([]byte(`{"flags": {"a": {"variants": {"one": 1}, "defaultVariant": "one"}, "a": {"variants": {"two": 2}, "defaultVariant": "two"}}}`))
	if ev := set.Evaluate("a", nil, nil); ev.Variant != "two" {
		t.Errorf("of two members, the last counts: %+v", ev)
	}
	_, err := Parse([]byte(`{"flags": [{"key": "a"}, {"key": "b"}, {"key": "a"}]}`))
	if err == nil || !strings.Contains(err.Error(), `"a" stands there twice`) {
		t.Errorf("%v", err)
	}
	set, _ = Parse([]byte(`{"flags": [{"Key": "a", "variants": {"on": 1}}, {"key": "b", "variants": {"on": 1}, "defaultVariant": "on"}]}`))
	if set.Err("a") == nil || !strings.Contains(set.Err("a").Error(), `no "key"`) || set.Evaluate("b", nil, nil).Variant != "on" {
		t.Errorf("%v, %+v", set.Err("a"), set.Evaluate("b", nil, nil))
	}
}

// Any number of goroutines may ask for flags, compiled or not.
func TestManyAskAtTheSameTime(t *testing.T) {
	set, _ := Parse([]byte(shop))
	keys := append(set.Keys(), "nobody")
	var group sync.WaitGroup
	for g := 0; g < 8; g++ {
		group.Add(1)
		go func() {
			defer group.Done()
			for i := range keys {
				key := keys[(i+g)%len(keys)]
				only := set.Only(key)
				for _, one := range []*Set{set, only} {
					one.Evaluate(key, false, Map{"email": "a@example.com"})
					one.Attributes(key)
					_ = one.Err(key)
				}
			}
		}()
	}
	group.Wait()
}

// A message that is the same for every evaluation is made once, whatever the document has.
func TestErrorsCostTheSameInAnyDocument(t *testing.T) {
	wide := `{"flags": {"a": {"variants": ` + wideObject(5000) + `, "defaultVariant": "1", "targeting": {"var": "x"}}}}`
	narrow := `{"flags": {"a": {"variants": ` + wideObject(2) + `, "defaultVariant": "1", "targeting": {"var": "x"}}}}`
	for _, c := range []struct {
		what, few, many, key string
		ctx                  Map
	}{
		{"no such flag", manyFlags(2, false), manyFlags(2000, false), "nobody", Map{}},
		{"no such variant", narrow, wide, "a", Map{"x": "nobody"}},
		{"another type", narrow, wide, "a", Map{"x": "1"}},
		{"another type of the default", narrow, wide, "a", Map{}},
	} {
		few, _ := Parse([]byte(c.few))
		many, _ := Parse([]byte(c.many))
		for _, sets := range [][]*Set{{few, many}, {few.Only(c.key), many.Only(c.key)}} {
			if ev := sets[1].Evaluate(c.key, "", c.ctx); ev.ErrorCode == "" || len(ev.ErrorMessage) > 300 {
				t.Errorf("%s: %+v", c.what, ev)
			}
			a := testing.AllocsPerRun(20, func() { sets[0].Evaluate(c.key, "", c.ctx) })
			b := testing.AllocsPerRun(20, func() { sets[1].Evaluate(c.key, "", c.ctx) })
			if b > a+2 {
				t.Errorf("%s: %v allocations, in a large document %v", c.what, a, b)
			}
		}
	}
}
