package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// The diagram stands between these lines of the document.
const (
	document = "docs/how-it-works.md"
	begin    = "<!-- import graph -->"
	end      = "<!-- end of import graph -->"
)

var errNoPlace = fmt.Errorf("%s: it lacks the lines %s and %s; put them where the diagram belongs", document, begin, end)

// text has a line for each package, the root first.
func (g *graph) text() string {
	var b strings.Builder
	for i := len(g.packages) - 1; i >= 0; i-- {
		p := g.packages[i]
		fmt.Fprintf(&b, "%s: %s\n", p.name, strings.Join(p.imports, " "))
	}
	return b.String()
}

// mermaid has an arrow for each import, the root on top. An import that another
// package on the way makes plain has none.
func (g *graph) mermaid() string {
	var b strings.Builder
	b.WriteString("flowchart TD\n")
	for i := len(g.packages) - 1; i >= 0; i-- {
		p := g.packages[i]
		fmt.Fprintf(&b, "    %s[%s]\n", id(p.name), label(p.name))
	}
	for i := len(g.packages) - 1; i >= 0; i-- {
		p := g.packages[i]
		for _, imported := range p.imports {
			if !g.reachesByOthers(p, imported) {
				fmt.Fprintf(&b, "    %s --> %s\n", id(p.name), id(imported))
			}
		}
	}
	return b.String()
}

func label(name string) string {
	if name == "." {
		return "the root"
	}
	return name
}

// id makes a name of letters, as diagrams want it.
func id(name string) string {
	if name == "." {
		return "root"
	}
	return strings.NewReplacer("/", "_", "-", "_", ".", "_").Replace(name)
}

// reachesByOthers tells whether another import of a package leads to the same one.
func (g *graph) reachesByOthers(p *pkg, imported string) bool {
	for _, other := range p.imports {
		if other != imported && g.reaches(other, imported, map[string]bool{p.name: true}) {
			return true
		}
	}
	return false
}

// reaches knows where it has been, since files of another build tag may import in
// circles.
func (g *graph) reaches(from, to string, seen map[string]bool) bool {
	p := g.byName[from]
	if p == nil || seen[from] {
		return false
	}
	seen[from] = true
	for _, imported := range p.imports {
		if imported == to || g.reaches(imported, to, seen) {
			return true
		}
	}
	return false
}

// block is the diagram as it stands in the document.
func block(diagram string) string {
	return begin + "\n```mermaid\n" + diagram + "```\n" + end
}

// split returns what is in front of the block in the document, the block, and what
// is behind it.
func split(dir string) ([3]string, error) {
	text, err := os.ReadFile(filepath.Join(dir, filepath.FromSlash(document)))
	if err != nil {
		return [3]string{}, err
	}
	from := strings.Index(string(text), begin)
	to := strings.Index(string(text), end)
	if from < 0 || to < from {
		return [3]string{}, errNoPlace
	}
	to += len(end)
	return [3]string{string(text[:from]), string(text[from:to]), string(text[to:])}, nil
}

// compareDiagram tells whether the document has another diagram.
func compareDiagram(dir, diagram string) ([]string, error) {
	parts, err := split(dir)
	if errors.Is(err, errNoPlace) {
		return []string{err.Error()}, nil
	}
	if err != nil {
		return nil, err
	}
	if parts[1] != block(diagram) {
		return []string{fmt.Sprintf("%s: the diagram isn't that of the imports; run go -C yaegivet run ./cmd/importgraph write ..", document)}, nil
	}
	return nil, nil
}

func writeDiagram(dir, diagram string) error {
	parts, err := split(dir)
	if err != nil {
		return err
	}
	name := filepath.Join(dir, filepath.FromSlash(document))
	return os.WriteFile(name, []byte(parts[0]+block(diagram)+parts[2]), 0o644)
}
