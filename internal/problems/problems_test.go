package problems

import (
	"reflect"
	"strings"
	"testing"
)

// A mistake has its key, what stands there, and the remedy. All of them are one error.
func TestMistakesAreOneError(t *testing.T) {
	list := &List{}
	if list.Err() != nil {
		t.Errorf("without a mistake: %v", list.Err())
	}
	list.Add("gates[0].status", "abc", "an HTTP status from 200 to 599")
	list.Add("maxNodes", -1, "a number from 1 on")
	want := `gates[0].status: "abc": an HTTP status from 200 to 599; maxNodes: "-1": a number from 1 on`
	if err := list.Err(); err == nil || err.Error() != want {
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
		{strings.Repeat("x", LongestQuote), `"` + strings.Repeat("x", LongestQuote) + `"`},
		{strings.Repeat("x", LongestQuote+1), `"` + strings.Repeat("x", LongestQuote) + `..."`},
	} {
		if got := Quoted(c.value); got != c.want {
			t.Errorf("%v is quoted as %s, want %s", c.value, got, c.want)
		}
	}
}

// A list of names in an error ends after twenty of them.
func TestListedNames(t *testing.T) {
	names := strings.Fields(strings.Repeat("name ", mostListedNames))
	if got := Names(names); strings.Count(got, "name") != mostListedNames || strings.HasSuffix(got, "...") {
		t.Errorf("twenty names: %s", got)
	}
	if got := Names(append(names, "hidden")); !strings.HasSuffix(got, "name, ...") || strings.Contains(got, "hidden") {
		t.Errorf("one more: %s", got)
	}
	if got := Names(nil); got != "" {
		t.Errorf("no names: %s", got)
	}
}

// True and false are read. Anything else is a mistake, whatever it may mean elsewhere.
func TestTruth(t *testing.T) {
	list := &List{}
	if !list.Truth("a", "true") || list.Truth("a", "false") || list.Texts() != nil {
		t.Errorf("true or false isn't read: %v", list.Err())
	}
	for _, text := range []string{"", "yes", "TRUE", "1"} {
		list := &List{}
		want := []string{"a: " + Quoted(text) + ": true or false is expected here"}
		if list.Truth("a", text) || !reflect.DeepEqual(list.Texts(), want) {
			t.Errorf("%q: %q, want %q", text, list.Texts(), want)
		}
	}
}

// Only single values have a text.
func TestScalarText(t *testing.T) {
	for _, value := range []any{nil, []any{"a"}, map[string]any{}, struct{}{}} {
		if text, isScalar := ScalarText(value); isScalar || text != "" {
			t.Errorf("%v has the text %q", value, text)
		}
	}
	for value, want := range map[any]string{"a": "a", "": "", 1.5: "1.5", 1e21: "1000000000000000000000", -7: "-7", false: "false", uint32(9): "9"} {
		if text, isScalar := ScalarText(value); !isScalar || text != want {
			t.Errorf("%v has the text %q, want %q", value, text, want)
		}
	}
}
