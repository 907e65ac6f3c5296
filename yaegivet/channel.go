package yaegivet

import (
	"go/ast"
	"go/token"
	"go/types"

	"golang.org/x/tools/go/ast/inspector"
)

var channelRules = []rule{
	{
		name:     "returnrecv",
		severity: Panic,
		what:     "a receive in a return",
		does:     "panics, as it sets a value that can't be set",
		works:    "write v := <-ch and return v",
		check:    checkReturnReceive,
	},
	{
		name:     "recvassign",
		severity: Wrong,
		what:     "a receive that is assigned to a field, an element or an interface",
		does:     "gets lost, or spoils its place for later assignments",
		works:    "write v := <-ch and assign v",
		harmless: "nothing reads the value",
		check:    checkReceiveAssign,
	},
}

func checkReturnReceive(c *vetter) {
	for cur := range c.root.Preorder((*ast.ReturnStmt)(nil)) {
		for _, e := range cur.Node().(*ast.ReturnStmt).Results {
			if u, ok := ast.Unparen(e).(*ast.UnaryExpr); ok && u.Op == token.ARROW {
				c.report(u, "the return of "+c.text(u))
			}
		}
	}
}

// checkReceiveAssign finds receives that are assigned to anything but a variable
// of the function, one of the package or a map's element. Those with an ok are
// assigned to anything but that.
func checkReceiveAssign(c *vetter) {
	for cur := range c.root.Preorder((*ast.AssignStmt)(nil)) {
		a := cur.Node().(*ast.AssignStmt)
		if _, inSelect := cur.Parent().Node().(*ast.CommClause); inSelect || a.Tok != token.ASSIGN {
			continue
		}
		if len(a.Rhs) < len(a.Lhs) {
			if isReceive(a.Rhs[0]) && c.isMapElement(a.Lhs[0]) {
				c.report(a, "what is received in "+c.text(a))
			}
			continue
		}
		for i, e := range a.Rhs {
			if isReceive(e) && !c.receives(cur, a.Lhs[i], c.typeOf(e)) {
				c.report(a, "what is received in "+c.text(a))
			}
		}
	}
}

func isReceive(e ast.Expr) bool {
	u, ok := e.(*ast.UnaryExpr)
	return ok && u.Op == token.ARROW
}

// receives tells whether a received value gets to its place. Interfaces get it
// and take no other value after it, and so do results with names.
func (c *vetter) receives(cur inspector.Cursor, place ast.Expr, t types.Type) bool {
	if isBlank(place) || c.isMapElement(place) {
		return true
	}
	id, ok := ast.Unparen(place).(*ast.Ident)
	if !ok || !types.Identical(c.typeOf(place), t) {
		return false
	}
	v, f := c.localVar(id), c.resultsOf(cur)
	if v == nil {
		return true
	}
	for i := range f.Len() {
		if f.At(i) == v {
			return false
		}
	}
	in, ok := function(cur)
	return ok && within(v.Pos(), in.Node())
}
