package yaegivet

import (
	"go/ast"
	"go/token"
	"go/types"
)

var deferPassedRules = []rule{{
	name:     "deferpassed",
	severity: Hang,
	what:     "a deferred call that leads to a closure of the same function",
	does:     "waits for ever when the function returns",
	works:    "defer a function literal that does it inline, and give goroutines declared functions to call",
	check:    checkDeferPassed,
}}

// While its deferred calls run, a function's frame is locked, and a closure that
// is made in it takes that lock. So it must not be called by what is deferred,
// nor by a goroutine that is waited for there.
func checkDeferPassed(c *vetter) {
	for cur := range c.root.Preorder((*ast.DeferStmt)(nil)) {
		d := cur.Node().(*ast.DeferStmt)
		for _, arg := range d.Call.Args {
			if c.passesClosure(d.Call, arg) {
				c.report(d, "this deferred call, which is given a closure of the same function,")
			}
		}
		f, ok := function(cur)
		if ok && c.waits(d.Call, true) && c.goroutineCallsClosure(bodyOf(f.Node())) {
			c.report(d, "this deferred wait, while a goroutine calls a closure of the same function,")
		}
	}
}

// passesClosure tells whether an argument is a closure that the callee may call.
// A literal given to compiled code works.
func (c *vetter) passesClosure(call *ast.CallExpr, arg ast.Expr) bool {
	if _, ok := ast.Unparen(arg).(*ast.FuncLit); ok {
		return !c.callsNative(call)
	}
	return c.holdsLiteral(c.localVar(arg))
}

// holdsLiteral tells whether a local variable is ever given a function literal.
func (c *vetter) holdsLiteral(v *types.Var) bool {
	if v == nil {
		return false
	}
	for _, a := range c.assigned[v] {
		if a.value == nil {
			continue
		}
		if _, ok := ast.Unparen(a.value).(*ast.FuncLit); ok {
			return true
		}
	}
	return false
}

// waits tells whether a deferred call waits for others: a compiled Wait, or a
// receive, in the call or in the body of the own function that it calls.
func (c *vetter) waits(call *ast.CallExpr, follow bool) bool {
	if fn := c.callee(call); fn != nil && native(fn.Pkg()) {
		return fn.Name() == "Wait"
	}
	if !follow {
		return false
	}
	body := c.calledBody(call)
	if body == nil {
		return false
	}
	found := false
	ast.Inspect(body, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.GoStmt:
			return false
		case *ast.UnaryExpr:
			found = found || n.Op == token.ARROW
		case *ast.CallExpr:
			found = found || c.waits(n, false)
		}
		return true
	})
	return found
}

// calledBody returns the body of a literal or of one of our functions.
func (c *vetter) calledBody(call *ast.CallExpr) *ast.BlockStmt {
	if lit, ok := ast.Unparen(call.Fun).(*ast.FuncLit); ok {
		return lit.Body
	}
	fn := c.callee(call)
	return c.bodies[fn]
}

// goroutineCallsClosure tells whether a goroutine that a function starts calls
// a variable of the function that holds a literal.
func (c *vetter) goroutineCallsClosure(body *ast.BlockStmt) bool {
	found := false
	ast.Inspect(body, func(n ast.Node) bool {
		g, ok := n.(*ast.GoStmt)
		if !ok {
			return true
		}
		ast.Inspect(g.Call, func(n ast.Node) bool {
			call, ok := n.(*ast.CallExpr)
			if !ok {
				return true
			}
			v := c.localVar(call.Fun)
			if v != nil && !within(v.Pos(), g) && c.holdsLiteral(v) {
				found = true
			}
			return true
		})
		return true
	})
	return found
}
