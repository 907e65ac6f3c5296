// Command yaegivet vets a plugin, and the packages it vendors, for Yaegi.
//
//	yaegivet [directory of the plugin's module]
package main

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/analysis/checker"
	"golang.org/x/tools/go/packages"

	"github.com/mod-zookeeper/traefik-zookeeper/yaegivet"
)

// Tests are never interpreted, so they may use what they like.
var patterns = []string{".", "./...", "github.com/go-zookeeper/zk"}

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
	graph, err := checker.Analyze([]*analysis.Analyzer{yaegivet.Analyzer}, pkgs, nil)
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

func load(dir string) ([]*packages.Package, error) {
	cfg := &packages.Config{
		Mode:       packages.LoadSyntax | packages.NeedModule,
		Dir:        dir,
		Env:        append(os.Environ(), "GOWORK=off"),
		BuildFlags: []string{"-mod=vendor"},
	}
	pkgs, err := packages.Load(cfg, patterns...)
	if err != nil {
		return nil, err
	}
	// Programs beside the plugin are compiled: nobody can import them.
	pkgs = slices.DeleteFunc(pkgs, func(p *packages.Package) bool { return p.Name == "main" })
	// A rule is blind where types are missing, so silence would prove nothing.
	for _, p := range pkgs {
		for _, e := range p.Errors {
			return nil, fmt.Errorf("%s: %w", p.PkgPath, e)
		}
	}
	return pkgs, nil
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
