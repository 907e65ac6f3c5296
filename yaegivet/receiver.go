package yaegivet

import (
	"go/ast"
	"go/types"

	"golang.org/x/tools/go/ast/inspector"
)

var receiverRules = []rule{{
	name:     "latereceiver",
	severity: Wrong,
	what:     "a method value whose receiver changes later",
	does:     "uses the receiver that is there when it is called",
	works:    "don't change it afterwards, or take the method in a function of your own that gets the receiver as an argument",
	harmless: "the later receiver is the one that is meant",
	check:    checkLateReceiver,
}}

// checkLateReceiver finds methods that become values while their receiver is a
// variable or a field which gets another value before they are called. Calls that
// are deferred or started are latearg's.
func checkLateReceiver(c *vetter) {
	for cur := range c.root.Preorder((*ast.SelectorExpr)(nil)) {
		sel := cur.Node().(*ast.SelectorExpr)
		s := c.TypesInfo.Selections[sel]
		if s == nil || s.Kind() != types.MethodVal || native(s.Obj().Pkg()) || c.runsNow(cur) {
			continue
		}
		if c.isVariable(sel.X) && (c.changesLater(cur, sel.X) || isCopyOf(s) && c.partChanges(cur, sel.X)) {
			c.report(sel, "the method value "+c.text(sel)+", whose receiver changes later,")
		}
	}
}

// runsNow tells whether the method is called where it stands, or by a compiled
// function that doesn't keep it.
func (c *vetter) runsNow(cur inspector.Cursor) bool {
	call, ok := cur.Parent().Node().(*ast.CallExpr)
	if !ok {
		return false
	}
	return call.Fun == cur.Node() || c.callsNative(call) && runsAtOnce(c.callee(call))
}

// isCopyOf tells whether the value of the method holds a copy of the receiver.
func isCopyOf(s *types.Selection) bool {
	fn, ok := s.Obj().(*types.Func)
	if !ok || types.IsInterface(s.Recv()) {
		return false
	}
	_, pointer := fn.Signature().Recv().Type().Underlying().(*types.Pointer)
	return !pointer
}

// partChanges tells whether a field of the receiver is assigned behind the place.
func (c *vetter) partChanges(cur inspector.Cursor, e ast.Expr) bool {
	f, ok := function(cur)
	if !ok {
		return false
	}
	for a := range f.Preorder((*ast.AssignStmt)(nil), (*ast.IncDecStmt)(nil)) {
		if a.Node().Pos() < cur.Node().End() {
			continue
		}
		for _, l := range assignedTo(a.Node()) {
			if c.rootVar(l) == c.rootVar(e) && c.prefixes(l)[types.ExprString(e)] {
				return true
			}
		}
	}
	return false
}
