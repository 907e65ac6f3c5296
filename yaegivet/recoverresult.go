package yaegivet

import (
	"go/ast"
	"go/types"
)

var recoverResultRules = []rule{{
	name:     "recoverresult",
	severity: Wrong,
	what:     "the result of this function, which recovers,",
	does:     "stays what the caller's variable was before the call when the function recovers",
	works:    "let the function return nothing, set what a pointer or a slice refers to, and read that in another function",
	harmless: "the caller's variable is new and its zero value means that the function failed",
	check:    checkRecoverResult,
}}

// checkRecoverResult finds functions with results that recover from panics.
// Named ones can be assigned at the beginning.
func checkRecoverResult(c *vetter) {
	g := &guard{vetter: c}
	for cur := range c.root.Preorder((*ast.FuncDecl)(nil), (*ast.FuncLit)(nil)) {
		body, results := bodyOf(cur.Node()), funcType(cur.Node()).Results
		if body == nil || results == nil || c.assignsAll(body, results) {
			continue
		}
		for _, s := range body.List {
			if d, ok := s.(*ast.DeferStmt); ok && g.deferRecovers(d) {
				c.report(results, "the result of this function, which recovers,")
			}
		}
	}
}

// assignsAll tells whether the results have names and values from the beginning.
func (c *vetter) assignsAll(body *ast.BlockStmt, results *ast.FieldList) bool {
	for _, field := range results.List {
		if len(field.Names) == 0 {
			return false
		}
		for _, name := range field.Names {
			v, ok := c.TypesInfo.Defs[name].(*types.Var)
			if ok && !c.assignsFirst(body, v) {
				return false
			}
		}
	}
	return true
}
