package zookeeper

import (
	"net/url"
	"strings"
)

// segmentOf is a segment of a path that nobody reads in two ways. Others have none
// that could be told, or /ann/..%2fbob would be ann's to Traefik's rules and bob's here.
func segmentOf(index int, v *visitor) string {
	u := v.request.URL
	if !strings.HasPrefix(u.Path, "/") {
		return ""
	}
	if !readsOneWay(u) {
		v.unread = "the path is longer than 16 KB, or can be read in two ways"
		return ""
	}
	segments := strings.SplitN(u.Path[1:], "/", index+2)
	if index >= len(segments) {
		return ""
	}
	return segments[index]
}

// readsOneWay tells whether all agree on a path's segments: what a service makes of
// others, before or after it decodes them, it alone knows.
func readsOneWay(u *url.URL) bool {
	if len(u.Path) > maxTextBytes || len(u.RawPath) > maxTextBytes || !isPlainPath(u.Path) {
		return false
	}
	// Without a RawPath, the path is encoded as it always is, and a slash never is.
	return u.RawPath == "" || !hidesSeparator(u.EscapedPath())
}

// isPlainPath tells whether a path has only segments that stand for themselves;
// what is behind a semicolon is a parameter to some. The last segment may be empty.
func isPlainPath(path string) bool {
	if !strings.HasPrefix(path, "/") || strings.Contains(path, "\\") || strings.Contains(path, "//") {
		return false
	}
	if strings.Contains(path, "/.") && hasDots(path) {
		return false
	}
	at := strings.Index(path, "/;")
	return at < 0 || !strings.Contains(path[at+1:], "/")
}

// hasDots tells whether one of a path's segments is . or ..
func hasDots(path string) bool {
	path = strings.ReplaceAll(path, ";", "/;") + "/"
	return strings.Contains(path, "/./") || strings.Contains(path, "/../")
}

// hidesSeparator tells whether a path has an encoded slash or backslash.
func hidesSeparator(escaped string) bool {
	escaped = strings.ToLower(escaped)
	return strings.Contains(escaped, "%2f") || strings.Contains(escaped, "%5c")
}
