package request

import (
	"net/http"
	"net/url"
	"testing"
)

// A parameter that services read in ways of their own has no value, and says so. The
// others keep theirs.
func TestMalformedQueries(t *testing.T) {
	for _, c := range []struct {
		query, name, want string
		unread            bool
	}{
		{"a=1&b=2", "a", "1", false},
		{"a=1&b=2", "c", "", false},
		{"", "a", "", false},
		{"a=50%&b=2", "a", "", true},
		{"a=50%&b=2", "b", "2", false},
		{"a=50%&b=2", "c", "", false},
		{"a=1;b=2&c=3", "a", "", true},
		{"a=1;b=2&c=3", "b", "", true},
		{"a=1;b=2&c=3", "c", "3", false},
		{"a=1&a=50%", "a", "", true},
		{"%61=50%", "a", "", true},
		{"%zz=1&b=2", "b", "", true},
		{"%zz=1&b=2", "c", "", true},
	} {
		reader := &Reader{Request: &http.Request{URL: &url.URL{RawQuery: c.query}}}
		if got := queryOf(c.name, reader); got != c.want || (reader.Unread != "") != c.unread {
			t.Errorf("%s: %s is %q, unread: %q", c.query, c.name, got, reader.Unread)
		}
	}
}

// What couldn't be read before stays unread, whatever is looked up next.
func TestUnreadStaysUnread(t *testing.T) {
	reader := &Reader{Request: &http.Request{URL: &url.URL{RawQuery: "a=50%&b=2"}}}
	for _, name := range []string{"a", "b", "c"} {
		queryOf(name, reader)
		if reader.Unread == "" {
			t.Errorf("after %s, it is forgotten", name)
		}
	}
}
