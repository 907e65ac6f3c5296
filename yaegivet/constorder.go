package yaegivet

import (
	"go/ast"
	"go/token"
	"go/types"
)

var constRules = []rule{{
	name:     "constorder",
	severity: Wrong,
	what:     "a constant that is used above it and whose type stands below it",
	does:     "is zero in what stands in front of it",
	works:    "declare the type before, in a file that is read first, as by its name",
	check:    checkConstOrder,
}}

// checkConstOrder finds constants of a type that is declared behind them, and
// that are used in front of them. Conversions, which don't load, are earlyconst's.
func checkConstOrder(c *vetter) {
	_, specs := c.declared()
	first := c.firstUses()
	for cur := range c.root.Preorder((*ast.ValueSpec)(nil)) {
		for _, name := range cur.Node().(*ast.ValueSpec).Names {
			k, ok := c.TypesInfo.Defs[name].(*types.Const)
			if !ok || k.Parent() != c.Pkg.Scope() {
				continue
			}
			n := own(k.Type())
			if n == nil || specs[n] == nil || !c.isLater(specs[n].Pos(), name.Pos()) {
				continue
			}
			if use, used := first[k]; used && c.isLater(name.Pos(), use) {
				c.report(name, "the constant "+name.Name+", which is used above it and whose type "+n.Obj().Name()+" stands below it,")
			}
		}
	}
}

// firstUses are the places where the package first mentions each constant.
func (c *vetter) firstUses() map[*types.Const]token.Pos {
	first := map[*types.Const]token.Pos{}
	for cur := range c.root.Preorder((*ast.Ident)(nil)) {
		id := cur.Node().(*ast.Ident)
		k, ok := c.TypesInfo.Uses[id].(*types.Const)
		if ok && (first[k] == token.NoPos || c.isLater(first[k], id.Pos())) {
			first[k] = id.Pos()
		}
	}
	return first
}
