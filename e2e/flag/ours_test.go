package flag_test

import (
	"fmt"
	"strings"
	"testing"
	"time"
)

// Who is on was worked out beforehand and elsewhere, from what the documents say of the hash: the
// MurmurHash3 for 32 bits on x86, of the salt with the targeting key behind it, times the sum of
// the weights, shifted by 32 bits. A change of this list moves users.
var golden = []struct{ document, salt, key, want string }{
	{"10%", "/flags/checkout", "", "user-14"},
	{"25%", "/flags/checkout", "", "user-4 user-8 user-9 user-12 user-14 user-21 user-26 user-28 user-29"},
	{"0.25", "/flags/checkout", "", "user-4 user-8 user-9 user-12 user-14 user-21 user-26 user-28 user-29"},
	{weighted("25", "75"), "/flags/checkout", "", "user-4 user-8 user-9 user-12 user-14 user-21 user-26 user-28 user-29"},
	{weighted("1", "3"), "/flags/checkout", "", "user-4 user-8 user-9 user-12 user-14 user-21 user-26 user-28 user-29"},
	{"25%", "/flags/search", "", "user-3 user-5 user-9 user-10 user-12 user-18 user-22 user-27"},
	{"25%", "checkout-2026", "", "user-5 user-11 user-17 Zoë"},
	{`{"flags": {"new-cart": ` + weighted("25", "75") + `}}`, "", "new-cart", "user-2 user-3 user-9 user-16 user-18 user-21 user-22 user-24"},
	{`{"flags": {"new-cart": ` + weighted("25", "75") + `}}`, "checkout-2026", "new-cart", "user-5 user-11 user-17 Zoë"},
	{weighted(`{"var": "targetingKey"}, ["true", 25], ["false", 75]]`, ""), "/flags/checkout", "new-cart", "user-3 user-9 user-13 user-19 user-28"},
}

// goldenThirds are the variants of three with the same weight.
const goldenThirds = "a b c a c b a a a b a a c a c c b b a c a c b a b a b a a a b a"

// weighted is a fractional definition, with two weights or the whole of its operands.
func weighted(first, second string) string {
	operands := `["true", ` + first + `], ["false", ` + second + `]]`
	if second == "" {
		operands = first
	}
	return `{"variants": {"true": true, "false": false}, "targeting": {"fractional": [` + operands + `}}`
}

func goldenUsers() []string {
	var users []string
	for i := 1; i <= 30; i++ {
		users = append(users, fmt.Sprintf("user-%d", i))
	}
	return append(users, "ada@example.com", "Zoë")
}

// The same users are on today and tomorrow, in every process.
func stickiness(t *testing.T, m *mode) {
	users := goldenUsers()
	for _, c := range golden {
		var on []string
		for i, variant := range strings.Fields(m.salted(c.document, c.salt, c.key, users)) {
			if variant == "true" {
				on = append(on, users[i])
			}
		}
		if got := strings.Join(on, " "); got != c.want {
			t.Errorf("%s, salt %q, key %q: on are\n%s\nwant\n%s", c.document, c.salt, c.key, got, c.want)
		}
	}
	thirds := `{"variants": {"a": "1", "b": "2", "c": "3"}, "targeting": {"fractional": [["a"], ["b"], ["c"]]}}`
	if got := m.salted(thirds, "/flags/checkout", "", users); got != goldenThirds {
		t.Errorf("thirds\n%s\nwant\n%s", got, goldenThirds)
	}
}

// Operations that flagd doesn't have.
func ownOperations(t *testing.T, m *mode) {
	for rule, want := range map[string]bool{
		`{"in": ["beta", {"split": {"var": "headers.x-groups"}}]}`:                                true,
		`{"in": ["gamma", {"split": [{"var": "headers.x-groups"}, ","]}]}`:                        true,
		`{"in": ["alpha", {"split": {"var": "headers.x-groups"}}]}`:                               false,
		`{"some": [{"split": {"var": "headers.x-groups"}}, {"starts_with": [{"var": ""}, "g"]}]}`: true,
		`{"in": ["beta", {"split": {"var": "headers.x-nobody"}}]}`:                                false,
		`{"ends_with": [{"lower": {"var": "headers.x-email"}}, "@example.com"]}`:                  true,
		`{">=": [{"var": "$flagd.timestamp"}, "2000-01-01T00:00:00Z"]}`:                           true,
		`{">": [{"var": "$flagd.timestamp"}, "2100-01-01T00:00:00+01:00"]}`:                       false,
		`{"<": ["2000-01-01T00:00:00Z", {"var": "$flagd.timestamp"}, "2100-01-01T00:00:00Z"]}`:    true,
		`{"==": [{"rollout": [946684800, 946684900, "before", "after"]}, "after"]}`:               true,
		`{"==": [{"rollout": [4102444800, 4102444900, "before", "after"]}, "before"]}`:            true,
	} {
		evaluate, fault := m.parse(`{"variants": {"true": true, "false": false}, "targeting": `+rule+`}`, "flag")
		for _, kind := range []string{"map", "lazy"} {
			out := evaluate("", false, kind, map[string]any{"headers.x-groups": "beta , gamma,alphabeta", "headers.x-email": "Ada@Example.COM", "targetingKey": "ada"})
			if out[0] != want || out[3] != "" || fault != "" {
				t.Errorf("%s, %s: %v %s", rule, kind, out, fault)
			}
		}
	}
}

// An allow-list may have 100,000 entries: it takes a moment to read, and no more to ask than one of 10.
func longLists(t *testing.T, m *mode) {
	var entries []string
	for i := range 100000 {
		entries = append(entries, fmt.Sprintf(`"u%d"`, i))
	}
	for _, count := range []int{10, 100000} {
		document := targetedBy(`{"if": [{"in": [{"var": "x"}, [` + strings.Join(entries[:count], ",") + `]]}, "on", "off"]}`)
		start := time.Now()
		m.keep(document, []string{"a"})
		reading := time.Since(start)
		start = time.Now()
		for user, want := range map[string]string{"u0": "on", fmt.Sprintf("u%d", count-1): "on", fmt.Sprintf("u%d", count): "off", "": "off", "u00": "off"} {
			for range 200 {
				if out := m.kept("a", false, map[string]any{"x": user}); out[1] != want {
					t.Fatalf("%d entries, %s: %v", count, user, out)
				}
			}
		}
		t.Logf("%d entries, %d bytes: read in %v, asked in %v", count, len(document), reading, time.Since(start)/1000)
	}
}
