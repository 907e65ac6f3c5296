// Command yaegivet vets for Yaegi what it interprets of a plugin: the package at
// the root of its module, and all that this one imports, of the module or vendored.
//
//	yaegivet [directory of the plugin's module]
package main

import (
	"fmt"
	"os"
	"path/filepath"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/analysis/checker"
	"golang.org/x/tools/go/packages"

	"github.com/mod-zookeeper/traefik-zookeeper/yaegivet"
)

func main() {
	dir := "."
	if len(os.Args) > 1 {
		dir = os.Args[1]
	}
	findings, err := vet(dir)
	if err != nil {
		fmt.Fprintln(os.Stderr, "yaegivet:", err)
		os.Exit(2)
	}
	for _, f := range findings {
		fmt.Println(f)
	}
	if len(findings) > 0 {
		os.Exit(1)
	}
}

// vet returns the findings in a module, each as a line.
func vet(dir string) ([]string, error) {
	pkgs, err := load(dir)
	if err != nil {
		return nil, err
	}
	graph, err := checker.Analyze([]*analysis.Analyzer{yaegivet.Analyzer(pkgs)}, pkgs, nil)
	if err != nil {
		return nil, err
	}
	var lines []string
	for _, act := range graph.Roots {
		if act.Err != nil {
			return nil, fmt.Errorf("%s: %w", act.Package.PkgPath, act.Err)
		}
		for _, d := range act.Diagnostics {
			lines = append(lines, line(dir, act, d))
		}
	}
	return lines, nil
}

// load returns the packages that the interpreter would load. Tests are none of them,
// nor are programs and packages beside the plugin, which nothing in it imports.
func load(dir string) ([]*packages.Package, error) {
	paths, err := interpreted(dir)
	if err != nil {
		return nil, err
	}
	pkgs, err := packages.Load(config(dir, packages.LoadSyntax|packages.NeedModule), paths...)
	if err != nil {
		return nil, err
	}
	// A rule is blind where types are missing, so silence would prove nothing.
	for _, p := range pkgs {
		for _, e := range p.Errors {
			return nil, fmt.Errorf("%s: %w", p.PkgPath, e)
		}
	}
	return pkgs, nil
}

// interpreted are the paths of the root and of all that it imports, apart from the
// standard library, which is compiled.
func interpreted(dir string) ([]string, error) {
	roots, err := packages.Load(config(dir, packages.NeedName|packages.NeedImports|packages.NeedDeps|packages.NeedModule), ".")
	if err != nil {
		return nil, err
	}
	var paths []string
	packages.Visit(roots, nil, func(p *packages.Package) {
		if p.Module != nil {
			paths = append(paths, p.PkgPath)
		}
	})
	if len(paths) == 0 {
		return nil, fmt.Errorf("no package in %s", dir)
	}
	return paths, nil
}

func config(dir string, mode packages.LoadMode) *packages.Config {
	return &packages.Config{
		Mode:       mode,
		Dir:        dir,
		Env:        append(os.Environ(), "GOWORK=off"),
		BuildFlags: []string{"-mod=vendor"},
	}
}

func line(dir string, act *checker.Action, d analysis.Diagnostic) string {
	pos := act.Package.Fset.Position(d.Pos)
	name := pos.Filename
	if abs, err := filepath.Abs(dir); err == nil {
		if rel, err := filepath.Rel(abs, name); err == nil {
			name = rel
		}
	}
	return fmt.Sprintf("%s:%d: %s", name, pos.Line, d.Message)
}
