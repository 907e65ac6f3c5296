package main

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"golang.org/x/mod/module"
)

// A vendored module is in a plugin's vendor folder.
type vendored struct {
	module   module.Version
	packages []string // their import paths
	replaced bool     // by the plugin's go.mod, which nobody else goes by
	dir      string
}

// readVendored reads which modules a folder has vendored.
func readVendored(dir string) ([]*vendored, error) {
	text, err := os.ReadFile(filepath.Join(dir, "vendor", "modules.txt"))
	if errors.Is(err, os.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	var found []*vendored
	for lines := bufio.NewScanner(bytes.NewReader(text)); lines.Scan(); {
		line := lines.Text()
		if name, is := strings.CutPrefix(line, "# "); is {
			words := strings.Fields(name)
			if len(words) < 2 {
				continue
			}
			v := &vendored{dir: filepath.Join(dir, "vendor", filepath.FromSlash(words[0])), replaced: slices.Contains(words, "=>")}
			v.module = module.Version{Path: words[0], Version: words[1]}
			found = append(found, v)
		} else if !strings.HasPrefix(line, "#") && len(found) > 0 {
			last := found[len(found)-1]
			last.packages = append(last.packages, line)
		}
	}
	return slices.DeleteFunc(found, func(v *vendored) bool { return len(v.packages) == 0 }), nil
}

// folder is the folder of a package in the module.
func (v *vendored) folder(importPath string) string {
	return filepath.FromSlash(strings.TrimPrefix(strings.TrimPrefix(importPath, v.module.Path), "/"))
}

// changed are the modules that a plugin has vendored with changes, each put together in a
// folder: the published module, with what is vendored in its place.
func changed(p *plugin, to func(module string) string) ([]*vendored, error) {
	if !p.local {
		return nil, nil // a published module has the list, and none of the modules
	}
	all, err := readVendored(p.dir)
	if err != nil {
		return nil, err
	}
	var found []*vendored
	for _, v := range all {
		published, err := download(v.module.Path, v.module.Version)
		if err != nil && !v.replaced {
			return nil, fmt.Errorf("%s: vendor: %w", p.path, err)
		}
		if err != nil {
			published = &downloaded{}
		}
		same, err := v.equals(published.Dir)
		if err != nil {
			return nil, err
		}
		if same {
			continue
		}
		if err := v.lay(published.Dir, to(v.module.Path)); err != nil {
			return nil, err
		}
		found = append(found, v)
	}
	return found, nil
}

// equals tells whether the vendored packages are those of the published module.
func (v *vendored) equals(published string) (bool, error) {
	if published == "" {
		return false, nil
	}
	for _, p := range v.packages {
		here, err := goFiles(filepath.Join(v.dir, v.folder(p)))
		if err != nil {
			return false, err
		}
		there, err := goFiles(filepath.Join(published, v.folder(p)))
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return false, err
		}
		if len(here) != len(there) {
			return false, nil
		}
		for name, text := range here {
			if !bytes.Equal(text, there[name]) {
				return false, nil
			}
		}
	}
	return true, nil
}

// goFiles are the files of a package that are compiled, by their names.
func goFiles(dir string) (map[string][]byte, error) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil, err
	}
	files := map[string][]byte{}
	for _, entry := range entries {
		name := entry.Name()
		compiled := slices.Contains([]string{".go", ".s", ".h", ".c"}, path.Ext(name)) && !strings.HasSuffix(name, "_test.go")
		if entry.IsDir() || !compiled {
			continue
		}
		text, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil {
			return nil, err
		}
		if !ignored.Match(text) {
			files[name] = text
		}
	}
	return files, nil
}

// ignored are files that go mod vendor leaves out: no build has them.
var ignored = regexp.MustCompile(`(?m)^//(go:build| \+build)\b.*\bignore\b`)

// lay writes the published module into a folder, with the vendored packages in the place of
// its own. Packages that aren't vendored stay, since Traefik may use them.
func (v *vendored) lay(published, to string) error {
	if published != "" {
		if err := copyModule(published, to); err != nil {
			return err
		}
	}
	for _, p := range v.packages {
		old, err := goFiles(filepath.Join(to, v.folder(p)))
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
		for name := range old {
			if err := os.Remove(filepath.Join(to, v.folder(p), name)); err != nil {
				return err
			}
		}
		entries, err := os.ReadDir(filepath.Join(v.dir, v.folder(p)))
		if err != nil {
			return err
		}
		for _, entry := range entries {
			if entry.Type().IsRegular() {
				name := filepath.Join(v.folder(p), entry.Name())
				if err := copyFile(filepath.Join(v.dir, name), filepath.Join(to, name)); err != nil {
					return err
				}
			}
		}
	}
	if !exists(filepath.Join(to, "go.mod")) {
		return writeFile(filepath.Join(to, "go.mod"), []byte("module "+v.module.Path+"\n"))
	}
	return nil
}
