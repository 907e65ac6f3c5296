package yaegivet

import "go/ast"

var resultRules = []rule{{
	name:  "namedresult",
	does:  "doesn't set named results to zero and lets them share the caller's variables",
	works: "leave the results unnamed and return values; where a defer needs a name, assign it first, one statement each, and mark the line",
	check: checkNamedResult,
}}

func checkNamedResult(c *vetter) {
	for cur := range c.root.Preorder((*ast.FuncDecl)(nil), (*ast.FuncLit)(nil)) {
		results := funcType(cur.Node()).Results
		if results == nil {
			continue
		}
		for _, field := range results.List {
			for _, name := range field.Names {
				if name.Name != "_" {
					c.report(name, "the named result "+name.Name)
				}
			}
		}
	}
}

func funcType(f ast.Node) *ast.FuncType {
	switch f := f.(type) {
	case *ast.FuncDecl:
		return f.Type
	case *ast.FuncLit:
		return f.Type
	}
	return nil
}
