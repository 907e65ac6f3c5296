package yaegivet

import (
	"go/ast"
	"go/types"
)

var keyRules = []rule{{
	name:  "contextkey",
	does:  "takes it for every other key type of that layout",
	works: "use a pointer: var key = &ctxKey{\"name\"}",
	check: checkContextKey,
}}

func checkContextKey(c *vetter) {
	for cur := range c.root.Preorder((*ast.CallExpr)(nil)) {
		call := cur.Node().(*ast.CallExpr)
		fn := c.callee(call)
		if fn == nil || fn.FullName() != "context.WithValue" || len(call.Args) != 3 {
			continue
		}
		t := c.typeOf(call.Args[1])
		if _, pointer := t.Underlying().(*types.Pointer); !pointer && ownConcrete(t) {
			c.report(call.Args[1], "the context key "+c.text(call.Args[1]))
		}
	}
}
