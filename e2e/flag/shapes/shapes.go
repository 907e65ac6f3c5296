// Package shapes evaluates one rule in the two shapes that it could be compiled
// to: closures, and a tree of nodes with one switch. It is there to be timed in the interpreter.
package shapes

import "strings"

type data struct {
	attributes map[string]any
}

type condition func(d *data) bool

func is(name, word string) condition {
	return func(d *data) bool {
		text, isText := d.attributes[name].(string)
		return isText && text == word
	}
}

func among(name string, words map[string]bool) condition {
	return func(d *data) bool {
		text, isText := d.attributes[name].(string)
		return isText && words[text]
	}
}

func atLeast(name string, least float64) condition {
	return func(d *data) bool {
		number, isNumber := d.attributes[name].(float64)
		return isNumber && number >= least
	}
}

func has(name, part string) condition {
	return func(d *data) bool {
		text, isText := d.attributes[name].(string)
		return isText && strings.Contains(text, part)
	}
}

func both(a, b condition) condition {
	return func(d *data) bool { return a(d) && b(d) }
}

func either(a, b condition) condition {
	return func(d *data) bool { return a(d) || b(d) }
}

func closures() []condition {
	return []condition{
		is("country", "de"), among("plan", map[string]bool{"gold": true, "platinum": true}), atLeast("age", 65),
		both(has("email", "@example.org"), is("path", "/admin")), either(is("host", "beta.example.com"), is("method", "GET")),
	}
}

const (
	opIs = iota
	opAmong
	opAtLeast
	opHas
	opBoth
	opEither
)

type node struct {
	op     int
	name   string
	word   string
	words  map[string]bool
	number float64
	args   []*node
}

func holds(d *data, n *node) bool {
	if n.op > opHas {
		return holdsOfTwo(d, n)
	}
	if n.op == opAtLeast {
		number, isNumber := d.attributes[n.name].(float64)
		return isNumber && number >= n.number
	}
	text, isText := d.attributes[n.name].(string)
	if !isText {
		return false
	}
	switch n.op {
	case opIs:
		return text == n.word
	case opAmong:
		return n.words[text]
	}
	return strings.Contains(text, n.word)
}

func holdsOfTwo(d *data, n *node) bool {
	if n.op == opBoth {
		return holds(d, n.args[0]) && holds(d, n.args[1])
	}
	return holds(d, n.args[0]) || holds(d, n.args[1])
}

func tree() []*node {
	return []*node{
		{op: opIs, name: "country", word: "de"},
		{op: opAmong, name: "plan", words: map[string]bool{"gold": true, "platinum": true}},
		{op: opAtLeast, name: "age", number: 65},
		{op: opBoth, args: []*node{{op: opHas, name: "email", word: "@example.org"}, {op: opIs, name: "path", word: "/admin"}}},
		{op: opEither, args: []*node{{op: opIs, name: "host", word: "beta.example.com"}, {op: opIs, name: "method", word: "GET"}}},
	}
}

// RepeatClosures evaluates the rule as closures, so many times, and returns the last choice.
func RepeatClosures(attributes map[string]any, times int) int {
	rules := closures()
	chosen := -1
	for i := 0; i < times; i++ {
		chosen = chooseClosure(&data{attributes: attributes}, rules)
	}
	return chosen
}

func chooseClosure(d *data, rules []condition) int {
	for i, rule := range rules {
		if rule(d) {
			return i
		}
	}
	return -1
}

// RepeatTree evaluates the rule as a tree, so many times, and returns the last choice.
func RepeatTree(attributes map[string]any, times int) int {
	rules := tree()
	chosen := -1
	for i := 0; i < times; i++ {
		chosen = chooseNode(&data{attributes: attributes}, rules)
	}
	return chosen
}

func chooseNode(d *data, rules []*node) int {
	for i, rule := range rules {
		if holds(d, rule) {
			return i
		}
	}
	return -1
}
