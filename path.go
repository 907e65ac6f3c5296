package zookeeper

import (
	"regexp"
	"strings"
	"unicode/utf8"
)

// plainPath matches most of the paths that are right, and no other.
var plainPath = regexp.MustCompile(`^(/[A-Za-z0-9_:@-][A-Za-z0-9_:@.-]*)+$`)

// pathFault tells what is wrong with the path of a node, by ZooKeeper's rules
// and the plugin's own; it is empty when nothing is.
func pathFault(path string) string {
	if plainPath.MatchString(path) {
		return ""
	}
	if !strings.HasPrefix(path, "/") {
		return "has to start with a slash"
	}
	if path == "/" {
		return ""
	}
	if strings.HasSuffix(path, "/") {
		return "must not end with a slash"
	}
	if !utf8.ValidString(path) {
		return "has to be valid UTF-8"
	}
	for _, segment := range strings.Split(path[1:], "/") {
		if segment == "" {
			return "must not have an empty segment (//)"
		}
		if segment == "." || segment == ".." {
			return "must not have . or .. as a segment"
		}
	}
	for _, r := range path {
		if forbiddenInPath(r) {
			return "must not have control or private-use characters, nor any above U+FFEF, as emojis are"
		}
	}
	if strings.ContainsAny(path, "{}") {
		return "must not have braces here"
	}
	return ""
}

// spaceFault tells that white space stands around a path. A node's name may have it,
// but it can't be seen, and is more often there by mistake: so neither the node with
// it nor the one without is read.
func spaceFault(path string) string {
	if path == strings.TrimSpace(path) {
		return ""
	}
	return "must not begin or end with white space, which would belong to the node's name"
}

// forbiddenInPath is the server's own list, which it goes through in UTF-16, where
// two surrogates stand for what is above U+FFFF.
func forbiddenInPath(r rune) bool {
	return r <= 0x1f || r >= 0x7f && r <= 0x9f || r >= 0xd800 && r <= 0xf8ff || r >= 0xfff0
}
