package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"golang.org/x/tools/go/packages"
)

// A plugin is what Yaegi would load of a module.
type plugin struct {
	root     string // the directory of the module
	manifest manifest
	packages []*packages.Package
}

// load reads the packages that the interpreter would load. Tests are none of them,
// nor are programs and packages beside the plugin, which nothing in it imports.
func load(dir string) (*plugin, error) {
	root, err := moduleRoot(dir)
	if err != nil {
		return nil, err
	}
	m, err := readManifest(root)
	if err != nil {
		return nil, err
	}
	p := &plugin{root: root, manifest: m}
	paths, err := p.interpreted()
	if err != nil {
		return nil, err
	}
	p.packages, err = packages.Load(p.config(packages.LoadSyntax|packages.NeedModule), paths...)
	if err != nil {
		return nil, err
	}
	// A rule is blind where types are missing, so silence would prove nothing.
	for _, loaded := range p.packages {
		for _, e := range loaded.Errors {
			return nil, fmt.Errorf("%s: %w", loaded.PkgPath, e)
		}
	}
	return p, nil
}

// moduleRoot returns the directory at or above dir that has a go.mod.
func moduleRoot(dir string) (string, error) {
	for at := dir; ; at = filepath.Dir(at) {
		if _, err := os.Stat(filepath.Join(at, "go.mod")); err == nil {
			return at, nil
		}
		if at == filepath.Dir(at) {
			return "", fmt.Errorf("%s is in no module: there is no go.mod in it, nor above it", dir)
		}
	}
}

// interpreted are the paths of the plugin's package and of all that it imports, apart
// from the standard library, which is compiled.
func (p *plugin) interpreted() ([]string, error) {
	roots, err := packages.Load(p.config(packages.NeedName|packages.NeedImports|packages.NeedDeps|packages.NeedModule), p.manifest.path)
	if err != nil {
		return nil, err
	}
	var paths []string
	var problem error
	packages.Visit(roots, nil, func(loaded *packages.Package) {
		for _, e := range loaded.Errors {
			problem = errors.Join(problem, fmt.Errorf("%s: %w", loaded.PkgPath, e))
		}
		if loaded.Module == nil {
			return
		}
		// Without a dot it looks like a package of the standard library, to the rules as to Yaegi.
		if first, _, _ := strings.Cut(loaded.PkgPath, "/"); !strings.Contains(first, ".") {
			problem = errors.Join(problem, fmt.Errorf("the path %s begins without a dot, as those of the standard library do; name the module as example.com/plugin", loaded.PkgPath))
		}
		paths = append(paths, loaded.PkgPath)
	})
	if problem != nil {
		return nil, fmt.Errorf("%w\nTraefik needs all that the plugin imports in vendor/; go mod vendor puts it there", problem)
	}
	if len(paths) == 0 {
		return nil, fmt.Errorf("no package %s in %s", p.manifest.path, p.root)
	}
	return paths, nil
}

// config takes dependencies from vendor/, as Traefik does, where there is one.
func (p *plugin) config(mode packages.LoadMode) *packages.Config {
	from := "-mod=readonly"
	if _, err := os.Stat(filepath.Join(p.root, "vendor", "modules.txt")); err == nil {
		from = "-mod=vendor"
	}
	return &packages.Config{
		Mode:       mode,
		Dir:        p.root,
		Env:        append(os.Environ(), "GOWORK=off"),
		BuildFlags: []string{from},
	}
}
