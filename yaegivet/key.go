package yaegivet

import (
	"go/ast"
	"go/types"
)

var keyRules = []rule{{
	name:     "contextkey",
	severity: Wrong,
	what:     "a context key of a type of your own",
	does:     "is the same key as every other one of that layout",
	works:    "use a pointer: var key = &ctxKey{\"name\"}",
	harmless: "no other code uses a key of that layout and value in the same context",
	check:    checkContextKey,
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
