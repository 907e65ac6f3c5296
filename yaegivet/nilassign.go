package yaegivet

import (
	"go/ast"
	"go/token"
)

var nilRules = []rule{{
	name:  "nilassign",
	does:  "panics or takes nothing from it",
	works: "assign one variable a statement",
	check: checkNilAssign,
}}

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
