package yaegivet

import (
	"go/ast"
	"go/token"
)

var nilRules = []rule{
	{
		name:     "nilassign",
		severity: Panic,
		what:     "an assignment to several variables with a nil in it",
		does:     "panics, or leaves variables as they were",
		works:    "assign one variable to a statement",
		check:    checkNilAssign,
	},
	{
		name:     "nilfirst",
		severity: Wrong,
		what:     "a != with nil in front",
		does:     "is false whatever the other side is",
		works:    "write x != nil",
		check:    checkNilFirst,
	},
}

// checkNilAssign finds nil in an assignment to several variables.
func checkNilAssign(c *vetter) {
	for cur := range c.root.Preorder((*ast.AssignStmt)(nil)) {
		a := cur.Node().(*ast.AssignStmt)
		if a.Tok != token.ASSIGN || len(a.Lhs) < 2 || len(a.Rhs) != len(a.Lhs) {
			continue
		}
		for _, value := range a.Rhs {
			if c.TypesInfo.Types[ast.Unparen(value)].IsNil() {
				c.report(a, "the assignment "+c.text(a))
				break
			}
		}
	}
}

// checkNilFirst finds nil != x. What it makes of nil == x is right.
func checkNilFirst(c *vetter) {
	for cur := range c.root.Preorder((*ast.BinaryExpr)(nil)) {
		n := cur.Node().(*ast.BinaryExpr)
		if n.Op == token.NEQ && c.TypesInfo.Types[ast.Unparen(n.X)].IsNil() {
			c.report(n, "the comparison "+c.text(n))
		}
	}
}
