package flag

import (
	"encoding/json"
	"errors"
	"fmt"

	"github.com/mod-zookeeper/traefik-zookeeper/flag/lint"
	"github.com/mod-zookeeper/traefik-zookeeper/internal/lists"
)

// library is a document's evaluators. Each is compiled when a flag first refers to it, and
// all that refer to it share what it compiles to.
type library struct {
	rules    map[string]json.RawMessage
	compiled map[string]*evaluator // by their names, behind what their attributes are those of
	entered  map[string]bool       // those that are being compiled
	known    *lint.Known
}

// An evaluator's attributes are those of the context, or below map, filter, reduce, all, none and
// some those of an element, so that it may have to be compiled for both.
const (
	inContext = "context "
	inElement = "element "
)

// evaluator is what a rule compiles to, and what it adds to a flag that refers to it.
//
// Yaegi: it can't say that others are evaluators, since types in two rings don't work.
type evaluator struct {
	root   *node
	err    error
	names  []string       // attributes, without those of others
	others map[string]any // what it refers to itself
	looks  bool           // it looks up attributes, or one of those does
	open   bool
	clock  bool
	nodes  int
	height int
	found  *lint.Rule
}

func newLibrary(rules map[string]json.RawMessage) *library {
	return &library{rules: rules, compiled: map[string]*evaluator{}, entered: map[string]bool{}, known: knownTo(rules)}
}

// compileReference compiles the evaluator that {"$ref": name} stands for.
func compileReference(c *compiler, operand any, depth int, scoped bool) (*node, error) {
	name := textIn(operand)
	if c.evaluators == nil || isEmpty(c.evaluators.rules[name]) {
		return nil, errors.New("refers to the evaluator " + shown(operand) + `, which "$evaluators" doesn't have; define it there`)
	}
	place := inContext + name
	if scoped {
		place = inElement + name
	}
	e := c.evaluators.compiled[place]
	if e == nil && c.evaluators.entered[name] {
		return nil, errors.New("refers to the evaluator " + shown(name) + ", which refers to itself; break the circle")
	}
	if e == nil {
		e = compileEvaluator(c, name, depth, scoped)
		// What an evaluator exceeds inside of others, it may keep by itself.
		if e.err == nil || !c.inner {
			c.evaluators.compiled[place] = e
		}
	}
	if c.others == nil {
		c.others = map[string]any{}
	}
	c.others[place] = e
	if e.err != nil {
		return nil, fmt.Errorf("refers to the evaluator %s, which %w", shown(name), e.err)
	}
	return e.root, adopt(c, e, depth)
}

func compileEvaluator(outer *compiler, name string, depth int, scoped bool) *evaluator {
	rule, err := decoded(outer.evaluators.rules[name])
	if err != nil {
		return &evaluator{err: err}
	}
	c := newCompiler(outer.evaluators)
	c.inner = true
	if outer.inner {
		c.above = outer.above + depth
		c.before = outer.before + outer.nodes
	}
	outer.evaluators.entered[name] = true
	root, err := compile(c, rule, 1, scoped)
	delete(outer.evaluators.entered, name)
	found := checkRule(rule, "$evaluators."+lint.Member(name), outer.evaluators, err)
	err = placed(found, err)
	found.Findings = append(found.Findings, lint.Twice(outer.evaluators.rules[name], rule, found.Members, "$evaluators."+lint.Member(name))...)
	return &evaluator{root: root, err: err, found: found, names: lists.SortedKeys(c.names), others: c.others, looks: c.looks || len(c.names) > 0, open: c.open, clock: c.clock, nodes: c.nodes, height: c.height}
}

// adopt notes what an evaluator adds to what refers to it.
func adopt(c *compiler, e *evaluator, depth int) error {
	if depth+e.height > c.height {
		c.height = depth + e.height
	}
	c.nodes += e.nodes
	c.open = c.open || e.open
	c.clock = c.clock || e.clock
	c.looks = c.looks || e.looks
	return exceeded(c, depth+e.height)
}

// collect adds the names of all attributes that evaluators look up.
func collect(names map[string]bool, others map[string]any, seen map[string]bool) {
	for key := range others {
		if seen[key] {
			continue
		}
		seen[key] = true
		e, isEvaluator := others[key].(*evaluator)
		if !isEvaluator {
			continue
		}
		for _, name := range e.names {
			names[name] = true
		}
		collect(names, e.others, seen)
	}
}

// findingsOfEvaluators are what is wrong with a document's evaluators that no flag has referred to
// so far.
func findingsOfEvaluators(s *Set) []*Finding {
	d := s.document
	d.compiling.Lock()
	defer d.compiling.Unlock()
	l := d.evaluators
	var unused []string
	for _, name := range lists.SortedKeys(l.rules) {
		if l.compiled[inContext+name] == nil && l.compiled[inElement+name] == nil {
			unused = append(unused, name)
		}
	}
	var all []*Finding
	for _, name := range unused {
		// What is wrong is noted with the evaluator.
		_, _ = compileReference(newCompiler(l), name, 1, false)
		e := l.compiled[inContext+name]
		if e != nil {
			all = append(all, findingsAt(e, name)...)
		}
	}
	return all
}

func findingsAt(e *evaluator, name string) []*Finding {
	if e.err == nil {
		return e.found.Findings
	}
	if e.found != nil {
		for _, finding := range e.found.Findings {
			if finding.Refused {
				return e.found.Findings
			}
		}
	}
	return []*Finding{{Severity: lint.Mistake, Place: "$evaluators." + lint.Member(name), Message: e.err.Error()}}
}
