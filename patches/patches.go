// Package patches makes the patched ZooKeeper client out of upstream's module and the
// patches in its folder. The patches are part of the package, so that whoever has the
// module can make the client. The plugin doesn't import it.
//
// The patches fit one version of upstream, byte for byte. Nothing is searched for or
// skipped: a line that differs is an error.
package patches

import (
	"embed"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sort"
	"strings"
)

// What the patches fit. Sum is the module's checksum, as go.sum has it.
const (
	Module  = "github.com/go-zookeeper/zk"
	Version = "v1.0.4"
	Sum     = "h1:DPzxraQx7OrPyXq2phlGlNSIyWEsAox0RJmjTseMV6I="
)

// OriginFile is the file in the client's folder that tells where the client comes from,
// how it is made, and what each patch does.
const OriginFile = "ORIGIN.md"

const licenceFile = "LICENSE"

//go:embed *.patch
var diffs embed.FS

// Files returns the files of the patched client by their names: those of upstream's package
// without its tests, with the patches, and OriginFile. The argument is a folder with
// upstream's module of the version that the patches fit, as in the module cache. An error
// names the patch and the line that doesn't fit.
func Files(upstream string) (map[string]string, error) {
	files, err := read(upstream)
	if err != nil {
		return nil, err
	}
	if files[licenceFile] == "" || files["go.mod"] == "" {
		return nil, fmt.Errorf("%s has no %s and go.mod: it isn't %s %s", upstream, licenceFile, Module, Version)
	}
	entries, err := diffs.ReadDir(".") // sorted by name
	if err != nil {
		return nil, err
	}
	var told []string
	for _, entry := range entries {
		text, err := diffs.ReadFile(entry.Name())
		if err != nil {
			return nil, err
		}
		if err := patch(files, entry.Name(), string(text)); err != nil {
			return nil, fmt.Errorf("%s isn't %s %s: patches/%w", upstream, Module, Version, err)
		}
		told = append(told, "## "+entry.Name()+"\n\n"+description(string(text)))
	}
	files[OriginFile] = origin + "\n" + strings.Join(told, "\n")
	return files, nil
}

// Apply writes the patched client into a folder, which is made where it is missing. A folder
// that has a client from before, told by its OriginFile, is brought up to date. Any other
// folder may have files of the client's names only: it is an error if it has more, so that
// nothing gets lost. Errors are those of Files and of the file system.
func Apply(upstream, dir string) error {
	files, err := Files(upstream)
	if err != nil {
		return err
	}
	surplus, err := surplusIn(dir, files)
	if err != nil {
		return err
	}
	if _, err := os.Stat(filepath.Join(dir, OriginFile)); err != nil && len(surplus) > 0 {
		return fmt.Errorf("%s has files that aren't the client's, as %s: choose a folder for the client alone", dir, surplus[0])
	}
	for _, name := range surplus {
		if err := os.Remove(filepath.Join(dir, name)); err != nil {
			return err
		}
	}
	return write(dir, files)
}

// Difference tells in a sentence what keeps a folder from being the client that Apply would
// write there. It is empty where nothing does. Errors are those of Files and of the file
// system.
func Difference(upstream, dir string) (string, error) {
	files, err := Files(upstream)
	if err != nil {
		return "", err
	}
	surplus, err := surplusIn(dir, files)
	if err != nil {
		return "", err
	}
	if _, err := os.Stat(dir); err != nil {
		return "there is no folder " + dir, nil
	}
	if len(surplus) > 0 {
		return fmt.Sprintf("%s is not a file of the client", filepath.Join(dir, surplus[0])), nil
	}
	for _, name := range sortedNames(files) {
		path := filepath.Join(dir, name)
		text, err := os.ReadFile(path)
		if errors.Is(err, os.ErrNotExist) {
			return path + " is missing", nil
		}
		if err != nil {
			return "", err
		}
		if string(text) != files[name] {
			return path + " is not upstream's with the patches", nil
		}
	}
	return "", nil
}

// origin begins OriginFile. The descriptions of the patches follow.
const origin = `# Where this comes from

This folder is ` + Module + ` ` + Version + ` with patches, under the licence of the original,
which is in the file ` + licenceFile + `. It was made by a command. Don't edit it, run that one again:

    go run github.com/mod-zookeeper/traefik-zookeeper/cmd/zkclient

These are the patches, which are in github.com/mod-zookeeper/traefik-zookeeper, in the folder patches.
`

// description is the text in front of a patch, which says what it does and why.
func description(text string) string {
	before, _, _ := strings.Cut(text, "diff --git ")
	return strings.TrimSpace(before) + "\n"
}

// read reads the files of upstream's package. Folders are other packages.
func read(dir string) (map[string]string, error) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil, err
	}
	files := map[string]string{}
	for _, entry := range entries {
		name := entry.Name()
		if entry.IsDir() || strings.HasSuffix(name, "_test.go") {
			continue
		}
		text, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil {
			return nil, err
		}
		files[name] = string(text)
	}
	return files, nil
}

// surplusIn are the names in a folder that aren't the client's. A folder that is missing has
// none.
func surplusIn(dir string, files map[string]string) ([]string, error) {
	entries, err := os.ReadDir(dir)
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		return nil, err
	}
	var surplus []string
	for _, entry := range entries {
		if _, known := files[entry.Name()]; !known {
			surplus = append(surplus, entry.Name())
		}
	}
	return surplus, nil
}

func write(dir string, files map[string]string) error {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	for _, name := range sortedNames(files) {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(files[name]), 0o644); err != nil {
			return err
		}
	}
	return nil
}

func sortedNames(files map[string]string) []string {
	names := make([]string, 0, len(files))
	for name := range files {
		names = append(names, name)
	}
	sort.Strings(names)
	return names
}
