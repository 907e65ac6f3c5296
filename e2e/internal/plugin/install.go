package plugin

import (
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/mod-zookeeper/traefik-zookeeper/e2e/internal/parts"
)

// Install copies the plugin below a source folder, as Traefik would unpack it.
func Install(src string) error {
	files, err := Files()
	if err != nil {
		return err
	}
	return Lay(files, filepath.Join(src, Module))
}

// Files are the plugin's, by their paths with slashes: what Traefik and the
// interpreter read, and the licences. The nested modules, the commands and the client's
// patches, which no plugin has any use for, stay out.
func Files() (map[string][]byte, error) { return filesOf(parts.Root()) }

func filesOf(root string) (map[string][]byte, error) {
	files := map[string][]byte{}
	err := filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		name, err := filepath.Rel(root, path)
		if err != nil {
			return err
		}
		if entry.IsDir() {
			if leftOut(root, name) {
				return filepath.SkipDir
			}
			return nil
		}
		if loaded(name) {
			files[filepath.ToSlash(name)], err = os.ReadFile(path)
		}
		return err
	})
	return files, err
}

// Lay writes files, by their paths with slashes, below a folder.
func Lay(files map[string][]byte, destination string) error {
	for _, name := range slices.Sorted(maps.Keys(files)) {
		path := filepath.Join(destination, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			return err
		}
		if err := os.WriteFile(path, files[name], 0o644); err != nil {
			return err
		}
	}
	return nil
}

// leftOut tells whether a folder is none of the plugin's: hidden ones, commands, the
// client's patches, and nested modules other than what is vendored.
func leftOut(root, name string) bool {
	if name == "." || name == "vendor" || strings.HasPrefix(name, "vendor/") {
		return false
	}
	if strings.HasPrefix(filepath.Base(name), ".") || name == "cmd" || name == "patches" {
		return true
	}
	_, err := os.Stat(filepath.Join(root, name, "go.mod"))
	return err == nil
}

// loaded tells whether Traefik or the interpreter reads a file, or the law wants it.
func loaded(name string) bool {
	base := filepath.Base(name)
	return base == ".traefik.yml" || base == "go.mod" || base == "modules.txt" || base == "LICENSE" ||
		strings.HasSuffix(base, ".go") && !strings.HasSuffix(base, "_test.go")
}
