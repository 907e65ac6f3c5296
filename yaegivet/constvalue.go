package yaegivet

import (
	"go/ast"
	"go/token"
)

var constValueRules = []rule{{
	name:     "constvalue",
	severity: Wrong,
	what:     "a constant with a type whose value is worked out of numbers without one",
	does:     "isn't equal to its own value, and isn't found as the key of a map",
	works:    "convert it, const X = T(iota + 1), or write the value itself",
	check:    checkConstValue,
}}

// checkConstValue finds constants that are declared with a type and whose value is
// worked out of numbers or texts without one, as iota + 1. Where an operand has the
// type, or the constant has none, they work.
func checkConstValue(c *vetter) {
	for cur := range c.root.Preorder((*ast.GenDecl)(nil)) {
		decl := cur.Node().(*ast.GenDecl)
		if decl.Tok != token.CONST {
			continue
		}
		for _, s := range decl.Specs {
			spec := s.(*ast.ValueSpec)
			for i, value := range spec.Values { // a name alone repeats what is above it
				if spec.Type != nil && c.isUntypedOperation(value) {
					c.report(spec.Names[i], "the constant "+spec.Names[i].Name+", which has a type and the value "+c.text(value)+",")
				}
			}
		}
	}
}

func (c *vetter) isUntypedOperation(e ast.Expr) bool {
	b, ok := ast.Unparen(e).(*ast.BinaryExpr)
	return ok && c.hasNoType(b)
}

// hasNoType tells whether nothing in an expression has a type of its own.
func (c *vetter) hasNoType(e ast.Expr) bool {
	switch e := ast.Unparen(e).(type) {
	case *ast.UnaryExpr:
		return c.hasNoType(e.X)
	case *ast.BinaryExpr:
		return c.hasNoType(e.X) && c.hasNoType(e.Y)
	case *ast.SelectorExpr:
		return c.isUntyped(e.Sel)
	}
	return c.isUntyped(e)
}
