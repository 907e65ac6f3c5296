package yaegivet

import (
	"go/ast"
	"go/types"
)

var nilFuncRules = []rule{{
	name:     "nilfunc",
	severity: Panic,
	what:     "a nil that is returned as a compiled package's function type",
	does:     "panics, as reflect can't make a value of no type",
	works:    "return whether there is one as a bool beside it, or ask in a function of its own first",
	check:    checkNilFunc,
}}

func checkNilFunc(c *vetter) {
	for cur := range c.root.Preorder((*ast.ReturnStmt)(nil)) {
		n := cur.Node().(*ast.ReturnStmt)
		results := c.resultsOf(cur)
		for i, e := range n.Results {
			if results.Len() != len(n.Results) || !isNativeNamed(results.At(i).Type()) || !isNil(c, e) {
				continue
			}
			if _, isFunc := results.At(i).Type().Underlying().(*types.Signature); isFunc {
				c.report(e, "nil, returned as a "+typeName(c, results.At(i).Type())+",")
			}
		}
	}
}

func isNil(c *vetter, e ast.Expr) bool {
	basic, isBasic := c.typeOf(e).(*types.Basic)
	return isBasic && basic.Kind() == types.UntypedNil
}
