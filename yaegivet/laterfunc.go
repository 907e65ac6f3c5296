package yaegivet

import (
	"go/ast"

	"golang.org/x/tools/go/ast/edge"
	"golang.org/x/tools/go/ast/inspector"
)

var laterFuncRules = []rule{{
	name:     "laterfunc",
	severity: Wrong,
	what:     "a function that is declared below and handed over in a function literal",
	does:     "isn't run when compiled code calls it, which gets zero values",
	works:    "hand it over in a declared function, or hand over a literal that calls it",
	check:    checkLaterFunc,
}}

// checkLaterFunc finds function literals that hand over a function which is declared
// further down.
func checkLaterFunc(c *vetter) {
	for cur := range c.root.Preorder((*ast.Ident)(nil)) {
		id := cur.Node().(*ast.Ident)
		if !c.isDeclared(id) || c.TypesInfo.Uses[id].Pkg() != c.Pkg || !c.isLater(c.TypesInfo.Uses[id].Pos(), id.Pos()) {
			continue // what another package declares is there by then
		}
		for range cur.Enclosing((*ast.FuncLit)(nil)) {
			if c.handsOver(cur) {
				c.report(id, "the function "+id.Name+", which is declared below and handed over in a function literal,")
			}
			break
		}
	}
}

// handsOver tells whether a function goes where compiled code may call it: calls by
// name, methods, our own functions and variables are no such places.
func (c *vetter) handsOver(cur inspector.Cursor) bool {
	kind, _ := cur.ParentEdge()
	switch kind {
	case edge.CallExpr_Fun, edge.SelectorExpr_Sel, edge.AssignStmt_Rhs, edge.ValueSpec_Values:
		return false
	case edge.CallExpr_Args:
		call := cur.Parent().Node().(*ast.CallExpr)
		fn := c.callee(call)
		return fn != nil && native(fn.Pkg())
	}
	return true
}
