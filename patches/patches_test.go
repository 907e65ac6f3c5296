package patches

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// What the patches fit is what go.mod requires, with the checksum that go.sum has.
func TestVersionIsTheOneOfTheModule(t *testing.T) {
	for file, line := range map[string]string{
		"go.mod": "require " + Module + " " + Version + "\n",
		"go.sum": Module + " " + Version + " " + Sum + "\n",
	} {
		text, err := os.ReadFile(filepath.Join("..", file))
		if err != nil || !strings.Contains(string(text), line) {
			t.Errorf("%s has no line %q: %v", file, line, err)
		}
	}
}

// Each patch can be read, and begins with what it does and why.
func TestEachPatchIsDescribed(t *testing.T) {
	entries, err := diffs.ReadDir(".")
	if err != nil || len(entries) < 10 {
		t.Fatalf("%d patches, %v", len(entries), err)
	}
	for _, entry := range entries {
		text, err := diffs.ReadFile(entry.Name())
		if err != nil {
			t.Fatal(err)
		}
		if _, err := parse(entry.Name(), string(text)); err != nil {
			t.Error(err)
		}
		if told := description(string(text)); len(told) < 60 || !strings.HasSuffix(told, ".\n") {
			t.Errorf("%s begins with %q, and not with a sentence", entry.Name(), told)
		}
	}
}

const song = "one\ntwo\nthree\nfour\nfive\nsix\nseven\n"

// A patch of the song begins with these. Its first hunk is in line 6.
const (
	header = "diff --git a/song b/song\n--- a/song\n+++ b/song\n"
	begin  = "What it does.\n\n" + header
)

func TestPatch(t *testing.T) {
	for name, c := range map[string]struct{ patch, want string }{
		"replaces":         {begin + "@@ -1,3 +1,3 @@\n one\n-two\n+deux\n three\n", "one\ndeux\nthree\nfour\nfive\nsix\nseven\n"},
		"adds in front":    {begin + "@@ -1,1 +1,2 @@\n+zero\n one\n", "zero\n" + song},
		"adds at the end":  {begin + "@@ -7 +7,2 @@ seven\n seven\n+eight\n", song + "eight\n"},
		"takes all but 1":  {begin + "@@ -2,6 +1,0 @@\n-two\n-three\n-four\n-five\n-six\n-seven\n", "one\n"},
		"in two places":    {begin + "@@ -1,2 +1,1 @@\n-one\n two\n@@ -6,2 +5,3 @@\n six\n+and\n seven\n", "two\nthree\nfour\nfive\nsix\nand\nseven\n"},
		"in two places, 2": {begin + "@@ -1,1 +1,1 @@\n-one\n+1\n@@ -2,1 +2,1 @@\n-two\n+2\n", "1\n2\nthree\nfour\nfive\nsix\nseven\n"},
	} {
		t.Run(name, func(t *testing.T) {
			files := map[string]string{"song": song}
			if err := patch(files, "0001-song.patch", c.patch); err != nil || files["song"] != c.want {
				t.Errorf("%q, %v", files["song"], err)
			}
		})
	}
}

func TestPatchMakesAFile(t *testing.T) {
	for _, before := range []string{"a/new.go", "/dev/null"} {
		files := map[string]string{"song": song}
		err := patch(files, "p", "diff --git a/new.go b/new.go\n--- "+before+"\n+++ b/new.go\n@@ -0,0 +1,2 @@\n+first\n+second\n"+header+"@@ -7,1 +7,0 @@\n-seven\n")
		if err != nil || files["new.go"] != "first\nsecond\n" || strings.Contains(files["song"], "seven") {
			t.Errorf("%q, %v", files, err)
		}
	}
}

// What doesn't fit to the letter is an error, with the patch, its line, and the file.
func TestPatchThatDoesNotFit(t *testing.T) {
	for name, c := range map[string]struct{ patch, want string }{
		"another line":           {begin + "@@ -2,2 +2,1 @@\n two\n-drei\n", `0001-song.patch, line 8: line 3 of song is "three\n", and not "drei\n"`},
		"another context":        {begin + "@@ -2,2 +2,1 @@\n zwei\n-three\n", `0001-song.patch, line 7: line 2 of song is "two\n", and not "zwei\n"`},
		"another white space":    {begin + "@@ -2 +2,2 @@\n two \n+x\n", `line 7: line 2 of song is "two\n", and not "two \n"`},
		"elsewhere":              {begin + "@@ -3,2 +3,1 @@\n two\n-three\n", `line 7: line 3 of song is "three\n"`},
		"elsewhere in the new":   {begin + "@@ -2,2 +3,1 @@\n two\n-three\n", `line 6: song has 1 lines in front of it, and not 2`},
		"behind the end":         {begin + "@@ -7,2 +7,1 @@\n seven\n-eight\n", `line 8: line 8 of song is "", and not "eight\n"`},
		"far behind the end":     {begin + "@@ -90,1 +90,0 @@\n-x\n", `line 6: song has 7 lines, of which 0 are done: there is no line 90`},
		"the wrong way round":    {begin + "@@ -6,1 +6,0 @@\n-six\n@@ -2,1 +2,0 @@\n-two\n", `line 8: song has 7 lines, of which 6 are done`},
		"a huge number":          {begin + "@@ -99999999999999999999,1 +1,0 @@\n-x\n", `line 6: song has 7 lines`},
		"too few lines":          {begin + "@@ -2,2 +2,1 @@\n two\n", `line 6: the hunk has 1 old and 1 new lines, and not 2 and 1`},
		"too many lines":         {begin + "@@ -2,1 +2,0 @@\n-two\n-three\n", `line 8: "-three\n" is neither the beginning of a file nor of a hunk`},
		"a line of no kind":      {begin + "@@ -2,2 +2,2 @@\n two\nthree\n", `line 8: "three\n" is no line of a hunk`},
		"an empty line":          {begin + "@@ -2,2 +2,2 @@\n two\n\n", `line 8: "\n" is no line of a hunk`},
		"no hunk":                {begin, `line 3: no --- and +++ of song and a hunk follow`},
		"another file's names":   {"diff --git a/song b/song\n--- a/sang\n+++ b/song\n@@ -1,1 +1,0 @@\n-one\n", `line 1: no --- and +++ of song`},
		"a file that is renamed": {"diff --git a/song b/sang\n--- a/song\n+++ b/sang\n@@ -1,1 +1,0 @@\n-one\n", `line 1: "diff --git a/song b/sang\n" is neither`},
		"a file that is deleted": {"diff --git a/song b/song\n--- a/song\n+++ /dev/null\n@@ -1,1 +0,0 @@\n-one\n", `line 1: no --- and +++ of song`},
		"a file elsewhere":       {"diff --git a/../song b/../song\n--- a/../song\n+++ b/../song\n@@ -1,1 +1,0 @@\n-one\n", `line 1: "diff --git a/../song b/../song\n" is neither`},
		"a file that is missing": {"diff --git a/no b/no\n--- a/no\n+++ b/no\n@@ -1,1 +1,0 @@\n-one\n", `line 4: no exists: false`},
		"a file that is there":   {"diff --git a/song b/song\n--- /dev/null\n+++ b/song\n@@ -0,0 +1,1 @@\n+one\n", `line 4: song exists: true`},
		"a hunk without a file":  {"@@ -1,1 +1,0 @@\n-one\n", `line 1: "@@ -1,1 +1,0 @@\n" is neither`},
		"nothing":                {"What it does.\n", `line 1: the patch changes nothing`},
	} {
		t.Run(name, func(t *testing.T) {
			files := map[string]string{"song": song}
			err := patch(files, "0001-song.patch", c.patch)
			if err == nil || !strings.Contains(err.Error(), c.want) || !strings.HasPrefix(err.Error(), "0001-song.patch, line ") {
				t.Errorf("%v\nwant %s", err, c.want)
			}
		})
	}
}

// Apply takes only upstream's module of this version, and says where it differs.
func TestApplyToSomethingElse(t *testing.T) {
	other := t.TempDir()
	put(t, filepath.Join(other, "conn.go"), "package zk\n")
	target := filepath.Join(t.TempDir(), "zk")
	err := Apply(other, target)
	if err == nil || !strings.Contains(err.Error(), "has no LICENSE") {
		t.Error(err)
	}
	put(t, filepath.Join(other, "LICENSE"), "BSD\n")
	put(t, filepath.Join(other, "go.mod"), "module "+Module+"\n")
	err = Apply(other, target)
	if err == nil || !strings.Contains(err.Error(), other+" isn't "+Module+" "+Version+": patches/0001-load.patch, line ") {
		t.Error(err)
	}
	if _, err := os.Stat(target); err == nil {
		t.Error("it has written something")
	}
}

func put(t *testing.T, path, text string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}
