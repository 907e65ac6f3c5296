package serve

import (
	"net/http"
	"net/http/httptest"
	"slices"
	"testing"

	"github.com/mod-zookeeper/traefik-zookeeper/internal/rules"
)

func TestOnlyThePathsOfTheStatusAreItsOwn(t *testing.T) {
	var asked []StatusRequest
	answer := func(_ http.ResponseWriter, _ *http.Request, seen *StatusRequest) {
		asked = append(asked, *seen)
	}
	passed := 0
	handler := pagesBefore(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { passed++ }), statusPages(&rules.StatusPage{Path: "/status", HidesValues: true}, answer))
	for _, path := range []string{"/", "/statuses", "/status/", "/status/other", "/status/ready/", "/a/status", "/status", "/status/ready", "/status/metrics"} {
		handler(httptest.NewRecorder(), httptest.NewRequest(http.MethodGet, path, nil))
	}
	want := []StatusRequest{{"", true}, {"/ready", true}, {"/metrics", true}}
	if passed != 6 || !slices.Equal(asked, want) {
		t.Errorf("%d went on, %+v were answered", passed, asked)
	}
}
