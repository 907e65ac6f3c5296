package yaegivet

import (
	"go/ast"
	"go/token"
	"go/types"
)

// A flow follows a function's statements on all ways, and tells whether one of them
// leads to a use of a variable that isn't assigned by then.
type flow struct {
	*vetter
	v    *types.Var
	used bool // before it was assigned
	left bool // a break, a continue or a goto left with the variable unassigned
}

// usedUnassigned tells whether a function uses a result before its first assignment,
// also by a return without values. A literal that mentions the result uses it where
// it is made, since nobody knows when it runs.
func (c *vetter) usedUnassigned(body *ast.BlockStmt, v *types.Var) bool {
	if body == nil {
		return false
	}
	f := &flow{vetter: c, v: v}
	f.list(body.List, false)
	return f.used
}

// list returns whether the variable is assigned behind the statements. What is never
// reached counts as such.
func (f *flow) list(stmts []ast.Stmt, assigned bool) bool {
	for _, s := range stmts {
		assigned = f.stmt(s, assigned)
	}
	return assigned
}

func (f *flow) stmt(s ast.Stmt, assigned bool) bool {
	switch s := s.(type) {
	case nil:
		return assigned
	case *ast.ReturnStmt:
		f.used = f.used || len(s.Results) == 0 && !assigned
		f.read(s, assigned)
		return true
	case *ast.BranchStmt:
		f.left = f.left || !assigned && s.Tok != token.FALLTHROUGH
		return assigned || s.Tok == token.BREAK || s.Tok == token.CONTINUE
	case *ast.AssignStmt:
		return f.assign(s, assigned)
	case *ast.DeferStmt:
		f.deferred(s.Call, assigned)
		return assigned
	case *ast.BlockStmt:
		return f.list(s.List, assigned)
	case *ast.LabeledStmt:
		return f.stmt(s.Stmt, assigned)
	case *ast.IfStmt:
		assigned = f.stmt(s.Init, assigned)
		f.read(s.Cond, assigned)
		then, otherwise := f.list(s.Body.List, assigned), f.stmt(s.Else, assigned)
		return then && otherwise
	case *ast.ForStmt, *ast.RangeStmt:
		return f.loop(s, assigned)
	case *ast.SwitchStmt, *ast.TypeSwitchStmt, *ast.SelectStmt:
		return f.choice(s, assigned)
	}
	f.read(s, assigned)
	return assigned || f.panics(s)
}

func (f *flow) assign(s *ast.AssignStmt, assigned bool) bool {
	for _, e := range s.Rhs {
		f.read(e, assigned)
	}
	whole := false
	for _, l := range s.Lhs {
		id, ok := ast.Unparen(l).(*ast.Ident)
		if ok && f.TypesInfo.ObjectOf(id) == f.v && (s.Tok == token.ASSIGN || s.Tok == token.DEFINE) {
			whole = true
		} else {
			f.read(l, assigned)
		}
	}
	return assigned || whole
}

// deferred reads the arguments of a deferred call.
func (f *flow) deferred(call *ast.CallExpr, assigned bool) {
	if _, literal := call.Fun.(*ast.FuncLit); !literal {
		f.read(call.Fun, assigned)
	}
	for _, arg := range call.Args {
		if u, ok := arg.(*ast.UnaryExpr); !ok || u.Op != token.AND {
			f.read(arg, assigned)
		}
	}
}

// loop may run no round, and each round may be the first.
func (f *flow) loop(s ast.Stmt, assigned bool) bool {
	switch s := s.(type) {
	case *ast.ForStmt:
		assigned = f.stmt(s.Init, assigned)
		f.read(s.Cond, assigned)
		f.stmt(s.Post, f.list(s.Body.List, assigned) && !f.left)
	case *ast.RangeStmt:
		for _, e := range []ast.Expr{s.X, s.Key, s.Value} {
			f.read(e, assigned)
		}
		f.list(s.Body.List, assigned)
	}
	return assigned
}

// choice is over one of the clauses, and over none where there is no default.
func (f *flow) choice(s ast.Stmt, assigned bool) bool {
	var body *ast.BlockStmt
	all := false
	switch s := s.(type) {
	case *ast.SwitchStmt:
		assigned = f.stmt(s.Init, assigned)
		f.read(s.Tag, assigned)
		body = s.Body
	case *ast.TypeSwitchStmt:
		assigned = f.stmt(s.Init, assigned)
		f.read(s.Assign, assigned)
		body = s.Body
	case *ast.SelectStmt:
		body, all = s.Body, true
	}
	after := true
	for _, clause := range body.List {
		switch clause := clause.(type) {
		case *ast.CaseClause:
			all = all || clause.List == nil
			for _, e := range clause.List {
				f.read(e, assigned)
			}
			after = f.list(clause.Body, assigned) && after
		case *ast.CommClause:
			after = f.list(clause.Body, f.stmt(clause.Comm, assigned)) && after
		}
	}
	return assigned || all && after && !f.left
}

// read notes a use of the variable in a piece of code.
func (f *flow) read(n ast.Node, assigned bool) {
	if assigned || f.used || n == nil {
		return
	}
	ast.Inspect(n, func(n ast.Node) bool {
		id, ok := n.(*ast.Ident)
		f.used = f.used || ok && f.TypesInfo.Uses[id] == f.v
		return true
	})
}

func (f *flow) panics(s ast.Stmt) bool {
	e, ok := s.(*ast.ExprStmt)
	if !ok {
		return false
	}
	call, ok := e.X.(*ast.CallExpr)
	return ok && f.isBuiltin(call, "panic")
}
