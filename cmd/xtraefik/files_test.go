package main

import (
	"maps"
	"os"
	"path/filepath"
	"slices"
	"testing"
)

var repository = map[string]string{
	"go.mod": "module example.com/a\n", "a.go": "a", "a_test.go": "a", "inner/i.go": "i", "inner/page.html": "p", ".git/config": "g", ".traefik.yml": "t",
	"testdata/t.go": "t", "inner/testdata/t.go": "t", "vendor/example.com/b/b.go": "b", "e2e/go.mod": "e", "e2e/e.go": "e", "docs/d.md": "d", "integration/i.go": "i",
}

func TestCopies(t *testing.T) {
	for name, c := range map[string]struct {
		copy func(from, to string) error
		want []string
	}{
		"a module": {copyModule, []string{".traefik.yml", "a.go", "docs/d.md", "go.mod", "inner/i.go", "inner/page.html", "integration/i.go"}},
		"Traefik":  {copyTraefik, []string{".traefik.yml", "a.go", "e2e/e.go", "e2e/go.mod", "go.mod", "inner/i.go", "inner/page.html"}},
	} {
		t.Run(name, func(t *testing.T) {
			from, to := layPlugin(t, repository), t.TempDir()
			if err := os.Chmod(filepath.Join(from, "a.go"), 0o444); err != nil {
				t.Fatal(err)
			}
			if err := c.copy(from, to); err != nil {
				t.Fatal(err)
			}
			got := filesIn(t, to)
			if names := slices.Sorted(maps.Keys(got)); !slices.Equal(names, c.want) || got["inner/i.go"] != "i" {
				t.Errorf("%q; want %q", names, c.want)
			}
			if info, err := os.Stat(filepath.Join(to, "a.go")); err != nil || info.Mode().Perm() != 0o644 {
				t.Errorf("%v, %v", info.Mode(), err)
			}
		})
	}
}
