package flag

import (
	"encoding/json"
	"errors"
	"fmt"
)

// library is a document's evaluators. Each is compiled when a flag first refers to it, and
// all that refer to it share what it compiles to.
type library struct {
	rules   map[string]json.RawMessage
	shared  map[string]*evaluator // compiled
	below   map[string]*evaluator // compiled for rules on a list's elements
	entered map[string]bool       // those that are being compiled
}

// evaluator is what a rule compiles to, and what it adds to a flag that refers to it.
type evaluator struct {
	root   *node
	err    error
	names  []string
	open   bool
	clock  bool
	nodes  int
	height int
}

func newLibrary(rules map[string]json.RawMessage) *library {
	return &library{rules: rules, shared: map[string]*evaluator{}, below: map[string]*evaluator{}, entered: map[string]bool{}}
}

// compileReference compiles the evaluator that {"$ref": name} stands for.
func compileReference(c *compiler, operand any, depth int, scoped bool) (*node, error) {
	name := textIn(operand)
	if c.evaluators == nil || isEmpty(c.evaluators.rules[name]) {
		return nil, errors.New("refers to the evaluator " + shown(operand) + `, which "$evaluators" doesn't have; define it there`)
	}
	compiled := c.evaluators.shared
	if scoped {
		compiled = c.evaluators.below
	}
	e := compiled[name]
	if e == nil && c.evaluators.entered[name] {
		return nil, errors.New("refers to the evaluator " + shown(name) + ", which refers to itself; break the circle")
	}
	if e == nil {
		e = compileEvaluator(c, name, depth, scoped)
		// What an evaluator exceeds inside of others, it may keep by itself.
		if e.err == nil || !c.inner {
			compiled[name] = e
		}
	}
	if e.err != nil {
		return nil, fmt.Errorf("evaluator %s: %w", shown(name), e.err)
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
	return &evaluator{root: root, err: err, names: sortedNames(c.names), open: c.open, clock: c.clock, nodes: c.nodes, height: c.height}
}

// adopt notes what an evaluator adds to what refers to it.
func adopt(c *compiler, e *evaluator, depth int) error {
	if c.height < depth+e.height {
		c.height = depth + e.height
	}
	c.nodes += e.nodes
	c.open = c.open || e.open
	c.clock = c.clock || e.clock
	for _, name := range e.names {
		c.names[name] = true
	}
	return exceeded(c, depth+e.height)
}
