package main

import (
	"fmt"
	"maps"
	"slices"
)

// What a reader can take in. Tests count as files only.
const (
	linesOfPackage = 2000
	linesOfFile    = 350
	filesOfRoot    = 5
	filesOfType    = 3
	methodsOfType  = 40
)

const (
	moveOut = "move what has a subject of its own into a package of its own"
	takeOut = "give its parts types of their own"
)

// wholePackages may be larger.
var wholePackages = map[string]bool{"flag": true}

// tooLarge are the packages, files and types over their limits.
func (g *graph) tooLarge() []string {
	var problems []string
	for _, p := range g.packages {
		problems = append(problems, p.tooLarge()...)
	}
	return problems
}

func (p *pkg) tooLarge() []string {
	var problems []string
	total := 0
	for _, f := range p.files {
		total += f.lines
	}
	for _, f := range append(slices.Clip(p.files), p.tests...) {
		if f.lines > linesOfFile {
			problems = append(problems, fmt.Sprintf("%s: %d lines, more than %d; split the file by its subjects", f.name, f.lines, linesOfFile))
		}
	}
	if total > linesOfPackage && !wholePackages[p.name] {
		problems = append(problems, fmt.Sprintf("%s: the package has %d lines, more than %d; %s", p.name, total, linesOfPackage, moveOut))
	}
	if p.name == "." && len(p.files) > filesOfRoot {
		problems = append(problems, fmt.Sprintf("%s: the root has %d Go files that are no tests, more than %d; %s", p.name, len(p.files), filesOfRoot, moveOut))
	}
	return append(problems, p.spread()...)
}

// spread are the types with methods in too many files, or with too many methods.
func (p *pkg) spread() []string {
	methods, files := map[string]int{}, map[string]int{}
	for _, f := range p.files {
		here := map[string]bool{}
		for _, receiver := range f.methods {
			methods[receiver]++
			here[receiver] = true
		}
		for receiver := range here {
			files[receiver]++
		}
	}
	var problems []string
	for _, t := range slices.Sorted(maps.Keys(methods)) {
		if files[t] > filesOfType {
			problems = append(problems, fmt.Sprintf("%s: the type %s has methods in %d files, more than %d; %s", p.name, t, files[t], filesOfType, takeOut))
		}
		if methods[t] > methodsOfType {
			problems = append(problems, fmt.Sprintf("%s: the type %s has %d methods, more than %d; %s", p.name, t, methods[t], methodsOfType, takeOut))
		}
	}
	return problems
}
