package main

import (
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"golang.org/x/mod/module"
)

const modulesText = `# example.com/a v1.0.0
## explicit; go 1.20
example.com/a
example.com/a/inner
# example.com/b v1.1.0 => example.com/fork v1.2.0
## explicit
example.com/b
# example.com/unused v1.0.0
## explicit
# example.com/b => example.com/fork v1.2.0
`

func TestReadVendored(t *testing.T) {
	dir := layPlugin(t, map[string]string{"vendor/modules.txt": modulesText})
	found, err := readVendored(dir)
	if err != nil || len(found) != 2 {
		t.Fatalf("%+v, %v", found, err)
	}
	a, b := found[0], found[1]
	if a.module != (module.Version{Path: "example.com/a", Version: "v1.0.0"}) || a.replaced || !slices.Equal(a.packages, []string{"example.com/a", "example.com/a/inner"}) {
		t.Errorf("%+v", a)
	}
	if b.module.Path != "example.com/b" || !b.replaced || b.dir != filepath.Join(dir, "vendor", "example.com", "b") {
		t.Errorf("%+v", b)
	}
	if none, err := readVendored(t.TempDir()); none != nil || err != nil {
		t.Errorf("%+v, %v", none, err)
	}
}

// published is a module as the proxy has it; what is vendored of it is laid by vendor.
var published = map[string]string{
	"go.mod": "module example.com/a\n\ngo 1.20\n", "a.go": "package a\n", "a_test.go": "package a\n", "inner/i.go": "package inner\n", "other/o.go": "package other\n",
	"extra.go": "package a\n", "gen.go": "//go:build ignore\n\npackage main\n",
}

func vendor(t *testing.T, files map[string]string) *vendored {
	t.Helper()
	return &vendored{module: module.Version{Path: "example.com/a", Version: "v1.0.0"}, packages: []string{"example.com/a", "example.com/a/inner"}, dir: layPlugin(t, files)}
}

func TestVendoredChanges(t *testing.T) {
	for name, c := range map[string]struct {
		files map[string]string
		same  bool
	}{
		"as published":          {map[string]string{"a.go": "package a\n", "extra.go": "package a\n", "inner/i.go": "package inner\n", "LICENSE": "l"}, true},
		"with another text":     {map[string]string{"a.go": "package a\n\nvar A int\n", "extra.go": "package a\n", "inner/i.go": "package inner\n"}, false},
		"with a file more":      {map[string]string{"a.go": "package a\n", "extra.go": "package a\n", "b.go": "package a\n", "inner/i.go": "package inner\n"}, false},
		"with a file less":      {map[string]string{"a.go": "package a\n", "inner/i.go": "package inner\n"}, false},
		"with a changed folder": {map[string]string{"a.go": "package a\n", "extra.go": "package a\n", "inner/i.go": "package inner // changed\n"}, false},
	} {
		t.Run(name, func(t *testing.T) {
			upstream, v := layPlugin(t, published), vendor(t, c.files)
			same, err := v.equals(upstream)
			if err != nil || same != c.same {
				t.Fatalf("%t, %v; want %t", same, err, c.same)
			}
			to := t.TempDir()
			if err := v.lay(upstream, to); err != nil {
				t.Fatal(err)
			}
			want := maps.Clone(c.files)
			want["go.mod"], want["other/o.go"], want["gen.go"] = published["go.mod"], published["other/o.go"], published["gen.go"]
			if got := filesIn(t, to); !maps.Equal(got, want) {
				t.Errorf("%v; want %v", got, want)
			}
		})
	}
}

// What a plugin's own go.mod replaces may not be published at all.
func TestVendoredOnly(t *testing.T) {
	v := vendor(t, map[string]string{"a.go": "package a\n", "inner/i.go": "package inner\n"})
	if same, err := v.equals(""); same || err != nil {
		t.Errorf("%t, %v", same, err)
	}
	to := t.TempDir()
	if err := v.lay("", to); err != nil {
		t.Fatal(err)
	}
	if got := filesIn(t, to); len(got) != 3 || got["go.mod"] != "module example.com/a\n" {
		t.Errorf("%v", got)
	}
}

func filesIn(t *testing.T, dir string) map[string]string {
	t.Helper()
	found := map[string]string{}
	err := filepath.Walk(dir, func(path string, info os.FileInfo, err error) error {
		if err != nil || info.IsDir() {
			return err
		}
		text, err := os.ReadFile(path)
		found[strings.TrimPrefix(path, dir+"/")] = string(text)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return found
}

func TestVersionsThatDoNotSuit(t *testing.T) {
	dir := layPlugin(t, map[string]string{"go.mod": "module example.com/t\n\nrequire (\n\texample.com/a v1.3.0\n\texample.com/c v1.0.0\n)\n\nreplace example.com/b => ./b\n"})
	m, err := readModuleFile(dir)
	if err != nil {
		t.Fatal(err)
	}
	for wanted, want := range map[module.Version]string{
		{Path: "example.com/a", Version: "v1.2.0"}: "it has example.com/a v1.2.0 vendored with changes, and Traefik needs v1.3.0: vendor that version in the plugin",
		{Path: "example.com/a", Version: "v1.3.0"}: "",
		{Path: "example.com/b", Version: "v1.0.0"}: "they can't be compiled in together",
		{Path: "example.com/c", Version: "v1.5.0"}: "",
		{Path: "example.com/d", Version: "v1.5.0"}: "",
	} {
		err := m.suits(&vendored{module: wanted})
		if want == "" && err != nil || want != "" && (err == nil || !strings.Contains(err.Error(), want)) {
			t.Errorf("%s: error %v; want %s", wanted, err, want)
		}
	}
}
