package answer

import (
	"io"
	"net/http"
	"net/http/httptest"
	"reflect"
	"strings"
	"testing"

	"github.com/mod-zookeeper/traefik-zookeeper/internal/request"
	"github.com/mod-zookeeper/traefik-zookeeper/internal/rules"
)

// answered is what a handler answers to a request.
func answered(handler http.HandlerFunc, r *http.Request) *http.Response {
	w := httptest.NewRecorder()
	handler(w, r)
	return w.Result()
}

func bodyOf(t *testing.T, answer *http.Response) string {
	t.Helper()
	body, err := io.ReadAll(answer.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(body)
}

// There are short ways to give an answer. Each gives the same as the long one, to all
// requests, apart from a length that a server adds by itself.
func TestShortWaysOfAnAnswer(t *testing.T) {
	for _, answer := range []*rules.Refusal{
		unevaluated, AbsentRouter,
		{Status: http.StatusForbidden, Body: rules.NewPage(rules.DefaultContentType, []byte("no line break"))},
		{Status: http.StatusForbidden, Body: rules.NewPage(rules.DefaultContentType, []byte("\n"))},
		{Status: http.StatusForbidden, Body: rules.NewPage(rules.DefaultContentType, []byte(strings.Repeat("x", 2000)+"\n"))},
		{Status: http.StatusServiceUnavailable, Body: rules.NewPage("text/html", []byte("<p>closed\n"))},
	} {
		ways := map[string]http.HandlerFunc{"RefusalHandler": RefusalHandler(answer), "fixedRefusal": fixedRefusal(answer)}
		if text, isError := errorText(answer.Body); isError {
			ways["refusalAsError"] = refusalAsError(answer, text)
		}
		for _, method := range []string{http.MethodGet, http.MethodHead, http.MethodPost} {
			want := answered(func(w http.ResponseWriter, r *http.Request) { Refuse(w, r, answer) }, httptest.NewRequest(method, "/", nil))
			wanted := bodyOf(t, want)
			want.Header.Del("Content-Length")
			for way, handler := range ways {
				got := answered(handler, httptest.NewRequest(method, "/", nil))
				got.Header.Del("Content-Length")
				if got.StatusCode != want.StatusCode || !reflect.DeepEqual(got.Header, want.Header) || bodyOf(t, got) != wanted {
					t.Errorf("%s %s: %d %v, want %d %v", method, way, got.StatusCode, got.Header, want.StatusCode, want.Header)
				}
			}
		}
	}
}

// An answer is never kept, nor taken for another type.
func TestHeadersOfAnAnswer(t *testing.T) {
	answer := &rules.Refusal{
		Status: http.StatusServiceUnavailable, Body: rules.NewPage("text/html", []byte("<p>")), JSON: rules.NewPage(request.JSONContentType, []byte("{}")),
		Headers: map[string][]string{"Retry-After": {"30"}},
	}
	got := answered(RefusalHandler(answer), httptest.NewRequest(http.MethodGet, "/", nil))
	want := http.Header{
		"Cache-Control": {"no-store"}, "X-Content-Type-Options": {"nosniff"}, "Retry-After": {"30"}, "Vary": {"Accept"}, "Content-Type": {"text/html"}, "Content-Length": {"3"},
	}
	if !reflect.DeepEqual(got.Header, want) || got.StatusCode != answer.Status {
		t.Errorf("%d %v", got.StatusCode, got.Header)
	}
	r := httptest.NewRequest(http.MethodGet, "/", nil)
	r.Header.Set("Accept", "application/json")
	if got := answered(RefusalHandler(answer), r); got.Header.Get("Content-Type") != request.JSONContentType || got.Header.Get("Content-Length") != "2" {
		t.Errorf("in JSON: %v", got.Header)
	}
}

// A client can't make its own request look like one that was decided about.
func TestForgedDecisions(t *testing.T) {
	r := httptest.NewRequest(http.MethodGet, "/", nil)
	r.Header.Set("X-Decision", "pass")
	answered(RefusalHandler(UnavailableFor("x-decision")), r)
	if got := r.Header.Get("X-Decision"); got != "" {
		t.Errorf("it says %s", got)
	}
	request.NoteDecisions(r, "X-Decision", "pass; flag=before")
	answered(RefusalHandler(UnavailableFor("x-decision")), r)
	if got := r.Header.Get("X-Decision"); got != "pass; flag=before" {
		t.Errorf("of what a middleware in front has decided, it says %q", got)
	}
	if unevaluated.DecisionHeader != "" {
		t.Error("the answer to others has changed")
	}
}

// gRPC has the status in a header of an answer that is well, which nobody may keep. Only
// who speaks gRPC is answered so: not a client that says so in a request which can't be one.
func TestAnswersToGRPC(t *testing.T) {
	for status, want := range map[int]string{400: "13", 401: "16", 403: "7", 404: "12", 429: "14", 500: "2", 502: "14", 503: "14", 504: "14", 302: "2"} {
		answer := &rules.Refusal{
			Status: status, Body: rules.NewPage(rules.DefaultContentType, []byte("x")),
			Headers: map[string][]string{"Cache-Control": {"max-age=60"}},
		}
		for _, c := range []struct {
			method, kind string
			version      int
			isGRPC       bool
		}{
			{http.MethodPost, "application/grpc", 2, true},
			{http.MethodPost, "application/grpc+proto", 2, true},
			{http.MethodPost, "Application/grpc; charset=utf-8", 3, true},
			{http.MethodPost, "application/grpc-web+proto", 1, true},
			{http.MethodPost, "application/grpc-web-text", 2, true},
			{http.MethodPost, "application/grpc", 1, false},
			{http.MethodGet, "application/grpc", 2, false},
			{http.MethodGet, "application/grpc-web", 1, false},
			{http.MethodPost, "application/grpcx", 2, false},
			{http.MethodPost, "application/grpc-webx", 2, false},
			{http.MethodPost, "text/plain", 2, false},
			{http.MethodPost, "", 2, false},
		} {
			r := httptest.NewRequest(c.method, "/", nil)
			r.Header.Set("Content-Type", c.kind)
			r.ProtoMajor = c.version
			got := answered(RefusalHandler(answer), r)
			if !c.isGRPC {
				if got.StatusCode != status || got.Header.Get("Grpc-Status") != "" || bodyOf(t, got) != "x" {
					t.Errorf("%d for %+v: %d %v", status, c, got.StatusCode, got.Header)
				}
				continue
			}
			kind := "application/grpc"
			if strings.Contains(c.kind, "web") {
				kind = c.kind
			}
			if got.StatusCode != http.StatusOK || got.Header.Get("Grpc-Status") != want || got.Header.Get("Content-Type") != kind || got.Header.Get("Cache-Control") != "no-store" || bodyOf(t, got) != "" {
				t.Errorf("%d for %+v: %d %v", status, c, got.StatusCode, got.Header)
			}
		}
	}
}

// Another body doesn't change the answer that it comes from.
func TestAnswerWithAnotherBody(t *testing.T) {
	answer := &rules.Refusal{Status: http.StatusForbidden, Body: rules.NewPage("text/html", []byte("a"))}
	other := answer.WithBody([]byte("longer"))
	if string(answer.Body.Body) != "a" || string(other.Body.Body) != "longer" || other.Body.ContentLength[0] != "6" || other.Body.ContentType[0] != "text/html" || other.Status != answer.Status {
		t.Errorf("%+v, %+v", answer.Body, other.Body)
	}
}
