// Command importgraph shows which packages of a plugin import which, and checks that
// they keep to their order and their sizes.
//
//	importgraph text [directory of the plugin's module]      a line for each package
//	importgraph mermaid [directory of the plugin's module]   the diagram
//	importgraph write [directory of the plugin's module]     the diagram, into docs/how-it-works.md
//	importgraph check [directory of the plugin's module]     what is wrong, with status 1
//
// It looks at the package at the root and at the packages of its module that this one
// imports. The order is in order.go and the sizes are in limits.go. The diagram leaves
// out an import where a longer way leads to the same package; the text has them all.
package main

import (
	"fmt"
	"io"
	"os"
	"strings"
)

const usage = "usage: importgraph text|mermaid|write|check [directory of the plugin's module]"

func main() {
	if len(os.Args) < 2 || len(os.Args) > 3 {
		fmt.Fprintln(os.Stderr, usage)
		os.Exit(2)
	}
	dir := "."
	if len(os.Args) == 3 {
		dir = os.Args[2]
	}
	problems, err := run(os.Stdout, os.Args[1], dir)
	if err != nil {
		fmt.Fprintln(os.Stderr, "importgraph:", err)
		os.Exit(2)
	}
	for _, p := range problems {
		fmt.Println(p)
	}
	if len(problems) > 0 {
		os.Exit(1)
	}
}

// run does what a command says and returns what it finds wrong.
func run(out io.Writer, command, dir string) ([]string, error) {
	g, err := load(dir)
	if err != nil {
		return nil, err
	}
	switch command {
	case "text":
		_, err := io.WriteString(out, g.text())
		return nil, err
	case "mermaid":
		_, err := io.WriteString(out, g.mermaid())
		return nil, err
	case "write":
		return nil, writeDiagram(dir, g.mermaid())
	case "check":
		return check(dir, g)
	}
	return nil, fmt.Errorf("unknown command %q; %s", command, usage)
}

func check(dir string, g *graph) ([]string, error) {
	o, err := parseOrder(order)
	if err != nil {
		return nil, err
	}
	problems := append(g.outOfOrder(o), g.tooLarge()...)
	stale, err := compareDiagram(dir, g.mermaid())
	if err != nil {
		return nil, err
	}
	return append(problems, stale...), nil
}

// lines are those of a text, without the empty one at its end.
func lines(text string) int {
	n := strings.Count(text, "\n")
	if text != "" && !strings.HasSuffix(text, "\n") {
		n++
	}
	return n
}
