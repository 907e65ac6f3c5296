package request

import (
	"net/url"
	"strings"
)

// segmentOf is a segment of the path, counted from 0. An ambiguous path has no segments:
// otherwise /ann/..%2fbob would be ann's to Traefik's rules and bob's here.
func segmentOf(index int, r *Reader) string {
	u := r.Request.URL
	if !strings.HasPrefix(u.Path, "/") {
		return ""
	}
	if !IsUnambiguous(u) {
		r.Unread = "the path is longer than 16 KB, or can be read in two ways"
		return ""
	}
	segments := strings.SplitN(u.Path[1:], "/", index+2)
	if index >= len(segments) {
		return ""
	}
	return segments[index]
}

// IsUnambiguous tells whether everybody sees the same segments in a path. What a service
// makes of other paths, before or after it decodes them, only that service knows. A path that
// is too long to be read is ambiguous too.
func IsUnambiguous(u *url.URL) bool {
	if len(u.Path) > maxTextBytes || len(u.RawPath) > maxTextBytes || !IsPlainPath(u.Path) {
		return false
	}
	// Without a RawPath, the path was encoded in the usual way, which encodes no slash.
	return u.RawPath == "" || !hidesSeparator(u.EscapedPath())
}

// IsPlainPath tells whether a decoded path begins with a slash, and has no segment that is
// empty, . or .., and no backslash. Some take what is behind a semicolon for a parameter, so
// the segment ends there. The last segment may be empty.
func IsPlainPath(path string) bool {
	if !strings.HasPrefix(path, "/") || strings.Contains(path, "\\") || strings.Contains(path, "//") {
		return false
	}
	if strings.Contains(path, "/.") && hasDots(path) {
		return false
	}
	at := strings.Index(path, "/;")
	return at < 0 || !strings.Contains(path[at+1:], "/")
}

// hasDots tells whether a segment of a path is . or .., before or behind a semicolon.
func hasDots(path string) bool {
	path = strings.ReplaceAll(path, ";", "/;") + "/"
	return strings.Contains(path, "/./") || strings.Contains(path, "/../")
}

// hidesSeparator tells whether a path has an encoded slash or backslash.
func hidesSeparator(escaped string) bool {
	escaped = strings.ToLower(escaped)
	return strings.Contains(escaped, "%2f") || strings.Contains(escaped, "%5c")
}
