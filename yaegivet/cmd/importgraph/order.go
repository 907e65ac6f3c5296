package main

import (
	"fmt"
	"slices"
	"strings"
)

// order says which packages stand below which. A package imports only what stands
// below it, directly or through others. Packages are named by their directories: the
// dot is the root, and the star stands for all that the line doesn't name.
const order = `
	internal/lists < flag/lint < flag
	internal/lists internal/log internal/problems internal/ipset < internal/guard config flag < internal/value < internal/ensemble internal/request
	internal/ensemble internal/request < internal/session < internal/store
	internal/ensemble < internal/clientlog < internal/session
	internal/value internal/log < internal/history < internal/store < internal/cache
	internal/value < internal/diagnostic < internal/store
	internal/request < internal/flagcheck < internal/serve
	config internal/request internal/value internal/ensemble < internal/rules
	internal/rules internal/request < internal/answer < internal/serve
	flag internal/guard internal/published internal/request < internal/memo < internal/serve
	internal/guard < internal/published < internal/store internal/lookup internal/headerplan
	flag internal/rules internal/cache internal/memo < internal/lookup < internal/serve
	flag internal/lists < internal/counters < internal/serve
	internal/rules internal/cache < internal/input < internal/serve
	internal/request internal/headerplan < internal/serve < internal/middleware
	internal/cache internal/session < internal/clusters < internal/followers internal/middleware
	internal/followers flag < follow < .
	* < internal/status < .
`

// below has, for each package, the packages that stand below it.
type below map[string]map[string]bool

// parseOrder reads the lines of an order. It refuses one that runs in a circle.
func parseOrder(text string) (below, error) {
	b := below{}
	chains := chainsIn(text)
	for _, chain := range chains {
		for _, names := range chain {
			for _, name := range names {
				if name != "*" && b[name] == nil {
					b[name] = map[string]bool{}
				}
			}
		}
	}
	for _, chain := range chains {
		b.addChain(chain)
	}
	b.close()
	for name, lower := range b {
		if lower[name] {
			return nil, fmt.Errorf("the order runs in a circle: %s stands below itself", name)
		}
	}
	return b, nil
}

// chainsIn splits each line into its steps, and each step into names.
func chainsIn(text string) [][][]string {
	var chains [][][]string
	for line := range strings.Lines(text) {
		if strings.TrimSpace(line) == "" {
			continue
		}
		var chain [][]string
		for step := range strings.SplitSeq(line, "<") {
			chain = append(chain, strings.Fields(step))
		}
		chains = append(chains, chain)
	}
	return chains
}

func (b below) addChain(chain [][]string) {
	for i := 1; i < len(chain); i++ {
		for _, upper := range chain[i] {
			for _, lower := range b.expand(chain[i-1], chain) {
				b[upper][lower] = true
			}
		}
	}
}

// expand replaces a star by all packages that its chain doesn't name.
func (b below) expand(names []string, chain [][]string) []string {
	if !slices.Contains(names, "*") {
		return names
	}
	var all []string
	for name := range b {
		if !slices.ContainsFunc(chain, func(step []string) bool { return slices.Contains(step, name) }) {
			all = append(all, name)
		}
	}
	return all
}

// close adds what stands below through others, until there is nothing to add.
func (b below) close() {
	for added := true; added; {
		added = false
		for _, lower := range b {
			for middle := range lower {
				for lowest := range b[middle] {
					if !lower[lowest] {
						lower[lowest] = true
						added = true
					}
				}
			}
		}
	}
}

// outOfOrder are the imports that don't go down, and the packages without a place.
func (g *graph) outOfOrder(b below) []string {
	var problems []string
	for _, p := range g.packages {
		if b[p.name] == nil {
			problems = append(problems, fmt.Sprintf("%s: the package has no place in the order; give it one in order.go", p.name))
			continue
		}
		for _, imported := range p.imports {
			if b[imported] != nil && !b[p.name][imported] {
				problems = append(problems, fmt.Sprintf("%s imports %s, which doesn't stand below it; let what is higher hand over a value or a function", p.name, imported))
			}
		}
	}
	return problems
}
