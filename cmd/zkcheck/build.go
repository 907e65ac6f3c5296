package main

import (
	"bytes"
	"crypto/sha256"
	_ "embed"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"strconv"

	"github.com/mod-zookeeper/traefik-zookeeper/cmd/internal/gocommand"
	"github.com/mod-zookeeper/traefik-zookeeper/patches"
)

const (
	thisModule = "github.com/mod-zookeeper/traefik-zookeeper"
	program    = thisModule + "/cmd/zkcheck/_program"
)

//go:embed program.mod
var programMod string

//go:embed program.sum
var programSum []byte

// build returns the path of the program, which Go keeps in its cache.
func build() (string, error) {
	root, err := sources()
	if err != nil {
		return "", err
	}
	client, err := patchedClient(root)
	if err != nil {
		return "", err
	}
	text := programMod + "\nreplace (\n\t" + thisModule + " => " + strconv.Quote(filepath.ToSlash(root)) +
		"\n\t" + patches.Module + " => " + strconv.Quote(filepath.ToSlash(client)) + "\n)\n"
	dir := filepath.Join(cacheDir(), fmt.Sprintf("%x", sha256.Sum256([]byte(text)))[:16])
	if err := put(filepath.Join(dir, "go.mod"), []byte(text)); err != nil {
		return "", err
	}
	if err := put(filepath.Join(dir, "go.sum"), programSum); err != nil {
		return "", err
	}
	return gocommand.Run(dir, "tool", "-n", program)
}

// sources is the folder of the module that this command was built of: the clone that one is
// in, or the one of a version in the module cache.
func sources() (string, error) {
	info, _ := debug.ReadBuildInfo()
	if info == nil || info.Main.Version == "" || info.Main.Version == "(devel)" || isOfClone(info) {
		return clone()
	}
	module, err := gocommand.Download(thisModule, info.Main.Version)
	return module.Dir, err
}

// clone is the clone that this command was built in, wherever it is run. A command that was built
// without paths looks for it around the present folder.
func clone() (string, error) {
	_, file, _, _ := runtime.Caller(0)
	root := filepath.Join(filepath.Dir(file), "..", "..")
	if _, err := os.Stat(filepath.Join(root, "go.mod")); err == nil && filepath.IsAbs(root) {
		return root, nil
	}
	root, err := gocommand.Run("", "list", "-m", "-f", "{{.Dir}}", thisModule)
	if err != nil {
		err = fmt.Errorf("the clone that this command was built in isn't there any more; run it in a clone, or build it anew: %w", err)
	}
	return root, err
}

// isOfClone tells whether a command was built in a clone: only there, its commit is noted.
func isOfClone(info *debug.BuildInfo) bool {
	for _, setting := range info.Settings {
		if setting.Key == "vcs.revision" {
			return true
		}
	}
	return false
}

// patchedClient is a folder with the ZooKeeper client that the plugin has. A clone has one; a
// module in the cache has none, and it is made there.
func patchedClient(root string) (string, error) {
	vendored := filepath.Join(root, "vendor", filepath.FromSlash(patches.Module))
	if _, err := os.Stat(vendored); err == nil {
		return vendored, nil
	}
	upstream, err := gocommand.Download(patches.Module, patches.Version)
	if err != nil {
		return "", err
	}
	dir := filepath.Join(cacheDir(), "client-"+fmt.Sprintf("%x", sha256.Sum256([]byte(root)))[:16])
	if difference, err := patches.Difference(upstream.Dir, dir); err == nil && difference == "" {
		return dir, nil
	}
	return dir, patches.Apply(upstream.Dir, dir)
}

// cacheDir is the folder for what is made to build the program.
func cacheDir() string {
	dir, err := os.UserCacheDir()
	if err != nil {
		dir = os.TempDir()
	}
	return filepath.Join(dir, "traefik-zookeeper", "zkcheck")
}

// put writes a file in one step, where it differs: another zkcheck may read it.
func put(path string, content []byte) error {
	if there, err := os.ReadFile(path); err == nil && bytes.Equal(there, content) {
		return nil
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return err
	}
	file, err := os.CreateTemp(filepath.Dir(path), "new")
	if err != nil {
		return err
	}
	_, err = file.Write(content)
	if err = errors.Join(err, file.Close()); err != nil {
		return err
	}
	return os.Rename(file.Name(), path)
}
