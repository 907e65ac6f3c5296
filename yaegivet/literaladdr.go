package yaegivet

import (
	"go/ast"
	"go/token"
	"go/types"

	"golang.org/x/tools/go/ast/inspector"
)

var literalRules = []rule{
	{
		name:     "literaladdr",
		severity: Wrong,
		what:     "the address of a literal of a slice, a map or an array, taken in a loop",
		does:     "takes the address of one place for all rounds, so that every pointer leads to the last one",
		works:    "take the address of a variable in a function of its own: func at(l []string) *[]string { return &l }",
		harmless: "no pointer outlives its round",
		check:    checkLiteralAddr,
	},
}

func checkLiteralAddr(c *vetter) {
	for cur := range c.root.Preorder((*ast.UnaryExpr)(nil)) {
		n := cur.Node().(*ast.UnaryExpr)
		literal, isLiteral := ast.Unparen(n.X).(*ast.CompositeLit)
		if n.Op != token.AND || !isLiteral || !isInLoop(cur) {
			continue
		}
		switch c.typeOf(literal).Underlying().(type) {
		case *types.Slice, *types.Map, *types.Array:
			c.report(n, "the address of this literal, taken in a loop,")
		}
	}
}

// isInLoop tells whether a loop of the same function is around a place.
func isInLoop(cur inspector.Cursor) bool {
	for around := range cur.Enclosing((*ast.ForStmt)(nil), (*ast.RangeStmt)(nil), (*ast.FuncLit)(nil), (*ast.FuncDecl)(nil)) {
		switch around.Node().(type) {
		case *ast.ForStmt, *ast.RangeStmt:
			return true
		}
		return false
	}
	return false
}
