package value

import (
	"regexp"
	"strings"
	"unicode/utf8"
)

// plainPath matches most of the paths that are right, and no others.
var plainPath = regexp.MustCompile(`^(/[A-Za-z0-9_:@-][A-Za-z0-9_:@.-]*)+$`)

// IsPlainPath tells whether a path is one of those that are most common, and right.
func IsPlainPath(path string) bool { return plainPath.MatchString(path) }

// PathFault says what is wrong with the path of a node, by ZooKeeper's rules and the plugin's
// own, as in "has to start with a slash". It is empty where nothing is.
func PathFault(path string) string {
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

// SpaceFault says that white space stands around a path. It is empty where none does. The
// name of a node may have white space at its ends, but it can't be seen, and is more often a
// mistake. So neither the node with it nor the one without it is read.
func SpaceFault(path string) string {
	if path == strings.TrimSpace(path) {
		return ""
	}
	return "must not begin or end with white space, which would belong to the node's name"
}

// forbiddenInPath is the server's own list of characters. The server goes through a path in
// UTF-16, where two surrogates stand for a character above U+FFFF, and refuses surrogates.
func forbiddenInPath(r rune) bool {
	return r <= 0x1f || r >= 0x7f && r <= 0x9f || r >= 0xd800 && r <= 0xf8ff || r >= 0xfff0
}

// SplitPath is the path of the node above another one, and the other one's name.
func SplitPath(path string) (string, string) {
	slash := strings.LastIndexByte(path, '/')
	if slash == 0 {
		return "/", path[1:]
	}
	return path[:slash], path[slash+1:]
}

// ChildPath is the path of a node's child.
func ChildPath(path, name string) string { return strings.TrimSuffix(path, "/") + "/" + name }
