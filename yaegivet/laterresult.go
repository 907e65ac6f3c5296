package yaegivet

import (
	"go/ast"
	"go/types"

	"golang.org/x/tools/go/ast/inspector"
)

var laterResultRules = []rule{{
	name:     "laterresult",
	severity: Wrong,
	what:     "a later result that is written to the place of another one",
	does:     "makes results wrong, or panics",
	works:    "assign it to a variable first and return that",
	check:    checkLaterResult,
}}

// checkLaterResult finds what a return of several results writes to the wrong
// place: the result of a builtin, which goes to the first one's place whatever
// its position; a pointer that a function returns as its only result, where the
// first result has that type and its own position an interface; and named results
// that are read after others were written. Within other expressions all of them
// work, and so they do in the first position.
func checkLaterResult(c *vetter) {
	for cur := range c.root.Preorder((*ast.ReturnStmt)(nil)) {
		n := cur.Node().(*ast.ReturnStmt)
		results := c.resultsOf(cur)
		if len(n.Results) < 2 || results.Len() != len(n.Results) {
			continue
		}
		for i, e := range n.Results {
			call, isCall := e.(*ast.CallExpr)
			switch {
			case i > 0 && isCall && c.TypesInfo.Types[call.Fun].IsBuiltin():
				c.report(call, "the builtin "+c.text(call)+" as a later result")
			case i > 0 && isCall && c.takesFirstPlace(call, results, i):
				c.report(call, c.text(call)+", which has the type of the first result and is returned as a "+typeName(c, results.At(i).Type())+",")
			default:
				c.reportOverwritten(n, results, i)
			}
		}
	}
}

// resultsOf returns the results of the function around a node.
func (c *vetter) resultsOf(cur inspector.Cursor) *types.Tuple {
	f, ok := function(cur)
	if !ok {
		return nil
	}
	switch f := f.Node().(type) {
	case *ast.FuncDecl:
		if fn, ok := c.TypesInfo.Defs[f.Name].(*types.Func); ok {
			return fn.Signature().Results()
		}
	case *ast.FuncLit:
		if sig, ok := c.typeOf(f).(*types.Signature); ok {
			return sig.Results()
		}
	}
	return nil
}

func (c *vetter) takesFirstPlace(call *ast.CallExpr, results *types.Tuple, i int) bool {
	if c.isConversion(call) || c.callsNative(call) || !hasMethods(results.At(i).Type()) {
		return false
	}
	t := c.typeOf(call)
	return !types.IsInterface(t) && types.Identical(t, results.At(0).Type())
}

// reportOverwritten looks at a result for the names of others that have got their
// values by then. Operations and calls write theirs when they run, in front of
// all the rest, which is read one by one.
func (c *vetter) reportOverwritten(n *ast.ReturnStmt, results *types.Tuple, i int) {
	_, readLate := n.Results[i].(*ast.Ident)
	for k := range results.Len() {
		v := results.At(k)
		if k == i || v.Name() == "" || c.localVar(n.Results[k]) == v || !c.mentions(n.Results[i], v) {
			continue
		}
		if writtenEarly := isOperation(n.Results[k]); writtenEarly && (readLate || k < i) || readLate && k < i {
			c.report(n.Results[i], c.text(n.Results[i])+", which reads the result "+v.Name()+" in the place of another one,")
			return
		}
	}
}

func isOperation(e ast.Expr) bool {
	switch e.(type) {
	case *ast.BinaryExpr, *ast.UnaryExpr, *ast.CallExpr:
		return true
	}
	return false
}

// mentions tells whether a variable stands in an expression.
func (c *vetter) mentions(e ast.Expr, v *types.Var) bool {
	found := false
	ast.Inspect(e, func(n ast.Node) bool {
		if id, ok := n.(*ast.Ident); ok && c.TypesInfo.Uses[id] == v {
			found = true
		}
		return !found
	})
	return found
}
