package answer

import (
	"net/http"
	"reflect"
	"testing"

	"github.com/mod-zookeeper/traefik-zookeeper/internal/rules"
)

// A mode says what becomes of the value, and of what the service says itself.
func TestModesOfHeadersOfTheResponse(t *testing.T) {
	for _, c := range []struct {
		mode, value string
		own         []string
		want        []string
	}{
		{rules.ModeSet, "ours", nil, []string{"ours"}},
		{rules.ModeSet, "ours", []string{"its", "own"}, []string{"ours"}},
		{rules.ModeSet, "", []string{"its"}, nil},
		{rules.ModeAppend, "ours", nil, []string{"ours"}},
		{rules.ModeAppend, "ours", []string{"its"}, []string{"its", "ours"}},
		{rules.ModeAppend, "", []string{"its"}, []string{"its"}},
		{rules.ModeIfAbsent, "ours", nil, []string{"ours"}},
		{rules.ModeIfAbsent, "ours", []string{"its"}, []string{"its"}},
		{rules.ModeIfAbsent, "", nil, nil},
		{"remove", "", []string{"its"}, nil},
	} {
		headers, header := &Headers{}, http.Header{"X-A": c.own}
		Add(headers, &rules.Header{Name: "X-A", Mode: c.mode}, c.value)
		applyTo(header, headers)
		if got := header["X-A"]; len(got)+len(c.want) > 0 && !reflect.DeepEqual(got, c.want) {
			t.Errorf("%s: %q and %q give %q, want %q", c.mode, c.own, c.value, got, c.want)
		}
	}
}
