package yaegivet

import (
	"go/ast"
	"go/types"
)

var variadicFieldRules = []rule{{
	name:     "variadicfield",
	severity: Load,
	what:     "the call of a function field with several values for its variadic parameter",
	does:     "panics while the package loads",
	works:    "give it a slice, h.logf(text, values...)",
	check:    checkVariadicField,
}}

// checkVariadicField finds calls of what a field holds that end in more than one
// value for a variadic parameter. One value works, and so do methods and variables.
func checkVariadicField(c *vetter) {
	for cur := range c.root.Preorder((*ast.CallExpr)(nil)) {
		call := cur.Node().(*ast.CallExpr)
		sig, ok := c.typeOf(call.Fun).Underlying().(*types.Signature)
		if !ok || !sig.Variadic() || !c.isField(call.Fun) || call.Ellipsis.IsValid() {
			continue
		}
		if len(call.Args) > sig.Params().Len() {
			c.report(call, "the call of the field "+c.text(call.Fun)+" with several values for its last parameter")
		}
	}
}
