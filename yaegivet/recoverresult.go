package yaegivet

import "go/ast"

var recoverResultRules = []rule{{
	name:  "recoverresult",
	does:  "leaves the caller's variable as it was when the function recovers",
	works: "let the function return nothing and set what a pointer or a slice refers to; read it in another function",
	check: checkRecoverResult,
}}

// checkRecoverResult finds functions with results that recover from panics.
// Named ones can be assigned at the beginning; they have a rule of their own.
func checkRecoverResult(c *vetter) {
	g := &guard{vetter: c}
	g.bodies = c.bodies()
	for cur := range c.root.Preorder((*ast.FuncDecl)(nil), (*ast.FuncLit)(nil)) {
		body, results := bodyOf(cur.Node()), funcType(cur.Node()).Results
		if body == nil || results == nil || len(results.List[0].Names) > 0 {
			continue
		}
		for _, s := range body.List {
			if d, ok := s.(*ast.DeferStmt); ok && g.deferRecovers(d) {
				c.report(results, "the result of a function that recovers")
			}
		}
	}
}
