package yaegivet

import (
	"go/ast"
	"go/token"
	"go/types"

	"golang.org/x/tools/go/ast/inspector"
)

var commaOKRules = []rule{{
	name:     "commaok",
	severity: Wrong,
	what:     "a value that is read where the ok beside it is false",
	does:     "keeps its old value there and isn't set to zero",
	works:    "read it only where ok is true, or write v := m[k] to get zero",
	harmless: "the variable still has its zero value, as after a declaration that runs once. yaegivet recognizes that one and is silent",
	check:    checkCommaOK,
}}

// checkCommaOK finds reads of a comma-ok's value where ok may be false. The
// stale value is that of an earlier run of the statement, or of the variable,
// so a declaration that runs once in its function is fine.
func checkCommaOK(c *vetter) {
	for cur := range c.root.Preorder((*ast.AssignStmt)(nil)) {
		a := cur.Node().(*ast.AssignStmt)
		if len(a.Lhs) != 2 || len(a.Rhs) != 1 || !leavesStale(a.Rhs[0]) {
			continue
		}
		_, again := loop(cur)
		if a.Tok == token.DEFINE && !again {
			continue
		}
		v := c.localVar(a.Lhs[0])
		if v == nil {
			if !isBlank(a.Lhs[0]) {
				c.report(a, c.text(a.Lhs[0])+" in "+c.text(a))
			}
			continue
		}
		if isBlank(a.Lhs[1]) {
			c.report(a, v.Name()+" in "+c.text(a)+", without a look at ok,")
			continue
		}
		if use := c.unguarded(cur, v, c.localVar(a.Lhs[1])); use != nil {
			c.report(use, v.Name()+", which is read here although "+c.text(a.Lhs[1])+" may be false,")
		}
	}
}

// leavesStale tells whether an expression is a map's element or an assertion.
func leavesStale(e ast.Expr) bool {
	switch ast.Unparen(e).(type) {
	case *ast.IndexExpr, *ast.TypeAssertExpr:
		return true
	}
	return false
}

func isBlank(e ast.Expr) bool {
	id, ok := e.(*ast.Ident)
	return ok && id.Name == "_"
}

// unguarded returns a read of v, up to its next assignment, that ok doesn't
// guard. It follows the text, not the flow.
func (c *vetter) unguarded(a inspector.Cursor, v, ok *types.Var) ast.Node {
	f, found := function(a)
	if !found || ok == nil {
		return nil
	}
	safe := c.safeFrom(a, v, ok)
	for cur := range f.Preorder((*ast.Ident)(nil)) {
		id := cur.Node().(*ast.Ident)
		if c.TypesInfo.Uses[id] != v || id.Pos() < a.Node().End() || id.Pos() >= safe {
			continue
		}
		if !isWritten(cur) && !c.guardedBy(cur, ok) {
			return id
		}
	}
	return nil
}

// safeFrom returns where the value is known to be good for the rest: behind an
// if !ok that leaves or assigns, or behind the next assignment.
func (c *vetter) safeFrom(a inspector.Cursor, v, ok *types.Var) token.Pos {
	end := token.Pos(1 << 30)
	for _, next := range c.assigned[v] {
		if next.pos > a.Node().End() && next.pos < end {
			end = next.pos
		}
	}
	f, _ := function(a)
	for cur := range f.Preorder((*ast.IfStmt)(nil)) {
		s := cur.Node().(*ast.IfStmt)
		if s.Pos() < a.Node().Pos() && s.Init != a.Node() || s.End() > end {
			continue
		}
		if c.impliesNot(s.Cond, ok) && (leaves(s.Body) || c.assigned.inside(v, s.Body)) {
			end = s.End()
		}
	}
	return end
}

// leaves tells whether a block doesn't reach its end.
func leaves(b *ast.BlockStmt) bool {
	if len(b.List) == 0 {
		return false
	}
	switch last := b.List[len(b.List)-1].(type) {
	case *ast.ReturnStmt:
		return true
	case *ast.BranchStmt:
		return last.Tok != token.FALLTHROUGH
	case *ast.ExprStmt:
		call, ok := last.X.(*ast.CallExpr)
		if !ok {
			return false
		}
		id, ok := call.Fun.(*ast.Ident)
		return ok && id.Name == "panic"
	}
	return false
}

func isWritten(cur inspector.Cursor) bool {
	a, ok := cur.Parent().Node().(*ast.AssignStmt)
	if !ok || a.Tok != token.ASSIGN {
		return false
	}
	for _, l := range a.Lhs {
		if l == cur.Node() {
			return true
		}
	}
	return false
}

// guardedBy tells whether a condition around the node needs ok to be true.
func (c *vetter) guardedBy(cur inspector.Cursor, ok *types.Var) bool {
	pos := cur.Node().Pos()
	for p := range cur.Enclosing() {
		switch n := p.Node().(type) {
		case *ast.IfStmt:
			if within(pos, n.Body) && c.implies(n.Cond, ok) {
				return true
			}
			if n.Else != nil && within(pos, n.Else) && c.impliesNot(n.Cond, ok) {
				return true
			}
		case *ast.BinaryExpr:
			right := within(pos, n.Y)
			if right && n.Op == token.LAND && c.implies(n.X, ok) || right && n.Op == token.LOR && c.impliesNot(n.X, ok) {
				return true
			}
		case *ast.CaseClause:
			if c.guardsCase(p, n, ok) {
				return true
			}
		case *ast.FuncDecl:
			return false
		}
	}
	return false
}

// guardsCase knows case ok: and what stands behind a case !ok:.
func (c *vetter) guardsCase(cur inspector.Cursor, clause *ast.CaseClause, ok *types.Var) bool {
	s, isSwitch := cur.Parent().Parent().Node().(*ast.SwitchStmt)
	if !isSwitch || s.Tag != nil {
		return false
	}
	if len(clause.List) == 1 && c.implies(clause.List[0], ok) {
		return true
	}
	for _, before := range s.Body.List {
		if before == ast.Stmt(clause) {
			return false
		}
		list := before.(*ast.CaseClause).List
		if len(list) == 1 && c.impliesNot(list[0], ok) {
			return true
		}
	}
	return false
}

// implies tells whether the condition can't hold unless ok does.
func (c *vetter) implies(cond ast.Expr, ok *types.Var) bool {
	switch e := ast.Unparen(cond).(type) {
	case *ast.Ident:
		return c.TypesInfo.Uses[e] == ok
	case *ast.BinaryExpr:
		return e.Op == token.LAND && (c.implies(e.X, ok) || c.implies(e.Y, ok))
	}
	return false
}

// impliesNot tells whether ok is true wherever the condition doesn't hold.
func (c *vetter) impliesNot(cond ast.Expr, ok *types.Var) bool {
	switch e := ast.Unparen(cond).(type) {
	case *ast.UnaryExpr:
		id, isIdent := ast.Unparen(e.X).(*ast.Ident)
		return e.Op == token.NOT && isIdent && c.TypesInfo.Uses[id] == ok
	case *ast.BinaryExpr:
		return e.Op == token.LOR && (c.impliesNot(e.X, ok) || c.impliesNot(e.Y, ok))
	}
	return false
}
