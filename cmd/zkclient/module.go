package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"github.com/mod-zookeeper/traefik-zookeeper/cmd/internal/gocommand"
	"github.com/mod-zookeeper/traefik-zookeeper/patches"
)

const thisModule = "github.com/mod-zookeeper/traefik-zookeeper"

// A module is the one that the command is run in.
type module struct {
	dir  string // of go.mod
	file goMod
}

// goMod is go.mod as go mod edit -json prints it.
type goMod struct {
	Module  version
	Require []version
	Replace []struct{ Old, New version }
}

type version struct{ Path, Version string }

// findModule reads the go.mod of the folder that the command is run in, or of one above it.
func findModule() (*module, error) {
	path, err := gocommand.Run("", "env", "GOMOD")
	if err != nil {
		return nil, err
	}
	if path == "" || path == os.DevNull {
		return nil, errors.New("there is no go.mod here or in a folder above: run the command in the module that uses the Go API")
	}
	m := &module{dir: filepath.Dir(path)}
	text, err := gocommand.Run(m.dir, "mod", "edit", "-json")
	if err != nil {
		return nil, err
	}
	return m, json.Unmarshal([]byte(text), &m.file)
}

// suits tells what keeps the module from using the patched client.
func (m *module) suits(o options) error {
	required := m.required(patches.Module)
	switch {
	case required == "" && m.required(thisModule) == "":
		return fmt.Errorf("%s doesn't use the client: run go get %s first", filepath.Join(m.dir, "go.mod"), thisModule)
	case required != "" && required != patches.Version:
		return fmt.Errorf("go.mod requires %s %s, and the patches fit %s: run go get %s@%s, or go get -u %s, which may have patches for it",
			patches.Module, required, patches.Version, patches.Module, patches.Version, thisModule)
	case o.replace && m.replacement() != "" && filepath.Clean(m.replacement()) != filepath.Clean(o.dir):
		return fmt.Errorf("go.mod replaces %s by %s already: take that line out, or name the folder with -dir", patches.Module, m.replacement())
	}
	return nil
}

// required is the version that go.mod requires of a module. It is empty where it requires
// none.
func (m *module) required(path string) string {
	for _, r := range m.file.Require {
		if r.Path == path {
			return r.Version
		}
	}
	return ""
}

// replacement is what go.mod replaces upstream's client by. It is empty where it doesn't.
func (m *module) replacement() string {
	for _, r := range m.file.Replace {
		if r.Old.Path == patches.Module {
			return r.New.Path
		}
	}
	return ""
}

func (m *module) replaceBy(dir string) error {
	_, err := gocommand.Run(m.dir, "mod", "edit", "-replace="+patches.Module+"="+replacementFor(dir))
	return err
}

// replacementFor is a folder as go.mod names it.
func replacementFor(dir string) string { return "./" + filepath.ToSlash(filepath.Clean(dir)) }

func (m *module) hasVendor() bool {
	_, err := os.Stat(filepath.Join(m.dir, "vendor", "modules.txt"))
	return err == nil
}

// download returns the folder of upstream's module in the module cache.
func download() (string, error) {
	upstream, err := gocommand.Download(patches.Module, patches.Version)
	if err != nil {
		return "", err
	}
	if upstream.Sum != patches.Sum {
		return "", fmt.Errorf("%s has another %s %s than the patches fit: its checksum is %q, and not %q", upstream.Dir, patches.Module, patches.Version, upstream.Sum, patches.Sum)
	}
	return upstream.Dir, nil
}
