package zookeeper

import (
	"net/http"
	"net/http/httptest"
	"slices"
	"testing"
)

func TestOnlyThePathsOfTheStatusAreItsOwn(t *testing.T) {
	var asked []statusRequest
	answer := func(_ http.ResponseWriter, _ *http.Request, request *statusRequest) { asked = append(asked, *request) }
	passed := 0
	handler := statusBefore(func(http.ResponseWriter, *http.Request) { passed++ }, &statusPage{path: "/status", hidesValues: true}, answer)
	for _, path := range []string{"/", "/statuses", "/status/", "/status/other", "/status/ready/", "/a/status", "/status", "/status/ready", "/status/metrics"} {
		handler(httptest.NewRecorder(), httptest.NewRequest(http.MethodGet, path, nil))
	}
	want := []statusRequest{{"", true}, {"/ready", true}, {"/metrics", true}}
	if passed != 6 || !slices.Equal(asked, want) {
		t.Errorf("%d went on, %+v were answered", passed, asked)
	}
}
