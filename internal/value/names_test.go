package value

import (
	"testing"
)

func TestTokens(t *testing.T) {
	for text, want := range map[string]bool{"X-A": true, "a_b.c~1": true, "": false, "a b": false, "a:b": false, "ü": false, "a\n": false} {
		if got := IsToken(text); got != want {
			t.Errorf("%q: %t", text, got)
		}
	}
}

// White space around a path is named, and none within it.
func TestSpaceFault(t *testing.T) {
	for path, want := range map[string]bool{"/a": false, "/a b": false, "": false, " /a": true, "/a ": true, "/a\n": true, "\u00a0/a": true} {
		if got := SpaceFault(path) != ""; got != want {
			t.Errorf("%q: %q", path, SpaceFault(path))
		}
	}
}

// The name of a node matches a level that has its ends, which don't overlap.
func TestLevels(t *testing.T) {
	for _, c := range []struct {
		level Level
		name  string
		want  bool
	}{
		{Level{}, "any", true},
		{Level{Prefix: "pre-"}, "pre-a", true},
		{Level{Prefix: "pre-"}, "a", false},
		{Level{Suffix: "-post"}, "a-post", true},
		{Level{Prefix: "aba", Suffix: "aba"}, "abaaba", true},
		{Level{Prefix: "aba", Suffix: "aba"}, "ababa", false},
	} {
		if got := c.level.Matches(c.name); got != c.want {
			t.Errorf("%+v, %s: %t", c.level, c.name, got)
		}
	}
}

// Whether a format is about existence or data doesn't depend on its encoding.
func TestFormatsOfExistence(t *testing.T) {
	for format, want := range map[string]bool{FormatExists: true, EncodedFormat(FormatExists): true, FormatText: false, FormatVersion: false, FlagFormat(FormatExists): false} {
		if got := ReadsExistence(format); got != want {
			t.Errorf("%s: %t", format, got)
		}
	}
}
