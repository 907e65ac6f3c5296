package yaegivet

import (
	"go/ast"
	"go/token"
	"go/types"
	"slices"

	"golang.org/x/tools/go/ast/inspector"
)

var selectRules = []rule{
	{
		name:     "select",
		severity: Crash,
		what:     "a select statement that several goroutines run",
		does:     "shares its cases among all goroutines that run it at the same time, so that values go to the wrong one or the proxy ends",
		works:    "use reflect.Select with cases made for each call, or plain receives",
		harmless: "one goroutine alone ever runs it, it has no channel, or its channels are variables of the package that never change. yaegivet recognizes these and is silent",
		check:    checkSelect,
	},
	{
		name:     "selectassign",
		severity: Panic,
		what:     "a case of a select that receives with =",
		does:     "doesn't assign what it receives, and may panic",
		works:    "write case v := <-ch: and assign v in the body of the case",
		harmless: "nothing reads the variable afterwards",
		check:    checkSelectAssign,
	},
	{
		name:     "selectok",
		severity: Wrong,
		what:     "a case with an ok that receives from a field, an element or a call",
		does:     "never receives",
		works:    "put the channel into a variable first: quit := s.quit",
		check:    checkSelectOK,
	},
	{
		name:     "selectbreak",
		severity: Wrong,
		what:     "a break or continue in a case of a select",
		does:     "leaves the statement around the select, or goes on behind it",
		works:    "give the select a function of its own and return from it, or write if true { break loop }",
		harmless: "the program does the same in both places",
		check:    checkSelectBreak,
	},
}

// checkSelect leaves out what can't go astray: a select without channels, one whose
// cases are the same for all goroutines, and one that a single goroutine runs.
func checkSelect(c *vetter) {
	l := &life{c, map[ast.Node]bool{}}
	for cur := range c.root.Preorder((*ast.SelectStmt)(nil)) {
		if !c.sameForAll(cur.Node().(*ast.SelectStmt)) && !l.alone(pathTo(cur)) {
			c.report(cur.Node(), "this select statement")
		}
	}
}

// pathTo are the nodes around a cursor, and its own.
func pathTo(cur inspector.Cursor) use {
	var path use
	for p := range cur.Enclosing() {
		if p.Node() != nil {
			path = append(path, p.Node())
		}
	}
	slices.Reverse(path)
	return path
}

// sameForAll tells whether each case has the same channel, and sends the same value,
// whichever goroutine runs the select.
func (c *vetter) sameForAll(s *ast.SelectStmt) bool {
	for _, clause := range s.Body.List {
		same := false
		switch comm := clause.(*ast.CommClause).Comm.(type) {
		case nil: // default
			same = true
		case *ast.SendStmt:
			same = c.neverChanges(comm.Chan) && c.isConstant(comm.Value)
		case *ast.ExprStmt:
			same = c.receivesFromConstant(comm.X)
		case *ast.AssignStmt:
			same = c.receivesFromConstant(comm.Rhs[0])
		}
		if !same {
			return false
		}
	}
	return true
}

func (c *vetter) receivesFromConstant(e ast.Expr) bool {
	u, ok := ast.Unparen(e).(*ast.UnaryExpr)
	return ok && c.neverChanges(u.X)
}

// neverChanges tells whether an expression is a variable of a package that gets its
// value where it is declared, and no other one.
func (c *vetter) neverChanges(e ast.Expr) bool {
	v, _ := variable(c.TypesInfo, e)
	if !c.isPackageVar(v) || c.addressed[v] {
		return false
	}
	values := c.assigned[v]
	return len(values) == 0 || len(values) == 1 && values[0].pos == v.Pos()
}

// isConstant knows constants, and structs that are zero.
func (c *vetter) isConstant(e ast.Expr) bool {
	lit, ok := ast.Unparen(e).(*ast.CompositeLit)
	if !ok || len(lit.Elts) > 0 {
		return c.TypesInfo.Types[e].Value != nil
	}
	_, isStruct := c.typeOf(lit).Underlying().(*types.Struct)
	return isStruct
}

func checkSelectAssign(c *vetter) {
	for cur := range c.root.Preorder((*ast.CommClause)(nil)) {
		comm, ok := cur.Node().(*ast.CommClause).Comm.(*ast.AssignStmt)
		if ok && comm.Tok == token.ASSIGN {
			c.report(comm, "case "+c.text(comm))
		}
	}
}

func checkSelectOK(c *vetter) {
	for cur := range c.root.Preorder((*ast.CommClause)(nil)) {
		comm, ok := cur.Node().(*ast.CommClause).Comm.(*ast.AssignStmt)
		if !ok || len(comm.Lhs) != 2 {
			continue
		}
		u, ok := ast.Unparen(comm.Rhs[0]).(*ast.UnaryExpr)
		if !ok {
			continue
		}
		if _, plain := ast.Unparen(u.X).(*ast.Ident); !plain {
			c.report(comm, "case "+c.text(comm))
		}
	}
}

// checkSelectBreak finds a plain break that leaves a select from within an if, and
// a labelled one or a continue where it is the last statement of a case. A plain
// break at the end of a case is ignored, which does no harm.
func checkSelectBreak(c *vetter) {
	for cur := range c.root.Preorder((*ast.BranchStmt)(nil)) {
		branch := cur.Node().(*ast.BranchStmt)
		if branch.Tok != token.BREAK && branch.Tok != token.CONTINUE {
			continue
		}
		plain := branch.Tok == token.BREAK && branch.Label == nil
		if plain && !endsCase(cur) && leavesSelect(cur) || !plain && endsCase(cur) {
			c.report(branch, c.text(branch)+" in a select")
		}
	}
}

// leavesSelect tells whether a plain break belongs to a select.
func leavesSelect(cur inspector.Cursor) bool {
	for p := range cur.Enclosing((*ast.SelectStmt)(nil), (*ast.ForStmt)(nil), (*ast.RangeStmt)(nil),
		(*ast.SwitchStmt)(nil), (*ast.TypeSwitchStmt)(nil), (*ast.FuncLit)(nil)) {
		_, ok := p.Node().(*ast.SelectStmt)
		return ok
	}
	return false
}

func endsCase(cur inspector.Cursor) bool {
	clause, ok := cur.Parent().Node().(*ast.CommClause)
	return ok && clause.Body[len(clause.Body)-1] == cur.Node()
}
