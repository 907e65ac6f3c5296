package yaegivet

import (
	"go/ast"
	"go/token"
	"go/types"

	"golang.org/x/tools/go/ast/inspector"
)

var methodRules = []rule{
	{
		name:     "methodexpr",
		severity: Panic,
		what:     "a method expression",
		does:     "panics or doesn't load",
		works:    "write a function literal",
		check:    checkMethodExpr,
	},
	{
		name:     "methodvalue",
		severity: Load,
		what:     "a method of a compiled type as a value",
		does:     "takes its receiver for a parameter, so that it doesn't load or panics",
		works:    "write a function literal that calls the method",
		check:    checkMethodValue,
	},
}

func checkMethodExpr(c *vetter) {
	for cur := range c.root.Preorder((*ast.SelectorExpr)(nil)) {
		sel := cur.Node().(*ast.SelectorExpr)
		if s := c.TypesInfo.Selections[sel]; s != nil && s.Kind() == types.MethodExpr {
			c.report(sel, "the method expression "+c.text(sel))
		}
	}
}

// checkMethodValue finds compiled methods of pointers that become values, unless
// by a conversion. Those of interfaces are all right where no variable gets its
// type from them, and those of other variables everywhere.
func checkMethodValue(c *vetter) {
	for cur := range c.root.Preorder((*ast.SelectorExpr)(nil)) {
		sel := cur.Node().(*ast.SelectorExpr)
		s := c.TypesInfo.Selections[sel]
		if s == nil || s.Kind() != types.MethodVal || !native(s.Obj().Pkg()) || isError(s.Recv()) {
			continue
		}
		if call, ok := cur.Parent().Node().(*ast.CallExpr); ok && (call.Fun == sel || c.isConversion(call)) {
			continue
		}
		t := c.typeOf(sel.X)
		_, pointer := t.Underlying().(*types.Pointer)
		if pointer || types.IsInterface(t) && infers(cur) {
			c.report(sel, "the method value "+c.text(sel))
		}
	}
}

// infers tells whether a declaration without a type gets the value.
func infers(cur inspector.Cursor) bool {
	switch p := cur.Parent().Node().(type) {
	case *ast.AssignStmt:
		return p.Tok == token.DEFINE
	case *ast.ValueSpec:
		return p.Type == nil
	}
	return false
}
