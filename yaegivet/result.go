package yaegivet

import (
	"go/ast"
	"go/token"
	"go/types"

	"golang.org/x/tools/go/ast/inspector"
)

var resultRules = []rule{{
	name:  "namedresult",
	does:  "doesn't set named results to zero and lets them share the caller's variables",
	works: "leave the results unnamed and return values; or begin with assigning each in a statement of its own",
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
				if v, ok := c.TypesInfo.Defs[name].(*types.Var); ok && c.usesResult(cur, v) {
					c.report(name, "the named result "+name.Name)
				}
			}
		}
	}
}

// usesResult tells whether the function relies on the result's initial value: it
// mentions it, or returns without values, and doesn't assign it at the beginning.
func (c *vetter) usesResult(cur inspector.Cursor, v *types.Var) bool {
	body := bodyOf(cur.Node())
	if body == nil || c.assignsFirst(body, v) {
		return false
	}
	used := false
	ast.Inspect(body, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.Ident:
			used = used || c.TypesInfo.Uses[n] == v
		case *ast.ReturnStmt:
			used = used || len(n.Results) == 0 && returnsFrom(cur, n)
		}
		return true
	})
	return used
}

// assignsFirst looks for the result among the assignments that a function begins
// with: one to a statement, as x, y = 0, nil panics.
func (c *vetter) assignsFirst(body *ast.BlockStmt, v *types.Var) bool {
	for _, s := range body.List {
		a, ok := s.(*ast.AssignStmt)
		if !ok || a.Tok != token.ASSIGN || len(a.Lhs) != 1 {
			return false
		}
		if c.localVar(a.Lhs[0]) == v {
			return true
		}
	}
	return false
}

// returnsFrom tells whether a return belongs to the function itself.
func returnsFrom(f inspector.Cursor, n ast.Node) bool {
	cur, ok := f.FindNode(n)
	if !ok {
		return false
	}
	g, ok := function(cur)
	return ok && g.Node() == f.Node()
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
