package value

import (
	"strings"
	"testing"
	"unicode/utf16"
	"unicode/utf8"
)

// FuzzPath holds PathFault against the rules as ZooKeeper's server has them,
// which looks at a path unit by unit of UTF-16.
func FuzzPath(f *testing.F) {
	for _, path := range []string{
		"", "/", "//", "/a", "/a/", "/a//b", "/a/./b", "/a/..", "/..a/b..", "/a/...", "a/b", "/a\x00", "/a\x1f", "/a\x7f", "/\u009f", "/\u00a0",
		"/\ud7ff", "/\ue000", "/\uf8ff", "/\uf900", "/\ufff0", "/\U0001f600", "/\xff", "/a{b}", "/a b/ü",
	} {
		f.Add(path)
	}
	f.Fuzz(func(t *testing.T, path string) {
		fault := PathFault(path)
		if allowed := serverAllows(path) && !strings.ContainsAny(path, "{}"); allowed != (fault == "") {
			t.Errorf("%q %s; the server allows it: %t", path, fault, allowed)
		}
	})
}

// serverAllows tells whether a node can have this path: an automaton over the
// units that Java's strings consist of.
func serverAllows(path string) bool {
	if path == "/" {
		return true
	}
	if path == "" || path[0] != '/' || path[len(path)-1] == '/' || !utf8.ValidString(path) {
		return false
	}
	length, dots := 0, 0 // of the segment so far
	for _, unit := range append(utf16.Encode([]rune(path))[1:], '/') {
		switch {
		case unit == '/':
			if length == 0 || length == dots && dots <= 2 {
				return false
			}
			length, dots = 0, 0
			continue
		case unit == '.':
			dots++
		case unit < 0x20, unit >= 0x7f && unit <= 0x9f, unit >= 0xd800 && unit <= 0xf8ff, unit >= 0xfff0:
			return false
		}
		length++
	}
	return true
}

func TestPathFault(t *testing.T) {
	for _, path := range []string{"/", "/a", "/a/b.c", "/a/...", "/a b/ü", "/a/.b"} {
		if fault := PathFault(path); fault != "" {
			t.Errorf("%q %s", path, fault)
		}
	}
	for _, path := range []string{"", "a", "/a/", "//", "/a//b", "/.", "/a/..", "/a/./b", "/a\x00", "/a\x7f", "/\ufff0", "/{host}", "/\xff"} {
		if PathFault(path) == "" {
			t.Errorf("%q passes", path)
		}
	}
}
