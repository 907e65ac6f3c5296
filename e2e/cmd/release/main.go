// Command release makes all that a release has, in the folder dist: the plugin for a machine
// without a network and for Kubernetes, the tools as binaries, what is in all of it (an SBOM),
// checksums, and the release notes.
package main

import (
	"flag"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"github.com/mod-zookeeper/traefik-zookeeper/e2e/internal/parts"
	"github.com/mod-zookeeper/traefik-zookeeper/e2e/internal/plugin"
)

func main() {
	o := options{folder: filepath.Join(parts.Root(), "dist"), platforms: platforms}
	flag.StringVar(&o.version, "version", "", "the release, as in v1.2.3; the last tag by default, and what git calls the commit where there is none")
	flag.BoolVar(&o.dirty, "dirty", false, "a rehearsal: take the files as they are, committed or not, and the changes that aren't released")
	flag.StringVar(&o.folder, "output", o.folder, "the folder; what is in it is replaced")
	flag.BoolVar(&o.plugin, "plugin", false, "pack the plugin, and nothing else")
	flag.Parse()
	names, err := release(o)
	if err != nil {
		fmt.Fprintln(os.Stderr, "release:", err)
		os.Exit(1)
	}
	fmt.Println(strings.Join(names, "\n"))
}

type options struct {
	version   string
	dirty     bool
	plugin    bool   // nothing but the plugin's packages
	folder    string // what is in it is replaced
	platforms []platform
}

// product is what the names of all files of a release begin with.
const product = "traefik-zookeeper"

var tag = regexp.MustCompile(`^v\d+\.\d+\.\d+$`)

// release makes a release, and returns the paths of its files.
func release(o options) ([]string, error) {
	if err := o.check(); err != nil {
		return nil, err
	}
	notes, err := o.notes()
	if err != nil {
		return nil, err
	}
	files, err := plugin.Files()
	if err != nil {
		return nil, err
	}
	if err := os.RemoveAll(o.folder); err != nil {
		return nil, err
	}
	if err := pack(o.folder, o.version, files); err != nil {
		return nil, err
	}
	if o.plugin {
		return filepath.Glob(filepath.Join(o.folder, "*"))
	}
	binaries, err := buildTools(o)
	if err != nil {
		return nil, err
	}
	if err := writeSBOM(o.folder, o.version, binaries); err != nil {
		return nil, err
	}
	if err := writeChecksums(o.folder, o.version); err != nil {
		return nil, err
	}
	// Not one of the files that are published, so it has no checksum.
	if err := os.WriteFile(filepath.Join(o.folder, "notes.md"), []byte(notes), 0o644); err != nil {
		return nil, err
	}
	return filepath.Glob(filepath.Join(o.folder, "*"))
}

// check finds out the version, and whether it can be released.
func (o *options) check() error {
	changes, err := git("status", "--porcelain")
	if err != nil {
		return err
	}
	if changes != "" && !o.dirty {
		return fmt.Errorf("these files are not committed; commit them, or give -dirty:\n%s", changes)
	}
	if o.version == "" {
		if o.version, err = git("describe", "--tags", "--always"); err != nil {
			return err
		}
	}
	if !regexp.MustCompile(`^[\w.-]+$`).MatchString(o.version) {
		return fmt.Errorf("-version: %q: as in v1.2.3", o.version)
	}
	documented, err := plugin.Release()
	if err == nil && tag.MatchString(o.version) && o.version != documented {
		err = fmt.Errorf("-version: %s: the table of versions in readme.md has %s; write the new version there, and into the files that the test TestVersions in e2e/readme names", o.version, documented)
	}
	return err
}

// pack writes the plugin's packages into a folder.
func pack(folder, version string, files map[string][]byte) error {
	archive, err := plugin.Archive(files)
	if err != nil {
		return err
	}
	values, err := inlineValues(files)
	if err != nil {
		return err
	}
	configMap, err := inlineConfigMap(files)
	if err != nil {
		return err
	}
	schema, err := os.ReadFile(filepath.Join(parts.Root(), "docs", "schema.json"))
	if err != nil {
		return err
	}
	if err := os.MkdirAll(folder, 0o755); err != nil {
		return err
	}
	packages := map[string][]byte{".tar.gz": archive, "-configmap.yml": configMap, "-values.yml": values, "-schema.json": schema}
	for _, end := range slices.Sorted(maps.Keys(packages)) {
		if err := os.WriteFile(filepath.Join(folder, product+"-"+version+end), packages[end], 0o644); err != nil {
			return err
		}
	}
	return nil
}

func git(arguments ...string) (string, error) {
	command := exec.Command("git", arguments...)
	command.Dir = parts.Root()
	command.Stderr = os.Stderr
	output, err := command.Output()
	if err != nil {
		return "", fmt.Errorf("git %s: %w", strings.Join(arguments, " "), err)
	}
	return strings.TrimSpace(string(output)), nil
}
