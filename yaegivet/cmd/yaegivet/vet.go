package main

import (
	"fmt"
	"io"
	"path/filepath"
	"strings"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/analysis/checker"

	"github.com/mod-zookeeper/traefik-zookeeper/yaegivet"
)

// A finding is a place where a rule is broken.
type finding struct {
	Rule     string            `json:"rule"`
	Severity yaegivet.Severity `json:"severity"`
	File     string            `json:"file"` // from the directory that was asked for
	Line     int               `json:"line"`
	Column   int               `json:"column"`
	Message  string            `json:"message"` // what happens, and what to write instead
	URL      string            `json:"url"`     // the page of the rule
}

// vet returns the findings of the chosen rules in a plugin, package by package.
func vet(dir string, chosen map[string]bool) ([]finding, error) {
	dir, err := filepath.Abs(dir)
	if err != nil {
		return nil, err
	}
	p, err := load(dir)
	if err != nil {
		return nil, err
	}
	// All rules run, since a mark may belong to a rule that isn't chosen.
	analyzers := []*analysis.Analyzer{yaegivet.Analyzer(p.packages, yaegivet.Options{Unsafe: p.manifest.unsafe})}
	graph, err := checker.Analyze(analyzers, p.packages, nil)
	if err != nil {
		return nil, err
	}
	findings := []finding{} // and no null in JSON
	for _, act := range graph.Roots {
		if act.Err != nil {
			return nil, fmt.Errorf("%s: %w", act.Package.PkgPath, act.Err)
		}
		for _, d := range act.Diagnostics {
			if chosen[d.Category] {
				findings = append(findings, findingOf(dir, act, d))
			}
		}
	}
	return findings, nil
}

func findingOf(dir string, act *checker.Action, d analysis.Diagnostic) finding {
	pos := act.Package.Fset.Position(d.Pos)
	name := pos.Filename
	if rel, err := filepath.Rel(dir, name); err == nil && !strings.HasPrefix(rel, "..") {
		name = rel
	}
	return finding{d.Category, yaegivet.SeverityOf(d.Category), filepath.ToSlash(name), pos.Line, pos.Column, d.Message, d.URL}
}

func (f finding) String() string {
	return fmt.Sprintf("%s:%d:%d: %s: %s %s", f.File, f.Line, f.Column, f.Severity, f.Message, f.URL)
}

func write(out io.Writer, findings []finding, asJSON bool) error {
	if asJSON {
		return writeJSON(out, findings)
	}
	for _, f := range findings {
		if _, err := fmt.Fprintln(out, f); err != nil {
			return err
		}
	}
	return nil
}
