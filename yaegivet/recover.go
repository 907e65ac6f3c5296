package yaegivet

import (
	"go/ast"
	"go/token"
	"go/types"
)

var recoverRules = []rule{{
	name:     "recovered",
	severity: Wrong,
	what:     "a comparison or type assertion of a recovered value",
	does:     "never matches, as the value is wrapped",
	works:    "compare it with nil and print it with fmt.Sprint, nothing else",
	check:    checkRecovered,
}}

func checkRecovered(c *vetter) {
	for cur := range c.root.Preorder((*ast.TypeAssertExpr)(nil), (*ast.BinaryExpr)(nil)) {
		switch n := cur.Node().(type) {
		case *ast.TypeAssertExpr:
			if c.isRecovered(n.X) {
				c.report(n, c.text(n)+", on a recovered value,")
			}
		case *ast.BinaryExpr:
			if n.Op != token.EQL && n.Op != token.NEQ || c.isNil(n.X) || c.isNil(n.Y) {
				continue
			}
			if c.isRecovered(n.X) || c.isRecovered(n.Y) {
				c.report(n, c.text(n)+", on a recovered value,")
			}
		}
	}
}

func (c *vetter) isNil(e ast.Expr) bool {
	return c.TypesInfo.Types[e].IsNil()
}

// isRecovered tells whether an expression is recover() or a variable that gets
// its value there.
func (c *vetter) isRecovered(e ast.Expr) bool {
	if call, ok := ast.Unparen(e).(*ast.CallExpr); ok {
		return c.isBuiltin(call, "recover")
	}
	v := c.localVar(e)
	if v == nil || !types.IsInterface(v.Type()) {
		return false
	}
	for _, a := range c.assigned[v] {
		call, ok := a.value.(*ast.CallExpr)
		if ok && c.isBuiltin(call, "recover") {
			return true
		}
	}
	return false
}
