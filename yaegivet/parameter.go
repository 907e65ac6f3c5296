package yaegivet

import (
	"go/ast"
)

var parameterRules = []rule{{
	name:     "unnamedparam",
	severity: Panic,
	what:     "a parameter without a name",
	does:     "has no place of its own, so that other variables get wrong values or the call panics",
	works:    "name it _",
	check:    checkUnnamedParam,
}}

func checkUnnamedParam(c *vetter) {
	for cur := range c.root.Preorder((*ast.FuncDecl)(nil), (*ast.FuncLit)(nil)) {
		if bodyOf(cur.Node()) == nil {
			continue
		}
		for _, field := range funcType(cur.Node()).Params.List {
			if len(field.Names) == 0 {
				c.report(field, "this parameter without a name")
			}
		}
	}
}
