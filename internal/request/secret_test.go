package request

import (
	"net/http"
	"strings"
	"testing"
)

// A secret is found in each spelling in which Go finds it.
func TestSecretsAreFoundAsInGo(t *testing.T) {
	s := NewSecret("pass", "secret")
	for _, lines := range [][]string{
		{"pass=secret"}, {"a=b; pass=secret"}, {"a=b;pass=secret;c=d"}, {"a=b;  pass=secret"}, {"a=b;\tpass=secret; c=d"}, {"a=b ; pass =secret"}, {`pass="secret"`}, {"pass=secret "}, {"pass=a; pass=secret"},
		{"a=b", "pass=secret"}, {"a=b c; pass=secret"}, {" pass=secret"}, {"pass=secret;"}, {"pass=wrong"}, {"xpass=secret"}, {"a=pass=secret"}, {"a=b pass=secret"}, {"p ass=secret"}, {"pass"}, {"pass=sec ret"},
	} {
		want := false
		r := &http.Request{Header: http.Header{"Cookie": lines}}
		for _, c := range r.Cookies() {
			want = want || c.Name == "pass" && c.Value == "secret"
		}
		if got := IsInCookies(s, r); got != want {
			t.Errorf("%q: %v, Go says %v", lines, got, want)
		}
	}
}

// A secret is a whole value, and no longer than any may be. Only the first lines and values
// are compared.
func TestSecretsThatAreCompared(t *testing.T) {
	s, long := NewSecret("Pass", "s3cret"), strings.Repeat("x", MaxSecretBytes)
	others := strings.Split(strings.Repeat("other|", maxAttempts), "|")[:maxAttempts]
	for _, c := range []struct {
		secret *Secret
		lines  []string
		want   bool
	}{
		{s, nil, false},
		{s, []string{"s3cret"}, true},
		{s, []string{"s3cret "}, false},
		{s, []string{"s3cret", "other"}, true},
		{s, append(others[:maxAttempts-1:maxAttempts-1], "s3cret"), true},
		{s, append(others[:maxAttempts:maxAttempts], "s3cret"), false},
		{NewSecret("Pass", long), []string{long}, true},
		{NewSecret("Pass", long+"x"), []string{long + "x"}, false},
	} {
		if got := IsInHeader(c.secret, withLinesOfPass(c.lines)); got != c.want {
			t.Errorf("%.50q: %t", c.lines, got)
		}
	}
}

func lookForCookie(text string) { isCookie(NewSecret("a", "secret"), []string{text}) }

func lookForHeader(text string) {
	IsInHeader(NewSecret("Pass", "secret"), withLinesOfPass(strings.SplitAfter(text, ",")))
}

func withLinesOfPass(lines []string) *http.Request {
	return &http.Request{Header: http.Header{"Pass": lines}}
}

func FuzzSecretCost(f *testing.F) { fuzzCost(f, lookForCookie, lookForHeader) }
