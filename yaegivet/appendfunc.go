package yaegivet

import "go/ast"

var appendFuncRules = []rule{{
	name:     "appendfunc",
	severity: Panic,
	what:     "a declared function that is appended by its name",
	does:     "panics where it is called, as it isn't assignable to its type",
	works:    "append a literal that calls it, or a variable that holds it",
	check:    checkAppendFunc,
}}

// checkAppendFunc finds declared functions that are appended by name.
func checkAppendFunc(c *vetter) {
	for cur := range c.root.Preorder((*ast.CallExpr)(nil)) {
		call := cur.Node().(*ast.CallExpr)
		if !c.isBuiltin(call, "append") {
			continue
		}
		for _, arg := range call.Args[1:] {
			if c.isDeclared(arg) {
				c.report(arg, "the declared function "+c.text(arg)+", appended by its name,")
			}
		}
	}
}
