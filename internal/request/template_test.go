package request

import (
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
)

// visiting is a request as a client may send it, behind Traefik.
func visiting(header, cookie, query, host, path string) *http.Request {
	return &http.Request{
		Method: http.MethodGet, Host: host, RemoteAddr: "192.0.2.1:1234",
		URL:    &url.URL{Path: path, RawQuery: url.Values{"q": {query}}.Encode()},
		Header: http.Header{"X-A": {header}, "Cookie": {"c=" + cookie}, "X-Real-Ip": {"192.0.2.7"}},
	}
}

var braces = regexp.MustCompile(`\{([^}]*)\}`)

// modelExpand is expand for the placeholders that visiting has values for. The
// second result is false where the request lacks one, the third where the text is
// no template, or another one than the model knows.
func modelExpand(text string, r *http.Request) (string, bool, bool) {
	values := map[string]string{
		"header.X-A": strings.Trim(r.Header.Get("X-A"), " \t"), "header.x-a": strings.Trim(r.Header.Get("X-A"), " \t"), "query.q": r.URL.Query().Get("q"),
		"cookie.c": "", "ip": "192.0.2.7", "method": r.Method, "path": r.URL.Path, "header.Missing": "",
	}
	if pairs := pairsOf(r.Header.Get("Cookie")); len(pairs) > 0 && isNamed(pairs[0], "c") {
		_, value, _ := strings.Cut(pairs[0], "=")
		if len(value) > 1 && strings.HasPrefix(value, `"`) && strings.HasSuffix(value, `"`) {
			value = value[1 : len(value)-1]
		}
		values["cookie.c"] = value
	}
	if strings.ContainsAny(braces.ReplaceAllString(text, ""), "{}") {
		return "", false, false
	}
	known, complete := true, true
	expanded := braces.ReplaceAllStringFunc(text, func(placeholder string) string {
		value := ""
		for _, alternative := range strings.Split(placeholder[1:len(placeholder)-1], "|") {
			alternative = strings.TrimSpace(alternative)
			reader, found := values[alternative]
			if literal, quoted := strings.CutPrefix(alternative, "'"); quoted && strings.HasSuffix(literal, "'") {
				reader, found = literal[:len(literal)-1], true
			}
			known = known && found
			if value == "" {
				value = reader
			}
		}
		complete = complete && value != ""
		return value
	})
	return expanded, complete && expanded != "", known
}

// FuzzTemplate holds templates against a model that knows nothing of parts and
// terms.
func FuzzTemplate(f *testing.F) {
	for _, text := range []string{
		"", "plain", "{header.X-A}", "a{query.q}b{cookie.c|ip}c", "{header.Missing|'nobody'}", "{header.Missing}", "{ ip | method }", "{path}", "{''}", "{'}'}",
		"{", "}", "{}", "{|}", "{ip", "ip}", "{{ip}}", "{header.}", "{header.X A}", "{path.0}", "{path.1}", "{host}", "{query.a{b}", "{cookie.c}{cookie.c}",
	} {
		f.Add(text, "h", "c", "q", "/p/1")
	}
	f.Fuzz(func(t *testing.T, text, header, cookie, query, path string) {
		parsed, err := ParseTemplate(text)
		r := visiting(header, cookie, query, "host.example", path)
		want, complete, known := modelExpand(text, r)
		if err != nil {
			if known {
				t.Errorf("%q is refused: %v", text, err)
			}
			return
		}
		reader := &Reader{Request: r}
		got := expand(parsed, reader)
		if reader.Unread != "" && (len(header+cookie+query+path) > 2000 || strings.Contains(text, "{path.")) {
			return
		}
		if reader.Unread != "" || known && (complete && got != want || !complete && got != "") {
			t.Errorf("%q is %q; want %q, %t", text, got, want, complete)
		}
		masked := &Reader{Request: r, Managed: map[string]string{"X-A": "managed"}}
		if got := expand(parsed, masked); text == "{header.X-A}" && got != "managed" {
			t.Errorf("a managed header is %q, as the client sent it", got)
		}
	})
}

// A template and a path name the headers that they read, as requests have them.
func TestHeadersOfTemplates(t *testing.T) {
	const text = "/a/{header.x-b|cookie.c}/{ip}/{header.X-A|header.x-b}"
	want := "X-B X-A X-B"
	if got := strings.Join(HeadersReadBy(mustParse(t, text)), " "); got != want {
		t.Errorf("the template reads %s, want %s", got, want)
	}
	path, fault := ParsePathTemplate(text, 0)
	if fault != "" {
		t.Fatal(fault)
	}
	if got := strings.Join(HeadersReadByPath(path), " "); got != want {
		t.Errorf("the path reads %s, want %s", got, want)
	}
	if got := HeadersReadBy(nil); got != nil {
		t.Errorf("no template reads %s", got)
	}
}

// What is wrong with a path is said, and nothing where nothing is.
func TestFaultsOfPathTemplates(t *testing.T) {
	for _, c := range []struct {
		text  string
		limit int
		want  string
	}{
		{"/a/{host}", 0, ""},
		{"/{host}", 5, ""},
		{"/{host}", 0, "has a placeholder in its first segment"},
		{"/a/{host", 0, "has a brace without its other one"},
		{"/a/{user}", 0, "has the unknown placeholder"},
		{"a/{host}", 0, "has to start with a slash"},
		{"/zookeeper/{host}", 0, "leads into ZooKeeper's own nodes"},
	} {
		_, fault := ParsePathTemplate(c.text, c.limit)
		if (fault == "") != (c.want == "") || !strings.Contains(fault, c.want) {
			t.Errorf("%s, %d: %q, want %q", c.text, c.limit, fault, c.want)
		}
	}
}
