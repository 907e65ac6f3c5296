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
	harmless: "nothing in the goroutine can panic. yaegivet is silent where it only waits, logs and tells others",
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
	harmless // has nothing in it that could panic
	careless // makes no call that could panic, but reads an element or a field, say
	guarded  // and recovers from all the calls that could
)

func checkGoGuard(c *vetter) {
	g := &guard{c, map[*types.Func]safety{}}
	for cur := range c.root.Preorder((*ast.GoStmt)(nil), (*ast.CallExpr)(nil)) {
		switch n := cur.Node().(type) {
		case *ast.GoStmt:
			if !isSafe(g.call(n.Call)) {
				c.report(n, "a panic in this goroutine")
			}
		case *ast.CallExpr:
			if f := g.callback(n); f != nil && !isSafe(g.value(f)) {
				c.report(f, "a panic in this function, which "+c.text(n.Fun)+" runs in a goroutine,")
			}
		}
	}
}

// isSafe tells whether a goroutine may run it. What leaves its work to functions that
// recover may be careless beside them: it has to get at what they need.
func isSafe(s safety) bool { return s == harmless || s == guarded }

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
	if types.TypeString(g.typeOf(f), nil) == "context.CancelFunc" {
		return harmless
	}
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
	if g.isCalm(fn, nil) {
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
		if g.mayPanic(n) {
			result = combined(result, careless)
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
			return g.builtin(id.Name, call)
		}
	}
	if fn := g.callee(call); fn != nil && native(fn.Pkg()) {
		if g.isCalm(fn, call) {
			return harmless
		}
		return unsafe
	}
	return g.value(call.Fun)
}

func (g *guard) builtin(name string, call *ast.CallExpr) safety {
	switch name {
	case "panic", "close":
		return unsafe
	case "make":
		for _, size := range call.Args[1:] {
			if !g.isConstant(size) {
				return careless
			}
		}
	}
	return harmless
}

// beginsRecovering tells whether one of the defers that a function begins with
// recovers. What is deferred before it runs when it is over.
func (g *guard) beginsRecovering(body *ast.BlockStmt) bool {
	for _, s := range body.List {
		d, ok := s.(*ast.DeferStmt)
		if !ok {
			return false
		}
		if g.deferRecovers(d) {
			return true
		}
		if !isSafe(g.call(d.Call)) {
			return false
		}
	}
	return false
}

func (g *guard) deferRecovers(d *ast.DeferStmt) bool {
	deferred, ok := ast.Unparen(d.Call.Fun).(*ast.FuncLit)
	if ok {
		return g.recovers(deferred.Body)
	}
	fn := g.callee(d.Call)
	return fn != nil && g.bodies[fn] != nil && g.recovers(g.bodies[fn])
}

// recovers tells whether a deferred function recovers, and doesn't panic again.
func (g *guard) recovers(body *ast.BlockStmt) bool {
	found, again := false, false
	ast.Inspect(body, func(n ast.Node) bool {
		if call, ok := n.(*ast.CallExpr); ok {
			found = found || g.isBuiltin(call, "recover")
			again = again || g.isBuiltin(call, "panic")
		}
		_, nested := n.(*ast.FuncLit)
		return !nested
	})
	return found && !again
}
