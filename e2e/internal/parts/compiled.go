package parts

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"
)

// PluginDemo is Traefik's own example of a plugin, which is compiled in beside ours.
const (
	PluginDemo        = "github.com/traefik/plugindemo"
	PluginDemoVersion = "v0.2.2"
)

// Oddities is a plugin of the tests, which is compiled in as well.
const Oddities = "example.com/compiled/oddities"

// OdditiesFolder is where it is.
func OdditiesFolder() string {
	return filepath.Join(Root(), "e2e", "xtraefik", "testdata", "oddities")
}

// InstallCompiled finds a Traefik of the pinned version with this repository's plugin
// compiled in, and builds it where the sources have changed since.
func InstallCompiled() (string, error) {
	version, err := Version()
	if err != nil {
		return "", err
	}
	key, err := sourcesHash()
	if err != nil {
		return "", err
	}
	folder, err := cacheFolder()
	if err != nil {
		return "", err
	}
	name := filepath.Join(folder, "compiled-"+version+"-")
	binary := name + key
	if err := once(binary, func() error { return Compile(version, binary, CompiledPlugins()...) }); err != nil {
		return "", err
	}
	return binary, keepOnly(name, binary)
}

// CompiledPlugins are the plugins that InstallCompiled's Traefik has, as xtraefik's --with
// names them.
func CompiledPlugins() []string {
	return []string{
		"github.com/mod-zookeeper/traefik-zookeeper=" + Root(),
		PluginDemo + "@" + PluginDemoVersion,
		Oddities + "=" + OdditiesFolder(),
	}
}

// Compile builds a Traefik with plugins compiled in, with this repository's xtraefik.
func Compile(version, binary string, plugins ...string) error {
	unfinished := fmt.Sprintf("%s.%d", binary, os.Getpid())
	defer os.Remove(unfinished)
	args := []string{"run", ".", "build", version, "--output", unfinished}
	for _, p := range plugins {
		args = append(args, "--with", p)
	}
	compile := exec.Command("go", args...)
	compile.Dir = filepath.Join(Root(), "cmd", "xtraefik")
	return during("building Traefik "+version+" with plugins compiled in", func() error {
		if output, err := compile.CombinedOutput(); err != nil {
			return fmt.Errorf("xtraefik: %w\n%s", err, output)
		}
		return os.Rename(unfinished, binary)
	})
}

const keptFor = 24 * time.Hour

// keepOnly removes binaries that begin with a name and weren't used for a while.
func keepOnly(name, used string) error {
	now := time.Now()
	if err := os.Chtimes(used, now, now); err != nil {
		return err
	}
	others, err := filepath.Glob(name + "*")
	if err != nil {
		return err
	}
	for _, other := range others {
		if info, err := os.Stat(other); err == nil && now.Sub(info.ModTime()) > keptFor {
			os.Remove(other)
		}
	}
	return nil
}

// sourcesHash changes with whatever is compiled: the plugin's sources, the vendored ones,
// xtraefik's and those of the tests' own plugin.
func sourcesHash() (string, error) {
	hash := sha256.New()
	fmt.Fprintln(hash, PluginDemo, PluginDemoVersion)
	root := Root()
	for _, folder := range []string{root, filepath.Join(root, "cmd", "xtraefik"), OdditiesFolder()} {
		err := filepath.WalkDir(folder, func(path string, entry fs.DirEntry, err error) error {
			if err != nil {
				return err
			}
			if entry.IsDir() {
				if path != folder && isOther(root, path) {
					return filepath.SkipDir
				}
				return nil
			}
			if !isCompiled(path) {
				return nil
			}
			text, err := os.Open(path)
			if err != nil {
				return err
			}
			defer text.Close()
			fmt.Fprintln(hash, strings.TrimPrefix(path, root))
			_, err = io.Copy(hash, text)
			return err
		})
		if err != nil {
			return "", err
		}
	}
	return hex.EncodeToString(hash.Sum(nil))[:16], nil
}

// isOther tells whether a folder is hidden or another module's, what is vendored aside.
func isOther(root, path string) bool {
	if strings.HasPrefix(path, filepath.Join(root, "vendor")) {
		return false
	}
	_, err := os.Stat(filepath.Join(path, "go.mod"))
	return err == nil || strings.HasPrefix(filepath.Base(path), ".")
}

func isCompiled(path string) bool {
	if strings.HasSuffix(path, "_test.go") {
		return false
	}
	switch filepath.Ext(path) {
	case ".go", ".mod", ".sum", ".txt", ".patch", ".yml":
		return true
	}
	return false
}
