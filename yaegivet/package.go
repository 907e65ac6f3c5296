package yaegivet

import (
	"go/ast"
	"go/token"
	"go/types"
)

var packageRules = []rule{{
	name:     "foreignvar",
	severity: Wrong,
	what:     "a number, text, bool or any in a variable of another package",
	does:     "is a copy from when the package was loaded, and can't be assigned",
	works:    "let the other package have a function for it",
	harmless: "the variable doesn't change once its package is loaded. yaegivet is silent where it gets its value in its declaration and no other one",
	check:    checkForeignVar,
}}

// foreignRules are about functions and types of other packages.
var foreignRules = []rule{
	{
		name:     "foreignfunc",
		severity: Load,
		what:     "a function variable of another package as an argument of compiled code",
		does:     "panics while the package loads",
		works:    "hand over a literal that calls it, or assign it to a variable first",
		check:    checkForeignFunc,
	},
	{
		name:     "foreignconv",
		severity: Load,
		what:     "a conversion to a function type of another package that is returned",
		does:     "doesn't load",
		works:    "assign it to a variable first and return that",
		check:    checkForeignConversion,
	},
}

// checkForeignVar finds the variables of other interpreted packages where they
// are copied or assigned: numbers, texts, bools and empty interfaces are copied,
// and none can be assigned to. What others hold is read in place. A copy of what
// never changes is as good.
func checkForeignVar(c *vetter) {
	for cur := range c.root.Preorder((*ast.SelectorExpr)(nil)) {
		sel := cur.Node().(*ast.SelectorExpr)
		if v := c.foreignVar(sel); v != nil && isCopied(v.Type()) && !c.neverChanges(sel) {
			c.report(sel, "the variable "+c.text(sel)+" of another package")
		}
	}
	for cur := range c.root.Preorder((*ast.AssignStmt)(nil), (*ast.RangeStmt)(nil), (*ast.IncDecStmt)(nil)) {
		for _, e := range assignedTo(cur.Node()) {
			if c.foreignVar(e) != nil {
				c.report(e, c.text(e)+" of another package, which is assigned here,")
			}
		}
	}
}

// foreignVar returns the variable of another interpreted package that is named.
func (c *vetter) foreignVar(e ast.Expr) *types.Var {
	if e == nil {
		return nil
	}
	sel, ok := ast.Unparen(e).(*ast.SelectorExpr)
	if !ok {
		return nil
	}
	v, ok := c.TypesInfo.Uses[sel.Sel].(*types.Var)
	if !ok || v.IsField() || v.Pkg() == c.Pkg || native(v.Pkg()) {
		return nil
	}
	return v
}

// checkForeignFunc finds function variables of other packages that go straight to
// compiled code.
func checkForeignFunc(c *vetter) {
	for cur := range c.root.Preorder((*ast.CallExpr)(nil)) {
		call := cur.Node().(*ast.CallExpr)
		if !c.callsNative(call) {
			continue
		}
		for _, arg := range call.Args {
			if v := c.foreignVar(arg); v != nil && isFunc(v.Type()) {
				c.report(arg, "the function variable "+c.text(arg)+" of another package as an argument of compiled code")
			}
		}
	}
}

// checkForeignConversion finds conversions to function types of other packages
// that are returned. Elsewhere they work, and so do those to other types.
func checkForeignConversion(c *vetter) {
	for cur := range c.root.Preorder((*ast.ReturnStmt)(nil)) {
		for _, e := range cur.Node().(*ast.ReturnStmt).Results {
			call, ok := ast.Unparen(e).(*ast.CallExpr)
			if !ok || !c.isConversion(call) {
				continue
			}
			n := own(c.typeOf(call.Fun))
			if n != nil && n.Obj().Pkg() != c.Pkg && isFunc(n) {
				c.report(call, "the return of "+c.text(call)+", a conversion to a function type of another package,")
			}
		}
	}
}

func isFunc(t types.Type) bool {
	_, ok := t.Underlying().(*types.Signature)
	return ok
}

func isCopied(t types.Type) bool {
	_, scalar := t.Underlying().(*types.Basic)
	return scalar || isEmptyInterface(t)
}

// assignedTo are the expressions that get other values.
func assignedTo(n ast.Node) []ast.Expr {
	switch n := n.(type) {
	case *ast.AssignStmt:
		return n.Lhs
	case *ast.IncDecStmt:
		return []ast.Expr{n.X}
	case *ast.RangeStmt:
		if n.Tok == token.ASSIGN {
			return []ast.Expr{n.Key, n.Value}
		}
	}
	return nil
}
