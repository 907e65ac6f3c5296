package yaegivet

import (
	"go/ast"
	"go/token"
	"go/types"
)

var rangeRules = []rule{
	{
		name:     "rangeassign",
		severity: Wrong,
		what:     "a range that assigns with =",
		does:     "leaves its variables untouched",
		works:    "declare them in the loop with :=",
		harmless: "nothing reads the variables",
		check:    checkRangeAssign,
	},
	{
		name:     "rangechan",
		severity: Panic,
		what:     "a range over channels by value",
		does:     "panics",
		works:    "range over the index and use cs[i]",
		check:    checkRangeChan,
	},
	{
		name:     "rangeover",
		severity: Load,
		what:     "a range over a number or a function",
		does:     "doesn't load",
		works:    "write for i := 0; i < n; i++, or a loop over a slice",
		check:    checkRangeOver,
	},
	{
		name:     "rangepointer",
		severity: Wrong,
		what:     "a range over a pointer to an array",
		does:     "overwrites the variable that was declared before it",
		works:    "range over a slice of it: list[:]",
		check:    checkRangePointer,
	},
}

func checkRangeAssign(c *vetter) {
	for cur := range c.root.Preorder((*ast.RangeStmt)(nil)) {
		n := cur.Node().(*ast.RangeStmt)
		if n.Tok == token.ASSIGN && !(isBlank(n.Key) && (n.Value == nil || isBlank(n.Value))) {
			c.report(n, "this range that assigns with =")
		}
	}
}

func checkRangeChan(c *vetter) {
	for cur := range c.root.Preorder((*ast.RangeStmt)(nil)) {
		n := cur.Node().(*ast.RangeStmt)
		if n.Value == nil || isBlank(n.Value) {
			continue
		}
		if e := element(c.typeOf(n.X)); e != nil && isChan(e) {
			c.report(n, "this range over channels by value")
		}
	}
}

func element(t types.Type) types.Type {
	switch t := deref(t).Underlying().(type) {
	case *types.Slice:
		return t.Elem()
	case *types.Array:
		return t.Elem()
	case *types.Map:
		return t.Elem()
	}
	return nil
}

func checkRangeOver(c *vetter) {
	for cur := range c.root.Preorder((*ast.RangeStmt)(nil)) {
		n := cur.Node().(*ast.RangeStmt)
		switch t := c.typeOf(n.X).Underlying().(type) {
		case *types.Signature:
			c.report(n, "this range over a function")
		case *types.Basic:
			if t.Info()&types.IsInteger != 0 {
				c.report(n, "this range over a number")
			}
		}
	}
}

func checkRangePointer(c *vetter) {
	for cur := range c.root.Preorder((*ast.RangeStmt)(nil)) {
		n := cur.Node().(*ast.RangeStmt)
		if pointer, ok := c.typeOf(n.X).Underlying().(*types.Pointer); ok {
			c.report(n, "this range over a "+pointer.String())
		}
	}
}
