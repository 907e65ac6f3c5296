package flag

import (
	"fmt"
	"math"
	"strings"
	"testing"
)

// MurmurHash3's published values for the seed 0.
func TestMurmur(t *testing.T) {
	for text, want := range map[string]uint32{
		"": 0, "a": 0x3c2569b2, "hello": 0x248bfa47, "hello, world": 0x149bbb7f,
		"The quick brown fox jumps over the lazy dog": 0x2e4ff723,
	} {
		if got := murmur(text); got != want {
			t.Errorf("%q: %#x, want %#x", text, got, want)
		}
		for cut := 0; cut <= len(text); cut++ {
			state, hashed := murmurPrefix(text[:cut])
			if got := murmurFrom(state, hashed, text[hashed:]); got != want {
				t.Errorf("%q, cut at %d: %#x, want %#x", text, cut, got, want)
			}
		}
	}
}

func keys(count int) []string {
	list := make([]string, 0, count)
	for i := 0; i < count; i++ {
		list = append(list, fmt.Sprintf("visitor-%d", i*7919))
	}
	return list
}

func split(t *testing.T, targeting string) *Set {
	t.Helper()
	set, err := Parse([]byte(`{"flags": {"new-cart": {"variants": {"a": "a", "b": "b", "c": "c", "true": true, "false": false},
		"defaultVariant": "c", "targeting": ` + targeting + `}}}`))
	if err != nil {
		t.Fatal(err)
	}
	if err := set.Err("new-cart"); err != nil {
		t.Fatal(err)
	}
	return set
}

// The parts are as large as their weights: chi-square for two degrees of freedom
// stays below 13.82 in 999 of 1000 cases, and these keys are one case.
func TestFractionalIsDistributedByWeight(t *testing.T) {
	const count = 100000
	for _, weights := range [][]float64{{1, 1, 1}, {25, 25, 50}, {1, 2, 97}, {1, 999, 99000}, {700000000, 700000000, 747483647}} {
		set := split(t, fmt.Sprintf(`{"fractional": [["a", %.0f], ["b", %.0f], ["c", %.0f]]}`, weights[0], weights[1], weights[2]))
		seen := map[string]float64{}
		for _, key := range keys(count) {
			seen[set.Evaluate("new-cart", "", Map{"targetingKey": key}).Variant]++
		}
		chi := 0.0
		total := weights[0] + weights[1] + weights[2]
		for i, variant := range []string{"a", "b", "c"} {
			expected := count * weights[i] / total
			chi += math.Pow(seen[variant]-expected, 2) / expected
		}
		if chi > 13.82 {
			t.Errorf("weights %v: chi-square %.2f of %v", weights, chi, seen)
		}
	}
}

func TestFractionalForms(t *testing.T) {
	visitor := Map{"targetingKey": "visitor-1", "email": "ada@example.com", "half": 50, "name": "b", "pair": []any{"b", 1.0}}
	both := split(t, `{"fractional": [["a", 50], ["b", 50]]}`).Evaluate("new-cart", "", visitor).Variant
	byEmail := split(t, `{"fractional": [{"var": "email"}, ["a", 50], ["b", 50]]}`).Evaluate("new-cart", "", visitor).Variant
	for targeting, want := range map[string]string{
		`{"fractional": [{"cat": [{"var": "$flagd.flagKey"}, {"var": "targetingKey"}]}, ["a", 50], ["b", 50]]}`: both,
		`{"fractional": ["new-cartvisitor-1", ["a", 50], ["b", 50]]}`:                                           both,
		`{"fractional": [{"var": "nobody"}, ["a", 50], ["b", 50]]}`:                                             both,
		`{"fractional": [null, ["a", 50], ["b", 50]]}`:                                                          both,
		`{"fractional": [["a"], ["b"]]}`:                                                                        both,
		`{"fractional": [["a", null], ["b", 1]]}`:                                                               both,
		`{"fractional": [["a", {"var": "half"}], ["b", 50]]}`:                                                   both,
		`{"fractional": [["a", {"+": [20, 30]}], ["b", {"-": [100, 50]}]]}`:                                     both,
		`{"fractional": [["a", 1000000000], ["b", 1000000000]]}`:                                                both,
		`{"fractional": ["ada@example.com", ["a", 50], ["b", 50]]}`:                                             byEmail,
		`{"fractional": [{"var": "email"}, [{"cat": "a"}, 50], [{"var": "name"}, 50]]}`:                         byEmail,

		`{"fractional": [["b", 1]]}`:                                  "b",
		`{"fractional": [["a", 0], ["b", 1]]}`:                        "b",
		`{"fractional": [["a", -50], ["b", 1]]}`:                      "b",
		`{"fractional": [["a", {"-": [1, 5]}], ["b", 1]]}`:            "b",
		`{"fractional": [{"var": "pair"}]}`:                           "b",
		`{"fractional": [["a", 0], {"var": "pair"}]}`:                 "b",
		`{"fractional": [[{"var": "name"}, 5]]}`:                      "b",
		`{"fractional": [["a", 0], [true, 1]]}`:                       "true",
		`{"fractional": [["a", 0], [{"==": [1, 2]}, 1]]}`:             "false",
		`{"if": [{"fractional": [[false, 0], [true, 1]]}, "a"]}`:      "a",
		`{"if": [{"fractional": [[false, 1], [true, 0]]}, "a", "b"]}`: "b",

		// What flagd can't make sense of is null, which is the default variant.
		`{"fractional": [["a", 0], ["b", 0]]}`:               "c",
		`{"fractional": [["a", 0.5], ["b", 0.5]]}`:           "c",
		`{"fractional": [["a", "1"], ["b", 1]]}`:             "c",
		`{"fractional": [["a", 2147483647], ["b", 1]]}`:      "c",
		`{"fractional": [["a", 2147483648]]}`:                "c",
		`{"fractional": ["a", 1]}`:                           "c",
		`{"fractional": [[], ["b", 1]]}`:                     "c",
		`{"fractional": [[["a"], 1]]}`:                       "c",
		`{"fractional": [[null, 1]]}`:                        "c",
		`{"fractional": [5, ["b", 1]]}`:                      "c",
		`{"fractional": [{"var": "half"}, ["b", 1]]}`:        "c",
		`{"fractional": [{"var": "email"}]}`:                 "c",
		`{"fractional": []}`:                                 "c",
		`{"fractional": "a"}`:                                "c",
		`{"fractional": [["a", 1], ["b", {"var": "name"}]]}`: "c",
	} {
		if got := split(t, targeting).Evaluate("new-cart", nil, visitor).Variant; got != want {
			t.Errorf("%s: %q, want %q", targeting, got, want)
		}
	}
	for _, ctx := range []Context{nil, Map{}, Map{"targetingKey": 5}, Map{"targetingKey": nil}} {
		ev := split(t, `{"fractional": [["a", 1]]}`).Evaluate("new-cart", "", ctx)
		if ev.Variant != "c" || ev.Reason != ReasonDefault {
			t.Errorf("without a targeting key, %v: %+v", ctx, ev)
		}
	}
}

// A share and the flagd definition that says the same put every key into the
// same part, on whatever scale its weights are.
func TestSharesAreFractionalDefinitions(t *testing.T) {
	for share, definitions := range map[string][]string{
		"25%":     {`[["true", 25], ["false", 75]]`, `[["true", 1], ["false", 3]]`},
		"0.25":    {`[["true", 25], ["false", 75]]`, `[["true", 250000], ["false", 750000]]`},
		"12.5%":   {`[["true", 125], ["false", 875]]`, `[["true", 1], ["false", 7]]`},
		" 33.3 %": {`[["true", 333], ["false", 667]]`},
		"0.001%":  {`[["true", 1], ["false", 99999]]`},
		"100%":    {`[["true", 1], ["false", 0]]`},
		"1.0":     {`[["true", 1], ["false", 0]]`},
		"0%":      {`[["true", 0], ["false", 1]]`},
		".5":      {`[["true"], ["false"]]`},
	} {
		lone, err := Parse([]byte(share))
		if err != nil {
			t.Errorf("%s: %v", share, err)
			continue
		}
		for _, definition := range definitions {
			whole := split(t, `{"fractional": `+definition+`}`)
			for _, key := range keys(5000) {
				ctx := Map{"targetingKey": key}
				a := lone.Evaluate("new-cart", false, ctx)
				b := whole.Evaluate("new-cart", false, ctx)
				if a.Value != b.Value || a.Variant != b.Variant || a.Reason != ReasonSplit {
					t.Fatalf("%s and %s differ for %q: %+v, %+v", share, definition, key, a, b)
				}
			}
		}
	}
}

func TestSharesNeedATargetingKey(t *testing.T) {
	set, _ := Parse([]byte("99%"))
	for _, ctx := range []Context{nil, Map{}, Map{"targetingKey": ""}, Map{"targetingKey": 5}, asked{Map{}}} {
		for _, fallback := range []bool{true, false} {
			ev := set.Evaluate("", fallback, ctx)
			if ev.Value != fallback || ev.Reason != ReasonError || ev.ErrorCode != ErrorTargetingKeyMissing {
				t.Errorf("%v: %+v", ctx, ev)
			}
		}
	}
	if ev := set.Evaluate("", "x", Map{"targetingKey": "a"}); ev.ErrorCode != ErrorTypeMismatch {
		t.Errorf("a share is no text: %+v", ev)
	}
	names, closed := set.Attributes("")
	if strings.Join(names, " ") != "targetingKey" || !closed || set.Static("") {
		t.Errorf("%q, %v, static %v", names, closed, set.Static(""))
	}
}

// Everybody and nobody need no targeting key.
func TestSharesOfAllAndNone(t *testing.T) {
	for text, want := range map[string]bool{"100%": true, "1.0": true, "100.00%": true, "0%": false, "0.0": false} {
		set, err := Parse([]byte(text))
		if err != nil {
			t.Fatal(err)
		}
		for _, ctx := range []Context{nil, Map{}, Map{"targetingKey": ""}, Map{"targetingKey": "a"}} {
			for _, fallback := range []any{true, false, nil} {
				if ev := set.Evaluate("", fallback, ctx); ev.Value != want || ev.Reason != ReasonSplit || ev.ErrorCode != "" {
					t.Errorf("%s, %v: %+v", text, ctx, ev)
				}
			}
		}
		if names, _ := set.Attributes(""); len(names) != 0 || !set.Static("") {
			t.Errorf("%s asks for %q", text, names)
		}
	}
}

// A salt takes the place of the key. Who has a share on with one salt doesn't tell who has it
// on with another one. A fractional that goes by something else is as it is in flagd.
func TestSalts(t *testing.T) {
	share, _ := Parse([]byte("50%"))
	lone, _ := Parse([]byte(`{"variants": {"true": true, "false": false}, "targeting": {"fractional": [["true", 1], ["false", 1]]}}`))
	document, _ := Parse([]byte(`{"flags": {"a": {"variants": {"true": true, "false": false}, "targeting": {"fractional": [["true", 1], ["false", 1]]}}}}`))
	own, _ := Parse([]byte(`{"variants": {"true": true, "false": false}, "targeting": {"fractional": [{"var": "email"}, ["true", 1], ["false", 1]]}}`))
	both := 0
	for _, key := range keys(2000) {
		ctx := Map{"targetingKey": key, "email": key}
		want := share.Evaluate("/flags/a", false, ctx).Value
		for name, set := range map[string]*Set{"a share": share, "a definition": lone, "a document": document, "the flag of a document": document.Only("a")} {
			if got := set.Salted("/flags/a").Evaluate("a", false, ctx).Value; got != want {
				t.Fatalf("%s: %v for %s", name, got, key)
			}
		}
		if own.Salted("/flags/a").Evaluate("", false, ctx).Value != own.Evaluate("a", false, ctx).Value {
			t.Fatal("a bucketing value is salted")
		}
		if want == true && share.Salted("/flags/b").Evaluate("", false, ctx).Value == true {
			both++
		}
	}
	if both < 400 || both > 600 {
		t.Errorf("of 2000 keys, %d have two shares of a half on", both)
	}
}

func TestSharesOnlyGrow(t *testing.T) {
	before := map[string]bool{}
	for percentage := 0; percentage <= 100; percentage++ {
		set, err := Parse([]byte(fmt.Sprintf("%d%%", percentage)))
		if err != nil {
			t.Fatal(err)
		}
		for _, key := range keys(500) {
			on := set.Evaluate("", false, Map{"targetingKey": key}).Value == true
			if before[key] && !on {
				t.Errorf("%s left between %d%% and %d%%", key, percentage-1, percentage)
			}
			before[key] = on
		}
	}
}

func TestDecider(t *testing.T) {
	for document, same := range map[string]string{"25": "25%", "12.5": "12.5%", "1": "1%", "0": "0%", " 100 %\n": "100%"} {
		decider, err := ParseDecider([]byte(document))
		if err != nil {
			t.Errorf("%s: %v", document, err)
			continue
		}
		share, _ := Parse([]byte(same))
		for _, key := range keys(1000) {
			a := decider.Evaluate("k", false, Map{"targetingKey": key})
			b := share.Evaluate("k", false, Map{"targetingKey": key})
			if a.Value != b.Value || a.Reason != ReasonSplit {
				t.Fatalf("%s: %+v, %+v", document, a, b)
			}
		}
	}
	for _, document := range []string{"", "on", "101", "-1", "{}", "1e2", "0x10"} {
		set, err := ParseDecider([]byte(document))
		if err == nil || set.Evaluate("", true, nil).ErrorCode != ErrorParse {
			t.Errorf("%q: no error", document)
		}
	}
}

func TestRollout(t *testing.T) {
	for rule, want := range map[string]string{
		`{"rollout": [1, 2, "a", "b"]}`:                        "b",
		`{"rollout": [1, 2, "b"]}`:                             "b",
		`{"rollout": [4000000000, 4000000010, "a", "b"]}`:      "a",
		`{"rollout": [4000000000, 4000000010, "b"]}`:           "c",
		`{"rollout": [{"var": "email"}, 1, 2, "a", "b"]}`:      "b",
		`{"rollout": [2, 1, "a", "b"]}`:                        "c",
		`{"rollout": [1, 2]}`:                                  "c",
		`{"rollout": [1, "2", "a"]}`:                           "c",
		`{"rollout": [1, 2, "a", {"fractional": [["b", 1]]}]}`: "b",
	} {
		if got := split(t, rule).Evaluate("new-cart", nil, Map{"targetingKey": "x", "email": "e"}).Variant; got != want {
			t.Errorf("%s: %q, want %q", rule, got, want)
		}
	}
}
