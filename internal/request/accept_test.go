package request

import (
	"strings"
	"testing"
)

// A client gets JSON that wants it more than the other type, by the most specific
// range that it accepts.
func TestWhoPrefersJSON(t *testing.T) {
	for _, c := range []struct {
		accept string
		want   bool
	}{
		{"", false},
		{"*/*", false},
		{"application/json", true},
		{"Application/JSON", true},
		{"text/html", false},
		{"text/html, application/json", false},
		{"text/html;q=0.9, application/json", true},
		{"application/json;q=0.9, text/html", false},
		{"application/json;q=0.9, */*;q=0.8", true},
		{"application/*, text/html;q=0.5", true},
		{"application/json;q=0, */*", false},
		{"application/json;q=0.5, */*", false},
		{"application/json;charset=utf-8", true},
		{"application/json ; q = 0.5 , text/* ; q = 0.4", true},
		{"application/json;q=much", true},
		{"application/jsonp", false},
		{"x-application/json", false},
	} {
		if got := PrefersJSON([]string{c.accept}, "text/html; charset=utf-8"); got != c.want {
			t.Errorf("%s: %t", c.accept, got)
		}
	}
	if !PrefersJSON([]string{"text/html;q=0.9", "application/json"}, "text/html") {
		t.Error("the second line doesn't count")
	}
	long := "application/json," + strings.Repeat("a/b,", maxAcceptBytes/4)
	if PrefersJSON([]string{long}, "text/html") {
		t.Error("what is too long is read")
	}
}

func acceptLine(text string) { PrefersJSON([]string{text}, "text/html") }

func acceptLines(text string) { PrefersJSON(strings.SplitAfter(text, ","), "text/html") }

func FuzzAcceptCost(f *testing.F) { fuzzCost(f, acceptLine, acceptLines) }
