package request

import (
	"context"
	"net/http"
	"reflect"
	"testing"
)

// Decisions stand in one header, in the order of the middlewares. What a client, or anybody
// else but a middleware in front, has put there goes.
func TestDecisionsOfSeveralMiddlewares(t *testing.T) {
	const name = "X-Decision"
	r := &http.Request{Header: http.Header{name: {"forged"}}}
	NoteDecisions(r, name, "")
	if r.Header[name] != nil {
		t.Errorf("what the client sent stays: %q", r.Header[name])
	}
	r.Header[name] = []string{"forged"}
	NoteDecisions(r, name, "first")
	NoteDecisions(r, "X-Other", "other")
	retried := r.WithContext(context.Background())
	for _, again := range []*http.Request{r, retried} {
		again.Header[name] = []string{"forged", "first"}
		NoteDecisions(again, name, "second")
		NoteDecisions(again, name, "")
		if got := again.Header[name]; !reflect.DeepEqual(got, []string{"first, second"}) {
			t.Errorf("%q", got)
		}
	}
	if got := r.Header["X-Other"]; !reflect.DeepEqual(got, []string{"other"}) {
		t.Errorf("in another header: %q", got)
	}
}

// A secret that is taken out of a request is known behind, from a header as from cookies.
// Only what a middleware has taken counts: nothing that somebody else left in the request.
func TestSecretsBehindAMiddleware(t *testing.T) {
	inHeader, inCookie := NewSecret("X-Pass", "secret"), NewSecret("pass", "secret")
	for _, lines := range [][]string{{"secret"}, {"other"}} {
		r := &http.Request{Header: http.Header{"X-Pass": lines, "Cookie": {"a=b; pass=" + lines[0]}}}
		want := lines[0] == "secret"
		for range 3 {
			if IsInHeader(inHeader, r) != want || IsInCookies(inCookie, r) != want {
				t.Errorf("%q: %t and %t", lines, IsInHeader(inHeader, r), IsInCookies(inCookie, r))
			}
			KeepSecrets(r, []string{"X-Pass", "X-None"})
			delete(r.Header, "X-Pass")
			RemoveCookie(r, "pass")
			NoteDecisions(r, "X-Decision", "pass")
		}
		if got := r.Header; !reflect.DeepEqual(got, http.Header{"Cookie": {"a=b"}, "X-Decision": {"pass, pass, pass"}}) {
			t.Errorf("the service gets %v", got)
		}
	}
	stranger := &http.Request{Header: http.Header{}, Response: &http.Response{Status: "302 Found", Trailer: http.Header{"X-Pass": {"secret"}, "Cookie": {"pass=secret"}}}}
	if IsInHeader(inHeader, stranger) || IsInCookies(inCookie, stranger) {
		t.Error("what another one left in the request counts")
	}
}
