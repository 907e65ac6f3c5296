package request

import (
	"net/http"
	"net/url"
	"reflect"
	"testing"
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
	for _, text := range []string{"", "a", "a; uid=7", "uid=7", " a", "A", "a\x00b", "/a"} {
		for _, other := range []string{"", "a", "uid=7", "b"} {
			f.Add(text, other, other, "/"+text, text, text, other, "/"+other)
			f.Add(text, other, text, "/"+text, text, other, text, "/"+text)
		}
	}
	f.Fuzz(func(t *testing.T, header, cookie, host, path, otherHeader, otherCookie, otherHost, otherPath string) {
		attributes := attributesOf(t, "{header.X-A}", "{cookie.uid|header.X-A}", "{host}", "{path}", "{'fixed'}-{header.X-A}")
		raw, isSimple := RawOf(attributes, nil)
		if !isSimple {
			t.Fatal("it is too much")
		}
		var keys []string
		var contexts []any
		for _, texts := range [][]string{{header, cookie, host, path}, {otherHeader, otherCookie, otherHost, otherPath}} {
			r := &http.Request{Host: texts[2], URL: &url.URL{Path: texts[3]}, Header: http.Header{"X-A": {texts[0]}, "Cookie": {texts[1]}}}
			for _, text := range texts[:3] {
				for i := range len(text) {
					if text[i] == 0 {
						return // no server lets that through
					}
				}
			}
			key, isWhole := KeyFrom(raw, r)
			if !isWhole {
				return // a long text
			}
			keys = append(keys, key)
			contexts = append(contexts, ContextOf(attributes, &Reader{Request: r}))
		}
		if keys[0] == keys[1] && !reflect.DeepEqual(contexts[0], contexts[1]) {
			t.Errorf("%q is the key of %v and of %v", keys[0], contexts[0], contexts[1])
		}
		same := header == otherHeader && cookie == otherCookie && host == otherHost && path == otherPath
		if same != (keys[0] == keys[1]) {
			t.Errorf("%q and %q, for the same: %t", keys[0], keys[1], same)
		}
	})
}

// What is taken from more than a few texts has no key, nor has a request with several lines.
func TestRequestsWithoutAKey(t *testing.T) {
	for _, text := range []string{"{ip}", "{query.a}", "{path.1}", "{header.X-A|ip}"} {
		if _, isSimple := RawOf(attributesOf(t, text), nil); isSimple {
			t.Errorf("%s is simple", text)
		}
	}
	raw, _ := RawOf(attributesOf(t, "{header.X-A}", "{header.X-B}"), map[string]string{"X-B": "ours"})
	if raw.OnlyHeader() != "X-A" {
		t.Errorf("beside a managed header, it is %q", raw.OnlyHeader())
	}
	cookies, _ := RawOf(attributesOf(t, "{cookie.a}"), nil)
	r := &http.Request{URL: &url.URL{}, Header: http.Header{"X-A": {"a", "b"}, "Cookie": {"a=b", "c=d"}}}
	if key, isWhole := KeyFrom(raw, r); key != "a" || !isWhole {
		t.Errorf("of several lines, %q is the key", key)
	}
	if key, isWhole := KeyFrom(cookies, r); isWhole {
		t.Errorf("of several lines with cookies, %q is the key", key)
	}
	several, _ := RawOf(attributesOf(t, "{header.X-A}", "{path}"), nil)
	long := &http.Request{URL: &url.URL{}, Header: http.Header{"X-A": {string(make([]byte, LongestRaw+1))}}}
	if _, isWhole := KeyFrom(several, long); isWhole {
		t.Error("a long line is copied into a key")
	}
	if key, isWhole := KeyFrom(raw, long); !isWhole || len(key) != LongestRaw+1 {
		t.Error("the only line is no key")
	}
	both := raw.Join(raw).Join(&Raw{Method: true})
	if both.OnlyHeader() != "" || len(both.Headers) != 1 || both.HasCookies() {
		t.Errorf("%+v", both)
	}
}
