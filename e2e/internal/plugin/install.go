package plugin

import (
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/mod-zookeeper/traefik-zookeeper/e2e/internal/parts"
)

// Install copies the plugin below a source folder, as Traefik would unpack it.
// The nested modules, which no plugin has any use for, stay out.
func Install(src string) error {
	return install(parts.Root(), filepath.Join(src, Module))
}

func install(root, destination string) error {
	return filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
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
			return os.MkdirAll(filepath.Join(destination, name), 0o755)
		}
		if !loaded(name) {
			return nil
		}
		text, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		return os.WriteFile(filepath.Join(destination, name), text, 0o644)
	})
}

// leftOut tells whether a folder is none of the plugin's: hidden ones, and
// nested modules other than what is vendored.
func leftOut(root, name string) bool {
	if name == "." || name == "vendor" || strings.HasPrefix(name, "vendor/") {
		return false
	}
	if strings.HasPrefix(filepath.Base(name), ".") {
		return true
	}
	_, err := os.Stat(filepath.Join(root, name, "go.mod"))
	return err == nil
}

// loaded tells whether Traefik or the interpreter reads a file.
func loaded(name string) bool {
	base := filepath.Base(name)
	return base == ".traefik.yml" || base == "go.mod" || base == "modules.txt" ||
		strings.HasSuffix(base, ".go") && !strings.HasSuffix(base, "_test.go")
}
