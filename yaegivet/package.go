package yaegivet

import (
	"go/ast"
	"go/types"
)

var packageRules = []rule{{
	name:  "foreignvar",
	does:  "reads a copy from when the package was loaded, and can't assign",
	works: "let the other package have a function for it",
	check: checkForeignVar,
}}

// checkForeignVar finds the scalar variables of other interpreted packages.
func checkForeignVar(c *vetter) {
	for cur := range c.root.Preorder((*ast.SelectorExpr)(nil)) {
		sel := cur.Node().(*ast.SelectorExpr)
		v, ok := c.TypesInfo.Uses[sel.Sel].(*types.Var)
		if !ok || v.IsField() || v.Pkg() == c.Pkg || native(v.Pkg()) {
			continue
		}
		if _, scalar := v.Type().Underlying().(*types.Basic); scalar {
			c.report(sel, "the variable "+c.text(sel)+" of another package")
		}
	}
}
