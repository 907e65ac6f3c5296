package yaegivet

import (
	"go/ast"
	"go/token"
	"go/types"
	"slices"
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
// Named ones can be assigned at the beginning, or where the function recovers.
func checkRecoverResult(c *vetter) {
	g := &guard{vetter: c}
	for cur := range c.root.Preorder((*ast.FuncDecl)(nil), (*ast.FuncLit)(nil)) {
		body, results := bodyOf(cur.Node()), funcType(cur.Node()).Results
		if body == nil || results == nil {
			continue
		}
		for _, s := range body.List {
			if d, ok := s.(*ast.DeferStmt); ok && g.deferRecovers(d) && !c.assignsAll(body, results, d.Call) {
				c.report(results, "the result of this function, which recovers,")
			}
		}
	}
}

// assignsAll tells whether the results have names, and values from the beginning or
// from what recovers.
func (c *vetter) assignsAll(body *ast.BlockStmt, results *ast.FieldList, recovering *ast.CallExpr) bool {
	for _, field := range results.List {
		if len(field.Names) == 0 {
			return false
		}
		for _, name := range field.Names {
			v, ok := c.TypesInfo.Defs[name].(*types.Var)
			if ok && !c.assignsFirst(body, v) && !c.setsRecovering(recovering, v) {
				return false
			}
		}
	}
	return true
}

// setsRecovering tells whether a deferred call that recovers sets a variable: it gets
// its address, or is a literal that assigns it, in an if at the most.
func (c *vetter) setsRecovering(call *ast.CallExpr, v *types.Var) bool {
	for _, arg := range call.Args {
		if u, ok := arg.(*ast.UnaryExpr); ok && u.Op == token.AND && c.localVar(u.X) == v {
			return true
		}
	}
	lit, ok := ast.Unparen(call.Fun).(*ast.FuncLit)
	if !ok {
		return false
	}
	for _, s := range lit.Body.List {
		if c.sets(s, v) {
			return true
		}
		if s, ok := s.(*ast.IfStmt); ok && c.asksRecovered(s) && slices.ContainsFunc(s.Body.List, func(s ast.Stmt) bool { return c.sets(s, v) }) {
			return true
		}
	}
	return false
}

// asksRecovered tells whether an if is about what was recovered: r != nil.
func (c *vetter) asksRecovered(s *ast.IfStmt) bool {
	b, ok := s.Cond.(*ast.BinaryExpr)
	return ok && b.Op == token.NEQ && c.isRecovered(b.X) && c.isNil(b.Y)
}

func (c *vetter) sets(s ast.Stmt, v *types.Var) bool {
	a, ok := s.(*ast.AssignStmt)
	return ok && a.Tok == token.ASSIGN && slices.ContainsFunc(a.Lhs, func(l ast.Expr) bool { return c.localVar(l) == v })
}
