package yaegivet

import (
	"go/ast"
	"go/types"
)

var nativeRules = []rule{{
	name:     "nativeiface",
	severity: Panic,
	what:     "a value of your own type where compiled code wants an interface",
	does:     "panics, as it isn't assignable to the interface",
	works:    "declare a variable of the interface's type first: var t http.RoundTripper = &rt{}",
	check:    checkNativeInterface,
}}

// checkNativeInterface finds own values that a compiled struct's literal, a
// variadic compiled function or a conversion takes as an interface, and results
// of calls that any function takes as one of the compiled interfaces.
func checkNativeInterface(c *vetter) {
	for cur := range c.root.Preorder((*ast.CompositeLit)(nil), (*ast.CallExpr)(nil)) {
		for _, conv := range c.conversions(cur.Node()) {
			if ownConcrete(c.typeOf(conv.value)) && hasMethods(conv.to) && c.isNativePlace(conv) {
				c.report(conv.value, c.text(conv.value)+" as a "+typeName(c, conv.to))
			}
		}
	}
}

func (c *vetter) isNativePlace(conv conversion) bool {
	switch n := conv.store.(type) {
	case *ast.CompositeLit:
		t, ok := types.Unalias(deref(c.typeOf(n))).(*types.Named)
		return ok && native(t.Obj().Pkg())
	case *ast.CallExpr:
		t, ok := types.Unalias(conv.to).(*types.Named)
		if c.isConversion(n) || c.isResult(conv.value) {
			return ok && native(t.Obj().Pkg())
		}
		if !c.callsNative(n) {
			return false
		}
		sig := c.callee(n).Signature()
		return sig.Variadic() && indexOf(n.Args, conv.value) >= sig.Params().Len()-1
	}
	return false
}

// isResult tells whether an expression is what a function returns.
func (c *vetter) isResult(e ast.Expr) bool {
	call, ok := ast.Unparen(e).(*ast.CallExpr)
	return ok && !c.isConversion(call)
}

func indexOf(args []ast.Expr, e ast.Expr) int {
	for i, a := range args {
		if a == e {
			return i
		}
	}
	return -1
}
