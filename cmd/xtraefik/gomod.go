package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"golang.org/x/mod/modfile"
	"golang.org/x/mod/module"
	"golang.org/x/mod/semver"
)

// moduleFile is the go.mod of Traefik's source.
type moduleFile struct {
	path string
	file *modfile.File
}

func readModuleFile(dir string) (*moduleFile, error) {
	path := filepath.Join(dir, "go.mod")
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	file, err := modfile.Parse(path, text, nil)
	return &moduleFile{path, file}, err
}

// use has the module use what is in a folder, relative to its own, for another module.
func (m *moduleFile) use(other module.Version, dir string) error {
	if err := m.file.AddRequire(other.Path, other.Version); err != nil {
		return err
	}
	return m.file.AddReplace(other.Path, "", "./"+filepath.ToSlash(dir), "")
}

// suits tells whether Traefik can do with a module in the version that a plugin has vendored.
func (m *moduleFile) suits(v *vendored) error {
	for _, replace := range m.file.Replace {
		if replace.Old.Path == v.module.Path {
			return fmt.Errorf("it has %s vendored with changes, and so has something else here, or Traefik: they can't be compiled in together", v.module.Path)
		}
	}
	for _, require := range m.file.Require {
		if require.Mod.Path == v.module.Path && semver.Compare(require.Mod.Version, v.module.Version) > 0 {
			return fmt.Errorf("it has %s %s vendored with changes, and Traefik needs %s: vendor that version in the plugin", v.module.Path, v.module.Version, require.Mod.Version)
		}
	}
	return nil
}

// missing are the modules that are only in Traefik's own repository: its go.mod has folders
// for them, which its published module doesn't have.
func (m *moduleFile) missing() []string {
	var missing []string
	for _, replace := range m.file.Replace {
		if replace.New.Version == "" && !exists(filepath.Join(filepath.Dir(m.path), replace.New.Path)) {
			missing = append(missing, replace.Old.Path)
		}
	}
	return missing
}

func (m *moduleFile) write() error {
	m.file.Cleanup()
	text, err := m.file.Format()
	if err != nil {
		return err
	}
	return os.WriteFile(m.path, text, 0o644)
}

// addSums adds lines of another go.sum to Traefik's, so that a plugin's modules are the ones
// that its author had.
func addSums(dir string, sums []byte) error {
	path := filepath.Join(dir, "go.sum")
	text, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	known := map[string]bool{}
	for line := range strings.Lines(string(text)) {
		known[strings.TrimSpace(line)] = true
	}
	for line := range strings.Lines(string(sums)) {
		if line = strings.TrimSpace(line); line != "" && !known[line] {
			text = append(text, line+"\n"...)
		}
	}
	return os.WriteFile(path, text, 0o644)
}
