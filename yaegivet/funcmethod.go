package yaegivet

import (
	"go/ast"
	"go/token"
	"go/types"
)

var funcMethodRules = []rule{{
	name:     "funcmethod",
	severity: Load,
	what:     "a method of a function type, called through a field",
	does:     "isn't found, so that the plugin doesn't load",
	works:    "convert the field, action(h.act).do(), or give a variable its type, var act action = h.act",
	check:    checkFuncMethod,
}}

// checkFuncMethod finds methods of own function types that are called through a
// field, or through a variable that took its type from one.
func checkFuncMethod(c *vetter) {
	copies := c.copiesOfFields()
	for cur := range c.root.Preorder((*ast.SelectorExpr)(nil)) {
		sel := cur.Node().(*ast.SelectorExpr)
		method := c.TypesInfo.Selections[sel]
		if method == nil || method.Kind() != types.MethodVal || !c.isOwnFunc(sel.X) {
			continue
		}
		if v := c.localVar(sel.X); c.isField(sel.X) || v != nil && copies[v] {
			c.report(sel, "the method "+c.text(sel)+" of what a field of function type holds")
		}
	}
}

// copiesOfFields are the variables that are declared by a field of a function
// type, without a type of their own.
func (c *vetter) copiesOfFields() map[*types.Var]bool {
	copies := map[*types.Var]bool{}
	for cur := range c.root.Preorder((*ast.AssignStmt)(nil)) {
		a := cur.Node().(*ast.AssignStmt)
		if a.Tok != token.DEFINE || len(a.Lhs) != len(a.Rhs) {
			continue
		}
		for i, value := range a.Rhs {
			if v := c.localVar(a.Lhs[i]); v != nil && c.isField(value) && c.isOwnFunc(value) {
				copies[v] = true
			}
		}
	}
	return copies
}

func (c *vetter) isOwnFunc(e ast.Expr) bool {
	t := c.typeOf(e)
	_, isFunc := t.Underlying().(*types.Signature)
	return isFunc && ownConcrete(t)
}

func (c *vetter) isField(e ast.Expr) bool {
	sel, ok := ast.Unparen(e).(*ast.SelectorExpr)
	if !ok {
		return false
	}
	s := c.TypesInfo.Selections[sel]
	return s != nil && s.Kind() == types.FieldVal
}
