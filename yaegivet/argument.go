package yaegivet

import (
	"go/ast"
	"go/types"

	"golang.org/x/tools/go/ast/inspector"
)

var argumentRules = []rule{{
	name:     "latearg",
	severity: Wrong,
	what:     "an argument or a receiver in a defer or go statement that changes later",
	does:     "is read only when the call runs",
	works:    "don't change it afterwards, or call a function of your own that gets it as an argument and starts or defers",
	harmless: "the later value is the one that is meant",
	check:    checkLateArgument,
}}

// checkLateArgument finds what a defer or a method's goroutine reads too late:
// the receiver of either, and a deferred call's arguments that are variables or
// fields. Other expressions, and arguments of go, are read in time.
func checkLateArgument(c *vetter) {
	for cur := range c.root.Preorder((*ast.DeferStmt)(nil), (*ast.GoStmt)(nil)) {
		switch n := cur.Node().(type) {
		case *ast.DeferStmt:
			for _, e := range append([]ast.Expr{c.receiver(n.Call)}, n.Call.Args...) {
				if c.isVariable(e) && c.changesLater(cur, e) {
					c.report(e, c.text(e)+", which is in a defer and changes later,")
				}
			}
		case *ast.GoStmt:
			e := c.receiver(n.Call)
			if c.isVariable(e) && c.changesLater(cur, e) {
				c.report(e, c.text(e)+", which is in go "+c.text(n.Call.Fun)+" and changes later,")
			}
		}
	}
}

// receiver returns x of x.M(), or nil.
func (c *vetter) receiver(call *ast.CallExpr) ast.Expr {
	sel, ok := ast.Unparen(call.Fun).(*ast.SelectorExpr)
	if !ok || c.TypesInfo.Selections[sel] == nil {
		return nil
	}
	return sel.X
}

func (c *vetter) isVariable(e ast.Expr) bool {
	return e != nil && c.rootVar(e) != nil
}

// changesLater tells whether x, or the path x.a.b, is assigned behind a
// statement, or in each round of a loop around it.
func (c *vetter) changesLater(cur inspector.Cursor, e ast.Expr) bool {
	f, ok := function(cur)
	if !ok {
		return false
	}
	v := c.rootVar(e)
	if c.assigned.between(v, cur.Node().End(), f.Node().End()) {
		return true
	}
	if l, again := loop(cur); again && (c.assigned.inside(v, l) || declaredBy(l, v)) && !c.freshCopy(cur, v, l) {
		return true
	}
	return c.fieldChanges(f, cur, e, v)
}

// freshCopy tells whether a deferred argument is a variable of the round's own,
// which works there, while receivers see the last round's.
func (c *vetter) freshCopy(cur inspector.Cursor, v *types.Var, l ast.Node) bool {
	d, ok := cur.Node().(*ast.DeferStmt)
	if !ok || declaredBy(l, v) {
		return false
	}
	for _, arg := range d.Call.Args {
		if c.localVar(arg) == v {
			return within(v.Pos(), l)
		}
	}
	return false
}

// fieldChanges tells whether a field on the path is assigned behind the place.
func (c *vetter) fieldChanges(f, cur inspector.Cursor, e ast.Expr, v *types.Var) bool {
	paths := c.prefixes(e)
	for a := range f.Preorder((*ast.AssignStmt)(nil)) {
		if a.Node().Pos() < cur.Node().End() {
			continue
		}
		for _, l := range a.Node().(*ast.AssignStmt).Lhs {
			if _, field := l.(*ast.SelectorExpr); field && c.rootVar(l) == v && paths[types.ExprString(l)] {
				return true
			}
		}
	}
	return false
}

func (c *vetter) prefixes(e ast.Expr) map[string]bool {
	all := map[string]bool{}
	for {
		all[types.ExprString(e)] = true
		sel, ok := ast.Unparen(e).(*ast.SelectorExpr)
		if !ok {
			return all
		}
		e = sel.X
	}
}
