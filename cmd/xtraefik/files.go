package main

import (
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// copyModule copies what a module's packages are made of: no tests, no vendor folder, and
// no other modules in the same folder.
func copyModule(from, to string) error {
	return copyFolder(from, to, func(name string) bool {
		return name == "vendor" || exists(filepath.Join(from, name, "go.mod"))
	})
}

// copyTraefik copies what Traefik is made of. A clone has other modules in it, which it uses.
func copyTraefik(from, to string) error {
	return copyFolder(from, to, func(name string) bool {
		return slices.Contains([]string{"docs", "integration", "vendor", "webui/node_modules"}, filepath.ToSlash(name))
	})
}

// copyFolder copies files, but tests and what they read, hidden folders, and the folders
// that are left out, by their names below the one that is copied.
func copyFolder(from, to string, leaveOut func(name string) bool) error {
	return filepath.WalkDir(from, func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		name, err := filepath.Rel(from, path)
		if err != nil {
			return err
		}
		if entry.IsDir() {
			base := filepath.Base(name)
			if name != "." && (strings.HasPrefix(base, ".") || base == "testdata" || leaveOut(name)) {
				return filepath.SkipDir
			}
			return nil
		}
		if strings.HasSuffix(name, "_test.go") {
			return nil
		}
		info, err := os.Stat(path) // of what a link leads to
		if err != nil || !info.Mode().IsRegular() {
			return err
		}
		return copyFile(path, filepath.Join(to, name))
	})
}

// copyFile copies a file, and makes it one that can be written: those of the module cache
// can't.
func copyFile(from, to string) error {
	text, err := os.ReadFile(from)
	if err != nil {
		return err
	}
	return writeFile(to, text)
}

func writeFile(path string, text []byte) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return err
	}
	return os.WriteFile(path, text, 0o644)
}

func exists(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}
