package yaegivet

import (
	"go/ast"
	"go/token"

	"golang.org/x/tools/go/ast/inspector"
)

var selectRules = []rule{
	{
		name:  "select",
		does:  "shares the cases among all goroutines that run it, so values go astray",
		works: "use reflect.Select with cases of your own, or plain receives",
		check: checkSelect,
	},
	{
		name:  "selectassign",
		does:  "doesn't assign the received value",
		works: "write case v := <-ch: x = v",
		check: checkSelectAssign,
	},
	{
		name:  "selectbreak",
		does:  "leaves the statement around the select, or goes on behind it",
		works: "return from a function of its own, or put it into a block: if true { break loop }",
		check: checkSelectBreak,
	},
}

func checkSelect(c *vetter) {
	for cur := range c.root.Preorder((*ast.SelectStmt)(nil)) {
		c.report(cur.Node(), "a select statement")
	}
}

func checkSelectAssign(c *vetter) {
	for cur := range c.root.Preorder((*ast.CommClause)(nil)) {
		comm, ok := cur.Node().(*ast.CommClause).Comm.(*ast.AssignStmt)
		if ok && comm.Tok == token.ASSIGN {
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
