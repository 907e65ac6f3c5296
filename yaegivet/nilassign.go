package yaegivet

import (
	"go/ast"
	"go/token"
)

var nilRules = []rule{
	{
		name:  "nilassign",
		does:  "panics or takes nothing from it",
		works: "assign one variable a statement",
		check: checkNilAssign,
	},
	{
		name:  "nilfirst",
		does:  "finds them the same whatever the other one is",
		works: "write x != nil",
		check: checkNilFirst,
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
				c.report(a, c.text(a)+" with a nil in it")
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
			c.report(n, c.text(n)+" with the nil in front")
		}
	}
}
