package flag

import (
	"errors"
	"strings"

	"github.com/mod-zookeeper/traefik-zookeeper/internal/lists"
)

// compiler turns the rule of one flag, or of one evaluator, into nodes and notes what it refers to.
type compiler struct {
	evaluators *library
	others     map[string]any  // those that the rule refers to
	looks      bool            // they look up attributes
	open       bool            // attributes whose names only an evaluation tells
	clock      bool            // what depends on the time
	names      map[string]bool // attributes
	nodes      int             // operations and operands
	height     int             // how deep they are nested
	inner      bool            // the rule is an evaluator's
	before     int             // the operations of the evaluators that are being compiled around it
	above      int             // how deep they are nested
	encoded    int             // bytes of the lists that were tried to be looked up
}

func newCompiler(evaluators *library) *compiler {
	return &compiler{evaluators: evaluators, names: map[string]bool{}}
}

// compile makes nodes of a rule. Below map, filter, reduce, all, none and some, it is scoped: its
// attributes are those of an element.
func compile(c *compiler, rule any, depth int, scoped bool) (*node, error) {
	c.nodes++
	if depth > c.height {
		c.height = depth
	}
	if depth+c.above > MaxDepth || c.nodes+c.before > MaxOperations {
		return nil, exceeded(c, depth)
	}
	switch v := rule.(type) {
	case []any:
		return compileList(c, v, depth, scoped)
	case map[string]any:
		name, operand, isOperation := onlyMember(v)
		if isOperation {
			return compileOperation(c, name, operand, depth, scoped)
		}
	}
	return constantNode(rule), nil
}

// exceeded is the limit that a rule exceeds, with all that is around it; nil where it exceeds none.
func exceeded(c *compiler, depth int) error {
	if depth+c.above > MaxDepth {
		return errDepth
	}
	if c.nodes+c.before > MaxOperations {
		return errOperations
	}
	return nil
}

// nameOf is the attribute's name that a constant is.
func nameOf(value any) (string, error) {
	name := textIn(value)
	if name == "" {
		name = text(&run{left: MaxSteps}, value)
	}
	if len(name) > MaxName {
		return "", errName
	}
	return name, nil
}

func constantNode(value any) *node {
	return &node{op: opConstant, value: value, size: 1}
}

// onlyMember returns the operation that an object stands for. One with no
// member, or with several, is a value.
func onlyMember(object map[string]any) (string, any, bool) {
	if len(object) != 1 {
		return "", nil, false
	}
	for name, operand := range object {
		return name, operand, true
	}
	return "", nil, false
}

func compileArgs(c *compiler, n *node, list []any, depth int, scoped bool) error {
	n.size = 1
	for _, item := range list {
		arg, err := compile(c, item, depth+1, scoped)
		if err != nil {
			return err
		}
		n.args = append(n.args, arg)
		n.size += arg.size
	}
	return nil
}

func compileOperation(c *compiler, name string, operand any, depth int, scoped bool) (*node, error) {
	if name == "$ref" {
		return compileReference(c, operand, depth, scoped)
	}
	op, known := operations[name]
	if !known {
		return nil, errors.New("has the unknown operation " + shown(name) + "; the operations are " + strings.Join(lists.SortedKeys(operations), " "))
	}
	list, isList := operand.([]any)
	if !isList {
		list = []any{operand}
	}
	n, err := compileKnown(c, op, name, list, depth, scoped)
	if err != nil {
		return nil, err
	}
	return fused(n), nil
}

func compileKnown(c *compiler, op int, name string, list []any, depth int, scoped bool) (*node, error) {
	switch op {
	case opIn:
		return compileIn(c, list, depth, scoped)
	case opAttribute:
		return compileAttribute(c, list, depth, scoped)
	case opMap, opFilter, opReduce, opAll, opNone, opSome:
		return compileLoop(c, op, list, depth, scoped)
	case opInNetwork:
		return compileInNetwork(c, list, depth, scoped)
	case opFractional:
		return compileFractional(c, list, depth, scoped)
	case opRollout:
		noteAttribute(c, targetingKey, scoped)
		c.clock = true
	}
	n := &node{op: op, code: comparisons[name], scoped: scoped}
	err := compileArgs(c, n, list, depth, scoped)
	if err != nil {
		return nil, err
	}
	if op == opMissing || op == opMissingSome {
		return n, noteMissing(c, n, scoped)
	}
	return n, nil
}

// compileLoop compiles an operation on a list's elements.
func compileLoop(c *compiler, op int, list []any, depth int, scoped bool) (*node, error) {
	n := &node{op: op, size: 1}
	for i, item := range list {
		arg, err := compile(c, item, depth+1, scoped || i == 1)
		if err != nil {
			return nil, err
		}
		n.args = append(n.args, arg)
		n.size += arg.size
	}
	for len(n.args) < 2 {
		n.args = append(n.args, constantNode(undefined))
	}
	return n, nil
}

// compileAttribute compiles {"var": name} and {"var": [name, default]}.
func compileAttribute(c *compiler, list []any, depth int, scoped bool) (*node, error) {
	n := &node{op: opComputed, scoped: scoped}
	err := compileArgs(c, n, list, depth, scoped)
	if err != nil {
		return nil, err
	}
	if len(n.args) > 0 && n.args[0].op != opConstant {
		c.open = c.open || !scoped
		return n, nil
	}
	if len(n.args) == 0 || n.args[0].value == nil || n.args[0].value == "" {
		return wholeNode(c, scoped), nil
	}
	n.name, err = nameOf(n.args[0].value)
	if err != nil {
		return nil, err
	}
	n.args = n.args[1:]
	n.op = opElement
	n.path = strings.Split(n.name, ".")
	if scoped {
		return n, nil
	}
	special := flagdNode(c, n.name)
	if special != nil {
		return special, nil
	}
	n.op = opAttribute
	noteAttribute(c, n.name, scoped)
	if len(n.path) == 1 {
		n.path = nil
	}
	return n, nil
}

func wholeNode(c *compiler, scoped bool) *node {
	if scoped {
		return &node{op: opElement, size: 1}
	}
	c.open = true
	c.clock = true
	return &node{op: opEverything, size: 1}
}

// flagdNode is what flagd adds to the context, nil where the name is another.
func flagdNode(c *compiler, name string) *node {
	switch name {
	case "$flagd.flagKey":
		return &node{op: opFlagKey, size: 1}
	case "$flagd.timestamp":
		c.clock = true
		return &node{op: opTimestamp, size: 1}
	case "$flagd":
		c.clock = true
		return &node{op: opProperties, size: 1}
	}
	return nil
}

func noteAttribute(c *compiler, name string, scoped bool) {
	if !scoped {
		c.names[name] = true
	}
}

// noteMissing notes the attributes that missing and missing_some look for.
func noteMissing(c *compiler, n *node, scoped bool) error {
	for _, arg := range n.args {
		if arg.op != opConstant {
			c.open = c.open || !scoped
			continue
		}
		list, isList := arg.value.([]any)
		if !isList {
			list = []any{arg.value}
		}
		c.nodes += len(list)
		if c.nodes+c.before > MaxOperations {
			return errOperations
		}
		for i, item := range list {
			isCount := n.op == opMissingSome && !isList && i == 0
			if isCount {
				continue
			}
			name, err := nameOf(item)
			if err != nil {
				return err
			}
			noteAttribute(c, name, scoped)
		}
	}
	return nil
}
