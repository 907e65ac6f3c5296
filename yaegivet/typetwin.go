package yaegivet

import (
	"go/ast"
	"go/types"
)

var twinRules = []rule{{
	name:     "typetwin",
	severity: Wrong,
	what:     "an assertion to a type with the layout of another one",
	does:     "also holds for values of the other one",
	works:    "give each type a field or a struct tag that the other lacks",
	harmless: "a value of the other type never gets there",
	check:    checkTypeTwin,
}}

// checkTypeTwin finds assertions between types that differ by name only. Within
// a type switch, typeswitch does.
func checkTypeTwin(c *vetter) {
	for cur := range c.root.Preorder((*ast.TypeAssertExpr)(nil)) {
		assert := cur.Node().(*ast.TypeAssertExpr)
		if assert.Type == nil {
			continue
		}
		t := c.typeOf(assert.Type)
		if twin := twinOf(t, c.typeOf(assert.X), c.types); twin != "" {
			c.report(assert, "the assertion "+c.text(assert)+", where "+twin+" has the same layout,")
		}
	}
}

// twinOf names a type that the operand may hold and that the interpreter takes
// for t, or returns "".
func twinOf(t, operand types.Type, all []*types.Named) string {
	holder, ok := operand.Underlying().(*types.Interface)
	n := own(t)
	if !ok || n == nil || types.IsInterface(n) {
		return ""
	}
	if _, isStruct := n.Underlying().(*types.Struct); !isStruct && holder.Empty() {
		return types.TypeString(n.Underlying(), func(*types.Package) string { return "" })
	}
	_, pointer := types.Unalias(t).(*types.Pointer)
	for _, other := range all {
		if other == n || other.TypeParams().Len() > 0 || !sameLayout(other, n) {
			continue
		}
		var held types.Type = other
		if pointer {
			held = types.NewPointer(other)
		}
		if types.Implements(held, holder) {
			return other.Obj().Name()
		}
	}
	return ""
}
