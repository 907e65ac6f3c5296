package yaegivet

import (
	"go/ast"
	"go/token"
	"go/types"
)

var resultRules = []rule{{
	name:     "namedresult",
	severity: Wrong,
	what:     "a named result that is used before it is assigned",
	does:     "starts with the value that the caller's variable had, and not with zero",
	works:    "return unnamed values, or begin the function with an assignment to each result, one to a statement",
	harmless: "each way through the function assigns the result before it is read or returned. yaegivet recognizes that and is silent",
	check:    checkNamedResult,
}}

func checkNamedResult(c *vetter) {
	for cur := range c.root.Preorder((*ast.FuncDecl)(nil), (*ast.FuncLit)(nil)) {
		results := funcType(cur.Node()).Results
		if results == nil {
			continue
		}
		for _, field := range results.List {
			for _, name := range field.Names {
				if v, ok := c.TypesInfo.Defs[name].(*types.Var); ok && c.usedUnassigned(bodyOf(cur.Node()), v) {
					c.report(name, "the named result "+name.Name)
				}
			}
		}
	}
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

func funcType(f ast.Node) *ast.FuncType {
	switch f := f.(type) {
	case *ast.FuncDecl:
		return f.Type
	case *ast.FuncLit:
		return f.Type
	}
	return nil
}
