package yaegivet

import (
	"go/ast"
	"go/types"
)

var goRules = []rule{{
	name:     "goguard",
	severity: Crash,
	what:     "a panic in a goroutine that doesn't recover",
	does:     "ends the whole proxy, since nothing recovers from it",
	works:    "begin the goroutine's function with a defer that recovers, or call only functions that do",
	harmless: "nothing in the goroutine can panic. yaegivet is silent where it only waits and logs",
	check:    checkGoGuard,
}}

// A guard knows what functions recover from.
type guard struct {
	*vetter
	state map[*types.Func]safety
}

type safety int

const (
	unknown safety = iota
	asking         // being looked at: a recursion adds nothing
	unsafe
	harmless // makes no call that could panic
	guarded  // and recovers from all the calls that could
)

func checkGoGuard(c *vetter) {
	g := &guard{c, map[*types.Func]safety{}}
	for cur := range c.root.Preorder((*ast.GoStmt)(nil), (*ast.CallExpr)(nil)) {
		switch n := cur.Node().(type) {
		case *ast.GoStmt:
			if g.value(n.Call.Fun) != guarded {
				c.report(n, "a panic in this goroutine")
			}
		case *ast.CallExpr:
			// A timer that can't go wrong needs no guard: it may be about to start one.
			if f := g.callback(n); f != nil && g.value(f) == unsafe {
				c.report(f, "a panic in this function, which "+c.text(n.Fun)+" runs in a goroutine,")
			}
		}
	}
}

// callback returns the function that a native one runs in a goroutine, or nil.
func (g *guard) callback(call *ast.CallExpr) ast.Expr {
	fn := g.callee(call)
	if fn == nil || len(call.Args) == 0 {
		return nil
	}
	switch fn.FullName() {
	case "time.AfterFunc", "context.AfterFunc", "(*sync.WaitGroup).Go":
		return call.Args[len(call.Args)-1]
	}
	return nil
}

// value judges a function by the expression that it is.
func (g *guard) value(f ast.Expr) safety {
	var id *ast.Ident
	switch f := ast.Unparen(f).(type) {
	case *ast.FuncLit:
		return g.block(f.Body)
	case *ast.Ident:
		id = f
	case *ast.SelectorExpr:
		id = f.Sel
	}
	fn, ok := g.TypesInfo.Uses[id].(*types.Func)
	if !ok {
		return g.variable(id)
	}
	if fn.Pkg() != nil && calm[fn.Pkg().Path()] {
		return harmless
	}
	return g.function(fn)
}

// variable judges the functions that a variable of a package ever holds.
func (g *guard) variable(id *ast.Ident) safety {
	v, ok := g.TypesInfo.Uses[id].(*types.Var)
	if !ok || !g.isPackageVar(v) || len(g.assigned[v]) == 0 {
		return unsafe
	}
	result := harmless
	for _, a := range g.assigned[v] {
		if a.value == nil || !g.isDeclared(a.value) {
			return unsafe
		}
		result = combined(result, g.value(a.value))
	}
	return result
}

func (g *guard) function(fn *types.Func) safety {
	body := g.bodies[fn]
	if body == nil {
		return unsafe
	}
	if g.state[fn] == asking {
		return harmless
	}
	if g.state[fn] == unknown {
		g.state[fn] = asking
		g.state[fn] = g.block(body)
	}
	return g.state[fn]
}

// block tells whether a function's body recovers, or leaves all that may panic
// to functions that do.
func (g *guard) block(body *ast.BlockStmt) safety {
	if g.beginsRecovering(body) {
		return guarded
	}
	result := harmless
	ast.Inspect(body, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.FuncLit:
			return false // runs where it is called, and is judged there
		case *ast.GoStmt:
			return false // has a finding of its own
		case *ast.CallExpr:
			result = combined(result, g.call(n))
		}
		return true
	})
	return result
}

func combined(a, b safety) safety {
	if a == unsafe || b == unsafe {
		return unsafe
	}
	return max(a, b)
}

func (g *guard) call(call *ast.CallExpr) safety {
	if g.isConversion(call) {
		return harmless
	}
	if id, ok := ast.Unparen(call.Fun).(*ast.Ident); ok {
		if _, builtin := g.TypesInfo.Uses[id].(*types.Builtin); builtin {
			if id.Name == "panic" || id.Name == "close" {
				return unsafe
			}
			return harmless
		}
	}
	return g.value(call.Fun)
}

// calm are the packages whose functions don't panic for what a goroutine that
// only waits and logs gives them.
var calm = map[string]bool{"time": true, "sync": true, "sync/atomic": true, "fmt": true, "log": true, "errors": true, "strings": true}

func (g *guard) beginsRecovering(body *ast.BlockStmt) bool {
	if len(body.List) == 0 {
		return false
	}
	d, ok := body.List[0].(*ast.DeferStmt)
	return ok && g.deferRecovers(d)
}

func (g *guard) deferRecovers(d *ast.DeferStmt) bool {
	deferred, ok := ast.Unparen(d.Call.Fun).(*ast.FuncLit)
	if ok {
		return g.recovers(deferred.Body)
	}
	fn := g.callee(d.Call)
	return fn != nil && g.bodies[fn] != nil && g.recovers(g.bodies[fn])
}

func (g *guard) recovers(body *ast.BlockStmt) bool {
	found := false
	ast.Inspect(body, func(n ast.Node) bool {
		call, ok := n.(*ast.CallExpr)
		if ok && g.isBuiltin(call, "recover") {
			found = true
		}
		_, nested := n.(*ast.FuncLit)
		return !nested
	})
	return found
}
