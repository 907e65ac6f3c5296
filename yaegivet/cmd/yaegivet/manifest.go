package main

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// A manifest is what .traefik.yml says of how a plugin is loaded.
type manifest struct {
	path   string // the package to import
	unsafe bool   // whether it may import unsafe and syscall
}

// readManifest reads the two keys of the manifest that matter here, which stand at
// the beginning of a line. Without a manifest, the plugin is the root of the module.
func readManifest(root string) (manifest, error) {
	m := manifest{path: "."}
	text, err := os.ReadFile(filepath.Join(root, ".traefik.yml"))
	if errors.Is(err, fs.ErrNotExist) {
		return m, nil
	}
	if err != nil {
		return m, err
	}
	for line := range strings.Lines(string(text)) {
		key, value, _ := strings.Cut(line, ":")
		value, _, _ = strings.Cut(value, " #")
		value = strings.Trim(strings.TrimSpace(value), `"'`)
		switch {
		case key == "import" && value != "":
			m.path = value
		case key == "useUnsafe":
			m.unsafe = value == "true"
		}
	}
	return m, nil
}
