package request

import (
	"net/http"
	"net/url"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/mod-zookeeper/traefik-zookeeper/internal/ipset"
)

// attributesOf are attributes with these templates.
func attributesOf(t *testing.T, texts ...string) []*Attribute {
	t.Helper()
	configured := map[string]*Template{}
	for _, text := range texts {
		parsed, err := ParseTemplate(text)
		if err != nil {
			t.Fatal(err)
		}
		configured[text] = parsed
	}
	return AttributesFor(texts, configured)
}

// Requests with the same key are the same to the attributes. Those that aren't the same to
// them have other keys.
func FuzzKeys(f *testing.F) {
	for _, text := range []string{"", "a", "a; uid=7", "uid=7", " a", "A", "a\x00b", "/a", "a=b", "::1"} {
		for _, other := range []string{"", "a", "uid=7", "b", "1.2.3.4"} {
			f.Add(text, other, other, text, "/"+text, text, text, other, text, "/"+other)
			f.Add(text, other, text, other, "/"+text, text, other, text, other, "/"+text)
		}
	}
	f.Fuzz(func(t *testing.T, header, cookie, host, query, path, otherHeader, otherCookie, otherHost, otherQuery, otherPath string) {
		strategies := []*IPStrategy{nil, {}, {Header: "X-A"}, {Depth: 2}}
		texts := [][]string{{header, cookie, host, query, path}, {otherHeader, otherCookie, otherHost, otherQuery, otherPath}}
		for _, text := range append(texts[0][:4:4], texts[1][:4]...) {
			if strings.Contains(text, "\x00") {
				return // no server lets that through
			}
		}
		for _, s := range strategies {
			attributes := attributesOf(t, "{header.X-A}", "{cookie.uid|header.X-A}", "{host}", "{path}", "{path.1}", "{query.a}", "{ip|method}", "{'fixed'}-{header.X-A}")
			for _, a := range attributes {
				UseIPStrategy(a.template, s)
			}
			raw := RawOf(attributes, nil)
			var keys []string
			var contexts []any
			for _, all := range texts {
				r := &http.Request{Method: all[1], Host: all[2], RemoteAddr: all[2], URL: &url.URL{Path: all[4], RawQuery: all[3]}, Header: http.Header{"X-A": {all[0]}, "Cookie": {all[1]}, "X-Real-Ip": {all[3]}, "X-Forwarded-For": {all[0]}}}
				key, isWhole := KeyFrom(raw, r)
				if !isWhole {
					return // a long text
				}
				reader := &Reader{Request: r}
				keys = append(keys, key)
				contexts = append(contexts, ContextOf(attributes, reader), reader.Unread)
			}
			if keys[0] == keys[1] && (!reflect.DeepEqual(contexts[0], contexts[2]) || contexts[1] != contexts[3]) {
				t.Errorf("%q is the key of %v", keys[0], contexts)
			}
			same := reflect.DeepEqual(texts[0], texts[1])
			if same != (keys[0] == keys[1]) {
				t.Errorf("%q and %q, for the same: %t", keys[0], keys[1], same)
			}
		}
	})
}

// What is taken from all lines of a header has no key where there are several.
func TestRequestsWithoutAKey(t *testing.T) {
	raw := RawOf(attributesOf(t, "{header.X-A}", "{header.X-B}"), map[string]string{"X-B": "ours"})
	if raw.OnlyHeader() != "X-A" {
		t.Errorf("beside a managed header, it is %q", raw.OnlyHeader())
	}
	cookies := RawOf(attributesOf(t, "{cookie.a}"), nil)
	r := &http.Request{URL: &url.URL{}, Header: http.Header{"X-A": {"a", "b"}, "Cookie": {"a=b", "c=d"}}}
	if key, isWhole := KeyFrom(raw, r); key != "a" || !isWhole {
		t.Errorf("of several lines, %q is the key", key)
	}
	if key, isWhole := KeyFrom(cookies, r); isWhole {
		t.Errorf("of several lines with cookies, %q is the key", key)
	}
	several := RawOf(attributesOf(t, "{header.X-A}", "{path}"), nil)
	long := &http.Request{URL: &url.URL{}, Header: http.Header{"X-A": {string(make([]byte, LongestRaw+1))}}}
	if _, isWhole := KeyFrom(several, long); isWhole {
		t.Error("a long line is copied into a key")
	}
	if key, isWhole := KeyFrom(raw, long); !isWhole || len(key) != LongestRaw+1 {
		t.Error("the only line is no key")
	}
	both := raw.Join(raw).Join(&Raw{Method: true})
	if both.OnlyHeader() != "" || len(both.Headers) != 1 || both.Whole[0] {
		t.Errorf("%+v", both)
	}
}

// The client's address is taken from what its strategy looks at, and from nothing else.
func TestRawTextsOfAddresses(t *testing.T) {
	for _, c := range []struct {
		strategy     *IPStrategy
		headers      []string
		remote       bool
		unlessHeader string
	}{
		{nil, []string{"X-Real-Ip", "X-Forwarded-For"}, true, "X-Real-Ip"},
		{&IPStrategy{}, nil, true, ""},
		{&IPStrategy{IPv6Subnet: 64}, nil, true, ""},
		{&IPStrategy{Header: "X-A"}, []string{"X-A"}, false, ""},
		{&IPStrategy{Depth: 1}, []string{"X-Forwarded-For"}, false, ""},
		{&IPStrategy{Excluded: &ipset.Set{}}, []string{"X-Forwarded-For"}, false, ""},
	} {
		attributes := attributesOf(t, "{ip}", "{header.X-A}")
		UseIPStrategy(attributes[0].template, c.strategy)
		raw := RawOf(attributes[:1], nil)
		if !slices.Equal(raw.Headers, c.headers) || slices.Contains(raw.Whole, false) || raw.Remote != c.remote || raw.UnlessHeader != c.unlessHeader {
			t.Errorf("%+v: %+v", c.strategy, raw)
		}
		both := RawOf(attributes[1:], nil).Join(raw)
		if at := slices.Index(both.Headers, "X-A"); at != 0 || both.Whole[0] != slices.Contains(c.headers, "X-A") {
			t.Errorf("with a header, %+v: %+v", c.strategy, both)
		}
	}
}

// Of all that a client sends, only the path may have zero bytes. It can't take the place of
// anything else.
func TestKeysOfForgedPaths(t *testing.T) {
	raw := RawOf(attributesOf(t, "{header.X-A}", "{method}", "{path}"), nil)
	for _, separator := range []string{"\x00", "\x00\x00", PlaceSeparator} {
		plain := &http.Request{Method: "GET", URL: &url.URL{Path: "/p"}, Header: http.Header{"X-A": {"/a"}}}
		forged := &http.Request{Method: "0", URL: &url.URL{Path: "/a" + separator + "GET" + separator + "/p"}}
		key, _ := KeyFrom(raw, plain)
		other, _ := KeyFrom(raw, forged)
		if key == other {
			t.Errorf("%q is the key of both", key)
		}
	}
}

// Without X-Real-Ip, and with an empty one, the other end of the connection counts, whatever
// its port.
func TestKeysOfConnections(t *testing.T) {
	raw := RawOf(attributesOf(t, "{ip}"), nil)
	keyOf := func(remote string, realIP ...string) string {
		r := &http.Request{URL: &url.URL{}, RemoteAddr: remote, Header: http.Header{}}
		if realIP != nil {
			r.Header["X-Real-Ip"] = realIP
		}
		key, _ := KeyFrom(raw, r)
		return key
	}
	if keyOf("192.0.2.1:5") != keyOf("192.0.2.1:6") || keyOf("192.0.2.1:5") == keyOf("192.0.2.2:5") || keyOf("192.0.2.1:5", "") == keyOf("192.0.2.2:5", "") {
		t.Error("the connection counts wrongly where there is nothing else")
	}
	if keyOf("192.0.2.1:5", "192.0.2.9") != keyOf("192.0.2.2:5", "192.0.2.9") {
		t.Error("the connection counts where there is X-Real-Ip")
	}
}
