package yaegivet

import (
	"go/ast"
	"go/token"
	"go/types"
)

var errorRules = []rule{{
	name:     "errortype",
	severity: Panic,
	what:     "an error type of your own, where errors.Is, errors.As or == has to see it,",
	does:     "is hidden in a wrapper: errors.Is and == don't find it, and errors.As panics",
	works:    "use errors.New for sentinels and fmt.Errorf with %w for the rest, or a type assertion: r, ok := err.(*refusal)",
	harmless: "the errors are printed, wrapped with %w, asserted or compared with nil. yaegivet is silent there",
	check:    checkErrorType,
}}

// checkErrorType finds what doesn't see through the wrapper that an own error gets:
// errors.As and errors.Is, comparisons, and the methods that these two would call.
func checkErrorType(c *vetter) {
	for cur := range c.root.Preorder((*ast.FuncDecl)(nil), (*ast.CallExpr)(nil), (*ast.BinaryExpr)(nil)) {
		switch n := cur.Node().(type) {
		case *ast.FuncDecl:
			c.checkErrorMethod(n)
		case *ast.CallExpr:
			c.checkErrorCall(n)
		case *ast.BinaryExpr:
			if n.Op != token.EQL && n.Op != token.NEQ || c.isNil(n.X) || c.isNil(n.Y) {
				continue
			}
			if isError(c.typeOf(n.X)) && c.isOwnError(n.Y) || isError(c.typeOf(n.Y)) && c.isOwnError(n.X) {
				c.report(n, "an error type of your own in "+c.text(n))
			}
		}
	}
}

func (c *vetter) checkErrorMethod(d *ast.FuncDecl) {
	fn, ok := c.TypesInfo.Defs[d.Name].(*types.Func)
	if !ok || d.Recv == nil {
		return
	}
	switch d.Name.Name {
	case "Unwrap", "Is", "As":
		if recv := fn.Signature().Recv().Type(); implementsError(recv) {
			c.report(d.Name, "the error type "+typeName(c, recv)+", whose method "+d.Name.Name+" is never called,")
		}
	}
}

func (c *vetter) checkErrorCall(call *ast.CallExpr) {
	fn := c.callee(call)
	if fn == nil || len(call.Args) != 2 {
		return
	}
	switch fn.FullName() {
	case "errors.As":
		p, ok := c.typeOf(call.Args[1]).Underlying().(*types.Pointer)
		if ok && ownConcrete(p.Elem()) {
			c.report(call, "the error type "+typeName(c, p.Elem())+" in "+c.text(call))
		}
	case "errors.Is":
		if c.isOwnError(call.Args[1]) {
			c.report(call, "an error type of your own in "+c.text(call))
		}
	}
}

// isOwnError tells whether an expression has an own type, or is a variable of a package
// that is ever given a value of such a type.
func (c *vetter) isOwnError(e ast.Expr) bool {
	if t := c.typeOf(e); ownConcrete(t) && implementsError(t) {
		return true
	}
	v, _ := variable(c.TypesInfo, e)
	if !c.isPackageVar(v) {
		return false
	}
	for _, a := range c.assigned[v] {
		if a.value != nil && ownConcrete(c.typeOf(a.value)) {
			return true
		}
	}
	return false
}

func implementsError(t types.Type) bool {
	return types.Implements(t, types.Universe.Lookup("error").Type().Underlying().(*types.Interface))
}
