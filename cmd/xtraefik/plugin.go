package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"golang.org/x/mod/modfile"
	"golang.org/x/mod/module"
	"gopkg.in/yaml.v3"
)

// manifest is what Traefik reads in a plugin's .traefik.yml.
type manifest struct {
	DisplayName string         `yaml:"displayName"`
	Type        string         `yaml:"type"`
	Runtime     string         `yaml:"runtime"`
	Import      string         `yaml:"import"`
	BasePkg     string         `yaml:"basePkg"`
	Summary     string         `yaml:"summary"`
	TestData    map[string]any `yaml:"testData"`
}

const manifestFile = ".traefik.yml"

// A plugin is a module that is compiled in.
type plugin struct {
	path     string // the module's
	version  string // empty where it comes from a folder and no version was named
	dir      string // where its source is
	local    bool   // whether that is a folder that was named
	manifest *manifest
	sums     []byte // its go.sum
}

// required is the module's version as go.mod requires it. A folder that takes its place has
// no version of its own.
func (p *plugin) required() module.Version {
	if p.version != "" {
		return module.Version{Path: p.path, Version: p.version}
	}
	_, major, _ := module.SplitPathVersion(p.path)
	number := module.PathMajorPrefix(major)
	if number == "" {
		number = "v0"
	}
	return module.Version{Path: p.path, Version: number + ".0.0"}
}

// findPlugin gets a plugin's source and reads its manifest.
func findPlugin(s source) (*plugin, error) {
	p := &plugin{path: s.path, version: s.version, dir: s.dir, local: s.dir != ""}
	if !p.local {
		found, err := download(s.path, s.version)
		if err != nil {
			return nil, err
		}
		p.version, p.dir = found.Version, found.Dir
	}
	if err := p.checkModule(); err != nil {
		return nil, err
	}
	var err error
	if p.manifest, err = readManifest(p.dir); err != nil {
		return nil, fmt.Errorf("%s: %w", p.path, err)
	}
	if p.manifest.Import != p.path && !strings.HasPrefix(p.manifest.Import, p.path+"/") {
		return nil, fmt.Errorf("%s: import: %q in its %s: no package of the module", p.path, p.manifest.Import, manifestFile)
	}
	if p.sums, err = os.ReadFile(filepath.Join(p.dir, "go.sum")); errors.Is(err, os.ErrNotExist) {
		err = nil
	}
	return p, err
}

// checkModule compares the module's name with the one in its go.mod.
func (p *plugin) checkModule() error {
	text, err := os.ReadFile(filepath.Join(p.dir, "go.mod"))
	if err != nil {
		return fmt.Errorf("%s has no go.mod, which a compiler needs: make one there, go mod init %s && go mod tidy", p.dir, p.path)
	}
	if name := modfile.ModulePath(text); name != p.path {
		return fmt.Errorf("the module in %s is named %s: --with %s=... is expected", p.dir, name, name)
	}
	if p.version != "" && module.Check(p.path, p.version) != nil {
		return fmt.Errorf("%s@%s: a version as v1.2.3 is expected, or none", p.path, p.version)
	}
	return nil
}

func readManifest(dir string) (*manifest, error) {
	text, err := os.ReadFile(filepath.Join(dir, manifestFile))
	if err != nil {
		return nil, fmt.Errorf("a plugin for Traefik has a %s, and there is none: %w", manifestFile, err)
	}
	m := &manifest{}
	if err := yaml.Unmarshal(text, m); err != nil {
		return nil, fmt.Errorf("%s: %w", manifestFile, err)
	}
	if m.Type != "middleware" {
		return nil, fmt.Errorf("type: %q in its %s: only middlewares can be compiled in; configure it as it is, and it is interpreted", m.Type, manifestFile)
	}
	if m.Runtime != "" && m.Runtime != "yaegi" {
		return nil, fmt.Errorf("runtime: %q in its %s: only what Yaegi interprets can be compiled in", m.Runtime, manifestFile)
	}
	return m, nil
}
