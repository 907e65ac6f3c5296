package yaegivet

import (
	"go/ast"
	"go/token"

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
		name:     "selectbreak",
		severity: Wrong,
		what:     "a break or continue in a case of a select",
		does:     "leaves the statement around the select, or goes on behind it",
		works:    "give the select a function of its own and return from it, or write if true { break loop }",
		harmless: "the program does the same in both places",
		check:    checkSelectBreak,
	},
}

func checkSelect(c *vetter) {
	for cur := range c.root.Preorder((*ast.SelectStmt)(nil)) {
		c.report(cur.Node(), "this select statement")
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
