package yaegivet

import (
	"go/ast"
	"go/token"
)

var channelRules = []rule{{
	name:  "returnrecv",
	does:  "panics: it sets an unaddressable value",
	works: "write v := <-ch; return v",
	check: checkReturnReceive,
}}

func checkReturnReceive(c *vetter) {
	for cur := range c.root.Preorder((*ast.ReturnStmt)(nil)) {
		for _, e := range cur.Node().(*ast.ReturnStmt).Results {
			if u, ok := ast.Unparen(e).(*ast.UnaryExpr); ok && u.Op == token.ARROW {
				c.report(u, "return "+c.text(u))
			}
		}
	}
}
