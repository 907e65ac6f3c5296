package zookeeper

import (
	"strings"
	"testing"
)

// A mistake has its key, what stands there, and the remedy. All of them are one error.
func TestMistakesAreOneError(t *testing.T) {
	f := &problemList{}
	if f.err() != nil {
		t.Errorf("without a mistake: %v", f.err())
	}
	f.add("gates[0].status", "abc", "an HTTP status from 200 to 599")
	f.add("maxNodes", -1, "a number from 1 on")
	want := `gates[0].status: "abc": an HTTP status from 200 to 599; maxNodes: "-1": a number from 1 on`
	if err := f.err(); err == nil || err.Error() != want {
		t.Errorf("%v, want %s", err, want)
	}
}

// Errors show scalars, up to a length. They show nothing that is in a list or a
// mapping, since that may be a secret.
func TestQuotedValues(t *testing.T) {
	for _, c := range []struct {
		value any
		want  string
	}{
		{"text", `"text"`},
		{"two\nlines", `"two\nlines"`},
		{"", `""`},
		{12.5, `"12.5"`},
		{1e15, `"1000000000000000"`},
		{true, `"true"`},
		{int64(7), `"7"`},
		{nil, "nothing"},
		{[]any{"secret"}, "a list"},
		{[]string{"secret"}, "a list"},
		{map[string]any{"password": "secret"}, "a mapping"},
		{strings.Repeat("x", longestQuote), `"` + strings.Repeat("x", longestQuote) + `"`},
		{strings.Repeat("x", longestQuote+1), `"` + strings.Repeat("x", longestQuote) + `..."`},
	} {
		if got := quoted(c.value); got != c.want {
			t.Errorf("%v is quoted as %s, want %s", c.value, got, c.want)
		}
	}
}

// A list of names in an error ends after twenty of them.
func TestListedNames(t *testing.T) {
	names := strings.Fields(strings.Repeat("name ", mostListedNames))
	if got := someOf(names); strings.Count(got, "name") != mostListedNames || strings.HasSuffix(got, "...") {
		t.Errorf("twenty names: %s", got)
	}
	if got := someOf(append(names, "hidden")); !strings.HasSuffix(got, "name, ...") || strings.Contains(got, "hidden") {
		t.Errorf("one more: %s", got)
	}
	if got := someOf(nil); got != "" {
		t.Errorf("no names: %s", got)
	}
}

func TestSortedKeys(t *testing.T) {
	if got := strings.Join(sortedKeys(map[string]int{"b": 1, "a": 2, "C": 3}), " "); got != "C a b" {
		t.Error(got)
	}
}

// modelDistance is what distance computes, as its definition says it.
func modelDistance(from, to string) int {
	if from == "" || to == "" {
		return len(from) + len(to)
	}
	if from[0] == to[0] {
		return modelDistance(from[1:], to[1:])
	}
	return 1 + min(modelDistance(from[1:], to), modelDistance(from, to[1:]), modelDistance(from[1:], to[1:]))
}

func TestDistance(t *testing.T) {
	words := strings.Fields("a b ab ba abc path paht pth paths gates gaets gate status tls ttl key keys kye")
	for _, from := range append(words, "") {
		for _, to := range append(words, "") {
			if got, want := distance(from, to), modelDistance(from, to); got != want {
				t.Errorf("from %q to %q: %d, want %d", from, to, got, want)
			}
		}
	}
}
