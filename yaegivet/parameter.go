package yaegivet

import (
	"go/ast"
)

var parameterRules = []rule{{
	name:  "unnamedparam",
	does:  "gives it no place, so that other variables get wrong values or panic",
	works: "name it _",
	check: checkUnnamedParam,
}}

func checkUnnamedParam(c *vetter) {
	for cur := range c.root.Preorder((*ast.FuncDecl)(nil), (*ast.FuncLit)(nil)) {
		if bodyOf(cur.Node()) == nil {
			continue
		}
		for _, field := range funcType(cur.Node()).Params.List {
			if len(field.Names) == 0 {
				c.report(field, "a parameter without a name")
			}
		}
	}
}
