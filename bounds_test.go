package zookeeper

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"
)

func many(count int, form, separator string) string {
	parts := make([]string, count)
	for i := range parts {
		parts[i] = fmt.Sprintf(form, i)
	}
	return strings.Join(parts, separator)
}

// What is documented to be read is read to the last byte, and nothing beyond it.
func TestBoundsOfWhatIsRead(t *testing.T) {
	x := func(count int) string { return strings.Repeat("x", count) }
	cookies := func(lines ...string) *http.Request { return &http.Request{Header: linesOf(lines...), URL: &url.URL{}} }
	query := func(raw string) *http.Request { return &http.Request{URL: &url.URL{RawQuery: raw}} }
	header := func(value string) *http.Request {
		return &http.Request{Header: http.Header{"X-A": {value}}, URL: &url.URL{}}
	}
	path := func(text string) *http.Request { return &http.Request{URL: &url.URL{Path: text}} }
	for _, c := range []struct {
		name           string
		within, beyond *http.Request
		read           func(v *visitor) any
	}{
		{"a cookie's line", cookies("a=" + x(16<<10-2)), cookies("a=" + x(16<<10-1)), func(v *visitor) any { return cookieOf(parseNamed("cookie", "a"), v) }},
		{"lines of cookies", cookies(strings.Split(many(16, "a=%d", "|"), "|")...), cookies(strings.Split(many(17, "a=%d", "|"), "|")...), func(v *visitor) any { return cookieOf(parseNamed("cookie", "a"), v) }},
		{"all cookies", cookies(many(100, "c%d=x", "; ")), cookies(many(101, "c%d=x", "; ")), func(v *visitor) any { return cookiesOf(v)["c99"] }},
		{"a query", query("a=" + x(16<<10-2)), query("a=" + x(16<<10-1)), func(v *visitor) any { return queryOf("a", v) }},
		{"parameters", query(many(500, "q%d=x", "&")), query(many(501, "q%d=x", "&")), func(v *visitor) any { return queryOf("q499", v) }},
		{"parameters beside a malformed one", query("a=%&" + many(63, "q%d=x", "&")), query("a=%&" + many(64, "q%d=x", "&")), func(v *visitor) any { return queryOf("q62", v) }},
		{"all parameters", query(many(100, "q%d=x", "&")), query(many(101, "q%d=x", "&")), func(v *visitor) any { return parametersOf(v)["q99"] }},
		{"an attribute", header(x(16 << 10)), header(x(16<<10 + 1)), func(v *visitor) any { return contextOf(attributesFor([]string{"headers.x-a"}, nil), v)["headers.x-a"] }},
		{"a path", path("/" + x(16<<10-1)), path("/" + x(16<<10)), func(v *visitor) any { return segmentOf(0, v) }},
		{"a targeting key", header(x(4 << 10)), header(x(4<<10 + 1)), func(v *visitor) any {
			key, _ := parseTemplate("{header.X-A}")
			return contextOf(attributesFor([]string{targetingKey}, map[string]*template{targetingKey: key}), v)[targetingKey]
		}},
	} {
		v := &visitor{request: c.within}
		if got := c.read(v); got == nil || got == "" || v.unread != "" {
			t.Errorf("%s: within its bounds it is %.50v: %s", c.name, got, v.unread)
		}
		v = &visitor{request: c.beyond}
		if c.read(v); v.unread == "" {
			t.Errorf("%s: what is beyond its bounds is read", c.name)
		}
	}
}
