package yaegivet

import (
	"go/ast"
	"go/types"
	"sort"

	"golang.org/x/tools/go/ast/inspector"
)

const oneEach = "make each closure in a function of its own, which gets the value as an argument"

var captureRules = []rule{
	{
		name:     "loopvar",
		severity: Wrong,
		what:     "a loop variable in a closure",
		does:     "is one variable for all rounds, whatever go.mod says",
		works:    oneEach,
		harmless: "the closure is never called after its round",
		check:    checkLoopVar,
	},
	{
		name:     "loopclosure",
		severity: Wrong,
		what:     "a closure over a variable of the round, made in a loop and run by a goroutine or compiled code",
		does:     "sees the variable of a later round, even where it is a copy that the round made",
		works:    oneEach,
		harmless: "the closure is never called after its round",
		check:    checkLoopClosure,
	},
}

func checkLoopVar(c *vetter) {
	for cur := range c.root.Preorder((*ast.FuncLit)(nil)) {
		if calledAtOnce(cur) {
			continue
		}
		lit := cur.Node().(*ast.FuncLit)
		for _, v := range c.sortedCaptures(lit) {
			if c.isLoopVar(cur, v) {
				c.report(c.captured(lit)[v], "the loop variable "+v.Name()+" in a closure")
			}
		}
	}
}

// sortedCaptures makes the order of findings that of the text.
func (c *vetter) sortedCaptures(lit *ast.FuncLit) []*types.Var {
	uses := c.captured(lit)
	var vars []*types.Var
	for v := range uses {
		vars = append(vars, v)
	}
	sort.Slice(vars, func(i, j int) bool { return uses[vars[i]].Pos() < uses[vars[j]].Pos() })
	return vars
}

// calledAtOnce tells whether a literal runs where it stands: a plain call.
func calledAtOnce(cur inspector.Cursor) bool {
	call, ok := cur.Parent().Node().(*ast.CallExpr)
	if !ok || call.Fun != cur.Node() {
		return false
	}
	switch cur.Parent().Parent().Node().(type) {
	case *ast.GoStmt, *ast.DeferStmt:
		return false
	}
	return true
}

// isLoopVar tells whether a loop around the literal declares the variable. The
// loop must belong to the function that the literal captures from.
func (c *vetter) isLoopVar(cur inspector.Cursor, v *types.Var) bool {
	for p := range cur.Enclosing((*ast.ForStmt)(nil), (*ast.RangeStmt)(nil), (*ast.FuncDecl)(nil)) {
		if declaredBy(p.Node(), v) {
			return true
		}
	}
	return false
}

// checkLoopClosure finds closures over variables of the round that a loop hands
// to compiled code or starts as goroutines.
func checkLoopClosure(c *vetter) {
	for cur := range c.root.Preorder((*ast.FuncLit)(nil)) {
		l, again := loop(cur)
		if !again || !c.handedOn(cur) {
			continue
		}
		lit := cur.Node().(*ast.FuncLit)
		for _, v := range c.sortedCaptures(lit) {
			if within(v.Pos(), l) && !declaredBy(l, v) {
				c.report(lit, "a closure over "+v.Name()+", made in a loop,")
				break
			}
		}
	}
}

// handedOn tells whether a goroutine or compiled code runs the literal at a time
// of its own.
func (c *vetter) handedOn(cur inspector.Cursor) bool {
	call, ok := cur.Parent().Node().(*ast.CallExpr)
	if !ok {
		return false
	}
	if call.Fun == cur.Node() {
		_, isGo := cur.Parent().Parent().Node().(*ast.GoStmt)
		return isGo
	}
	if c.isConversion(call) {
		n, ok := types.Unalias(c.typeOf(call.Fun)).(*types.Named)
		return ok && native(n.Obj().Pkg())
	}
	return c.callsNative(call) && !runsAtOnce(c.callee(call))
}

// runsAtOnce knows the native functions that call their argument and forget it.
func runsAtOnce(fn *types.Func) bool {
	switch fn.Pkg().Path() {
	case "sort", "slices", "maps", "strings", "bytes":
		return true
	case "sync":
		return fn.Name() == "Range" || fn.Name() == "Do"
	}
	return false
}
