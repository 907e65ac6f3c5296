package request

import (
	"strings"
	"testing"
	"unicode"

	"github.com/mod-zookeeper/traefik-zookeeper/internal/value"
)

// FuzzPattern: whatever a client sends, the path that a pattern means for it has
// the pattern's own segments, one value in each place, and lies where the pool
// watches.
func FuzzPattern(f *testing.F) {
	for _, text := range []string{
		"/tenants/{header.X-A}", "/t/{header.X-A}/flags/{cookie.c|ip}", "/t/pre-{query.q}-post", "/t/{header.X-A}{query.q}", "/t/.{header.X-A}", "/t/{header.X-A}.",
		"/t/{host}/{path.1}", "/t/{'a/b'}", "/t/{header.X-A|'..'}/x", "/{header.X-A}", "/zookeeper/{ip}", "/t/{path}", "/t/{query.a/b}/c", "t/{ip}", "/t//{ip}", "/t/{ip}/", "/t/{ip}/..",
	} {
		for _, value := range []string{"ann", "..", ".", "a/b", "/", "../ann", "a\x00b", "a\x7f", "{ip}", "%2e%2e%2fann", ""} {
			f.Add(text, value, value, value, value, "/"+value)
		}
	}
	f.Fuzz(func(t *testing.T, text, header, cookie, query, host, path string) {
		if !strings.Contains(text, "{") {
			return
		}
		p, fault := ParsePathTemplate(text, 7)
		if fault != "" {
			return
		}
		r := visiting(header, cookie, query, host, path)
		reader := &Reader{Request: r}
		got, meant := PathFor(p, reader)
		if reader.Unread != "" {
			return
		}
		if want, complete, known := modelExpand(text, r); known && meant && (!complete || got != want) {
			t.Errorf("%q means %q, want %q, %t", text, got, want, complete)
		} else if known && complete && !meant && fits(text, want) {
			t.Errorf("%q means nothing, want %q", text, want)
		}
		if meant {
			checkMeant(t, p.Pattern, got)
		}
	})
}

// fits tells whether an expanded text still is a path with as many segments as
// the pattern, in characters that nobody doubts.
func fits(text, expanded string) bool {
	doubtful := func(r rune) bool { return r > unicode.MaxASCII || !unicode.IsLetter(r) && r != '/' }
	return len(expanded) < longestSegment && !strings.ContainsFunc(expanded, doubtful) && !strings.Contains(expanded, "//") &&
		strings.Count(expanded, "/") == strings.Count(braces.ReplaceAllString(text, ""), "/")
}

// checkMeant looks at a path that a request means: segment by segment, as the
// pattern without its placeholders has them.
func checkMeant(t *testing.T, p *value.Pattern, path string) {
	t.Helper()
	for i := range len(path) {
		if path[i] < 0x20 || path[i] == 0x7f {
			t.Fatalf("%q leads to %q, with a control character", p.Text, path)
		}
	}
	frames := strings.Split(braces.ReplaceAllString(p.Text, "\x00"), "/")
	segments := strings.Split(path, "/")
	if len(frames) != len(segments) {
		t.Fatalf("%q leads to %q, elsewhere", p.Text, path)
	}
	placed := 0
	for i, frame := range frames[1:] {
		segment := segments[i+1]
		if segment == "" || segment == "." || segment == ".." {
			t.Fatalf("%q leads to %q, which has the segment %q", p.Text, path, segment)
		}
		before, after := frame, frame
		if at := strings.IndexByte(frame, 0); at >= 0 {
			before, after = frame[:at], frame[strings.LastIndexByte(frame, 0)+1:]
			if !p.Levels[placed].Matches(segment) {
				t.Fatalf("%q leads to %q, which isn't watched", p.Text, path)
			}
			placed++
		} else if segment != frame {
			t.Fatalf("%q leads to %q, elsewhere", p.Text, path)
		}
		if !strings.HasPrefix(segment, before) || !strings.HasSuffix(segment, after) {
			t.Fatalf("%q leads to %q, elsewhere", p.Text, path)
		}
	}
	if placed != len(p.Levels) || p.Root != "/" && !strings.HasPrefix(path, p.Root+"/") || strings.HasPrefix(path, "/zookeeper/") && p.Root != "/" {
		t.Fatalf("%q with the root %q leads to %q", p.Text, p.Root, path)
	}
}
