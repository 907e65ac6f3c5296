package main

import (
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// copyModule copies what a module's packages are made of into a folder: all files but
// tests, hidden folders, the vendor folder, other modules in the same folder, and what
// leaveOut names by its path in the module.
func copyModule(from, to string, leaveOut ...string) error {
	return filepath.WalkDir(from, func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		name, err := filepath.Rel(from, path)
		if err != nil {
			return err
		}
		if entry.IsDir() {
			if name != "." && isLeftOut(path, name, leaveOut) {
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

func isLeftOut(path, name string, leaveOut []string) bool {
	if strings.HasPrefix(filepath.Base(name), ".") || name == "vendor" || filepath.Base(name) == "testdata" {
		return true
	}
	for _, other := range leaveOut {
		if name == filepath.FromSlash(other) {
			return true
		}
	}
	return exists(filepath.Join(path, "go.mod"))
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
