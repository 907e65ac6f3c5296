package yaegivet

import (
	"go/ast"
	"go/types"
)

var closureRules = []rule{{
	name:     "deferclosure",
	severity: Hang,
	what:     "a deferred call of a closure that the same function made",
	does:     "waits for ever when the function returns",
	works:    "write the deferred function inline, or defer a declared function, a parameter or what a factory returned",
	check:    checkDeferClosure,
}}

// checkDeferClosure finds deferred calls of a variable that holds a function
// literal of the same function, also from within a deferred literal.
func checkDeferClosure(c *vetter) {
	for cur := range c.root.Preorder((*ast.DeferStmt)(nil)) {
		d := cur.Node().(*ast.DeferStmt)
		if v := c.localVar(d.Call.Fun); v != nil {
			c.reportMade(d, v)
			continue
		}
		lit, ok := ast.Unparen(d.Call.Fun).(*ast.FuncLit)
		if !ok {
			continue
		}
		ast.Inspect(lit.Body, func(n ast.Node) bool {
			call, ok := n.(*ast.CallExpr)
			if !ok {
				return true
			}
			if v := c.localVar(call.Fun); v != nil && !within(v.Pos(), lit) {
				c.reportMade(d, v)
			}
			return true
		})
	}
}

// reportMade reports a deferred call of v where v is ever a literal's closure.
func (c *vetter) reportMade(d *ast.DeferStmt, v *types.Var) {
	for _, a := range c.assigned[v] {
		if a.value == nil {
			continue
		}
		if _, ok := ast.Unparen(a.value).(*ast.FuncLit); ok {
			c.report(d, "a deferred call of "+v.Name()+", a closure made in the same function,")
			return
		}
	}
}
