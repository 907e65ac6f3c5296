package yaegivet

import (
	"go/ast"
	"go/types"
)

var successorRules = []rule{{
	name:     "successor",
	severity: Leak,
	what:     "a goroutine or timer that leads to the next one of its kind",
	does:     "keeps the variables of all that went before it, so that memory grows",
	works:    "start it in a function that is called through a variable of the package, which is set in init",
	harmless: "the chain is short",
	check:    checkSuccessor,
}}

// A frame refers to that of its caller, and what is started to the frame that it was
// started in. So a timer that sets the next one, in whatever it calls, has the frames
// of all timers before it.
type succession struct {
	*vetter
	starts map[*types.Func]bool // functions that start one that they are given
}

func checkSuccessor(c *vetter) {
	s := &succession{c, c.starters}
	c.findStarters.Do(s.findStarters) // they are the same for all packages
	for cur := range c.root.Preorder((*ast.FuncDecl)(nil)) {
		d := cur.Node().(*ast.FuncDecl)
		fn, ok := c.TypesInfo.Defs[d.Name].(*types.Func)
		if !ok || d.Body == nil {
			continue
		}
		s.each(d.Body, func(at ast.Node, started []ast.Expr) {
			if s.leadTo(started, fn) {
				c.report(at, "this goroutine or timer in "+fn.Name()+", which leads to the next one of its kind,")
			}
		})
	}
}

// each visits what is started in a function, with the expressions for it.
func (s *succession) each(body *ast.BlockStmt, visit func(at ast.Node, started []ast.Expr)) {
	ast.Inspect(body, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.GoStmt:
			visit(n, append([]ast.Expr{n.Call.Fun}, n.Call.Args...))
		case *ast.CallExpr:
			if s.startsArgument(n) {
				visit(n, n.Args)
			}
		}
		return true
	})
}

// startsArgument tells whether a call may start what it is given: a function keeps
// the frame that it was taken in, also where a variable leads to what starts it.
func (s *succession) startsArgument(call *ast.CallExpr) bool {
	if fn := s.callee(call); fn != nil {
		return startsNatively(fn) || s.starts[fn]
	}
	v, _ := variable(s.TypesInfo, call.Fun)
	if !s.isPackageVar(v) {
		return false
	}
	for _, a := range s.assigned[v] {
		if a.value != nil && s.isDeclared(a.value) && s.starts[s.TypesInfo.Uses[s.packageName(a.value)].(*types.Func)] {
			return true
		}
	}
	return false
}

func startsNatively(fn *types.Func) bool {
	name := fn.FullName()
	return name == "time.AfterFunc" || name == "context.AfterFunc"
}

// findStarters finds the functions that start a parameter, also through each other.
func (s *succession) findStarters() {
	for found := true; found; {
		found = false
		for fn, body := range s.bodies {
			if s.starts[fn] {
				continue
			}
			s.each(body, func(_ ast.Node, started []ast.Expr) {
				if s.hasParam(started, fn) {
					s.starts[fn] = true
					found = true
				}
			})
		}
	}
}

// hasParam tells whether a function that is a parameter is among the expressions.
func (s *succession) hasParam(es []ast.Expr, fn *types.Func) bool {
	params := fn.Signature().Params()
	found := false
	for _, e := range es {
		ast.Inspect(e, func(n ast.Node) bool {
			id, ok := n.(*ast.Ident)
			for i := 0; ok && i < params.Len(); i++ {
				_, isFunc := params.At(i).Type().Underlying().(*types.Signature)
				found = found || isFunc && s.TypesInfo.Uses[id] == params.At(i)
			}
			return true
		})
	}
	return found
}

// leadTo tells whether the functions in the expressions come to call fn by its name.
func (s *succession) leadTo(es []ast.Expr, fn *types.Func) bool {
	seen := map[types.Object]bool{}
	var follow func(o types.Object)
	follow = func(o types.Object) {
		if _, isFunc := o.(*types.Func); !isFunc || seen[o] {
			return
		}
		seen[o] = true
		for _, used := range s.uses[o] {
			follow(used)
		}
	}
	for _, e := range es {
		for _, o := range s.mentioned(e) {
			follow(o)
		}
	}
	return seen[fn]
}
