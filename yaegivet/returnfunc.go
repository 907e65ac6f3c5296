package yaegivet

import (
	"go/ast"
	"go/types"
)

var returnFuncRules = []rule{{
	name:     "returnfunc",
	severity: Panic,
	what:     "a declared function that is returned by its name",
	does:     "panics where the result is used, as it isn't assignable to its type",
	works:    "return a literal that calls it, or convert it to a named type: action(act)",
	check:    checkReturnFunc,
}}

// checkReturnFunc finds declared functions that are returned by name, or by that
// of a variable that took its type from one. Results of compiled types are
// converted, as http.HandlerFunc.
func checkReturnFunc(c *vetter) {
	for cur := range c.root.Preorder((*ast.ReturnStmt)(nil)) {
		n := cur.Node().(*ast.ReturnStmt)
		results := c.resultsOf(cur)
		for i, e := range n.Results {
			if results.Len() != len(n.Results) || isNativeNamed(results.At(i).Type()) {
				continue
			}
			if c.isDeclared(e) || c.tookDeclared(e) {
				c.report(e, "the declared function "+c.text(e)+", returned by its name,")
			}
		}
	}
}

func isNativeNamed(t types.Type) bool {
	n, ok := types.Unalias(t).(*types.Named)
	return ok && native(n.Obj().Pkg())
}

// isDeclared tells whether an expression is the name of one of our functions.
func (c *vetter) isDeclared(e ast.Expr) bool {
	id := c.packageName(e)
	if id == nil {
		return false
	}
	fn, ok := c.TypesInfo.Uses[id].(*types.Func)
	return ok && !native(fn.Pkg())
}

// packageName returns the x of x, or of p.x with a package p, or nil.
func (c *vetter) packageName(e ast.Expr) *ast.Ident {
	switch e := ast.Unparen(e).(type) {
	case *ast.Ident:
		return e
	case *ast.SelectorExpr:
		if c.isImport(e.X) {
			return e.Sel
		}
	}
	return nil
}

func (c *vetter) tookDeclared(e ast.Expr) bool {
	v, _ := variable(c.TypesInfo, e)
	if v == nil || v.Pkg() != c.Pkg || c.declaresType(v) {
		return false
	}
	for _, a := range c.assigned[v] {
		if a.pos == v.Pos() && a.value != nil && c.isDeclared(a.value) {
			return true
		}
	}
	return false
}

// declaresType tells whether a declaration gives the variable its type.
func (c *vetter) declaresType(v *types.Var) bool {
	for cur := range c.root.Preorder((*ast.ValueSpec)(nil)) {
		if n := cur.Node().(*ast.ValueSpec); n.Type != nil && within(v.Pos(), n) {
			return true
		}
	}
	return false
}
