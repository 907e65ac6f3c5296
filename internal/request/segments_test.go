package request

import (
	"net/url"
	"strings"
	"testing"
)

// modelIsUnambiguous goes from segment to segment, where IsUnambiguous searches.
func modelIsUnambiguous(u *url.URL) bool {
	if !strings.HasPrefix(u.Path, "/") || strings.Contains(u.Path, "\\") {
		return false
	}
	segments := strings.Split(u.Path[1:], "/")
	for i, segment := range segments {
		name, _, _ := strings.Cut(segment, ";")
		if name == "." || name == ".." || name == "" && i < len(segments)-1 {
			return false
		}
	}
	return !hidesSeparator(u.EscapedPath())
}

// FuzzSegments: a path has the segments that a loop finds, or none.
func FuzzSegments(f *testing.F) {
	for _, path := range []string{"", "/", "/a", "/a/", "//", "/a//b", "/.", "/..", "/a/./b", "/a/..", "/..;/a", "/.;x", "/;", "/;/a", "/a/;", "/a/;b", "/a;b/c", "/a;/b", "/a;.", "/a;/..", "/.a/..b", "/a.", "\\", "/a%2fb", "/%2e", "/a%5C", "/a%252fb", "a/b", "*", "/a;b;/c/;d"} {
		f.Add(path, path)
		f.Add(path, "")
	}
	f.Fuzz(func(t *testing.T, path, raw string) {
		u := &url.URL{Path: path, RawPath: raw}
		if decoded, err := url.PathUnescape(path); raw == "" && err == nil && strings.Contains(path, "%") {
			u = &url.URL{Path: decoded, RawPath: path}
		}
		if len(u.Path) > maxTextBytes || len(u.RawPath) > maxTextBytes {
			return
		}
		want := modelIsUnambiguous(u)
		if got := IsUnambiguous(u); got != want {
			t.Errorf("%q, %q is unambiguous: %t, want %t", u.Path, u.RawPath, got, want)
		}
	})
}
