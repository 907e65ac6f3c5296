// Command release packs what a release has: the plugin for a machine without a
// network, and for Kubernetes.
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
	version := flag.String("version", "", "the release, as in v1.2.3; the last tag by default, and what git calls the commit where there is none")
	dirty := flag.Bool("dirty", false, "pack the files as they are, committed or not")
	flag.Parse()
	names, err := release(*version, *dirty)
	if err != nil {
		fmt.Fprintln(os.Stderr, "release:", err)
		os.Exit(1)
	}
	fmt.Println(strings.Join(names, "\n"))
}

func release(version string, dirty bool) ([]string, error) {
	changes, err := git("status", "--porcelain")
	if err != nil {
		return nil, err
	}
	if changes != "" && !dirty {
		return nil, fmt.Errorf("these files are not committed; commit them, or give -dirty:\n%s", changes)
	}
	if version == "" {
		if version, err = git("describe", "--tags", "--always"); err != nil {
			return nil, err
		}
	}
	if !regexp.MustCompile(`^[\w.-]+$`).MatchString(version) {
		return nil, fmt.Errorf("-version: %q: as in v1.2.3", version)
	}
	files, err := plugin.Files()
	if err != nil {
		return nil, err
	}
	return pack(filepath.Join(parts.Root(), "dist"), version, files)
}

// pack writes the packages of a release into a folder, and returns their paths.
func pack(folder, version string, files map[string][]byte) ([]string, error) {
	archive, err := tarball(files)
	if err != nil {
		return nil, err
	}
	values, err := inlineValues(files)
	if err != nil {
		return nil, err
	}
	configMap, err := inlineConfigMap(files)
	if err != nil {
		return nil, err
	}
	schema, err := os.ReadFile(filepath.Join(parts.Root(), "docs", "schema.json"))
	if err != nil {
		return nil, err
	}
	if err := os.MkdirAll(folder, 0o755); err != nil {
		return nil, err
	}
	packages := map[string][]byte{
		"traefik-zookeeper-" + version + ".tar.gz":        archive,
		"traefik-zookeeper-" + version + "-configmap.yml": configMap,
		"traefik-zookeeper-" + version + "-values.yml":    values,
		"traefik-zookeeper-" + version + "-schema.json":   schema,
	}
	var names []string
	for _, name := range slices.Sorted(maps.Keys(packages)) {
		path := filepath.Join(folder, name)
		if err := os.WriteFile(path, packages[name], 0o644); err != nil {
			return nil, err
		}
		names = append(names, path)
	}
	return names, nil
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
