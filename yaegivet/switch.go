package yaegivet

import (
	"go/ast"
	"go/types"
)

const assertions = "write if v, ok := x.(T); ok for each type, and give own types different fields"

var switchRules = []rule{
	{
		name:     "taglessswitch",
		severity: Wrong,
		what:     "a case with several conditions in a switch without a value",
		does:     "looks at its first condition only",
		works:    "write case a || b:",
		check:    checkTaglessSwitch,
	},
	{
		name:     "typeswitch",
		severity: Wrong,
		what:     "a case of a type switch that Yaegi can't tell from others",
		does:     "isn't taken for its type, or is taken for another type",
		works:    assertions,
		harmless: "no value of that type gets there",
		check:    checkTypeSwitch,
	},
}

// checkTaglessSwitch also finds switch true, which is the same.
func checkTaglessSwitch(c *vetter) {
	for cur := range c.root.Preorder((*ast.SwitchStmt)(nil)) {
		s := cur.Node().(*ast.SwitchStmt)
		if s.Tag != nil && c.TypesInfo.Types[s.Tag].Value == nil {
			continue
		}
		for _, clause := range s.Body.List {
			if list := clause.(*ast.CaseClause).List; len(list) > 1 && c.isBool(list[0]) {
				c.report(clause, "case "+c.text(list[0])+", "+c.text(list[1])+" in a switch without a value")
			}
		}
	}
}

func (c *vetter) isBool(e ast.Expr) bool {
	b, ok := c.typeOf(e).Underlying().(*types.Basic)
	return ok && b.Info()&types.IsBoolean != 0
}

func checkTypeSwitch(c *vetter) {
	for cur := range c.root.Preorder((*ast.TypeSwitchStmt)(nil)) {
		s := cur.Node().(*ast.TypeSwitchStmt)
		operand, bound := switched(s)
		before := []types.Type{}
		for _, clause := range s.Body.List {
			for _, e := range clause.(*ast.CaseClause).List {
				t := c.typeOf(e)
				if why := c.misses(t, c.typeOf(operand), bound, before); why != "" {
					c.report(e, "case "+c.text(e)+" "+why)
				}
				before = append(before, t)
			}
		}
	}
}

// switched returns the operand of a type switch, and whether it binds it.
func switched(s *ast.TypeSwitchStmt) (ast.Expr, bool) {
	switch a := s.Assign.(type) {
	case *ast.AssignStmt:
		return a.Rhs[0].(*ast.TypeAssertExpr).X, true
	case *ast.ExprStmt:
		return a.X.(*ast.TypeAssertExpr).X, false
	}
	return nil, false
}

// holdsInterface tells whether t is an interface, or a list or a map of such,
// which the interpreter keeps in a type of its own.
func holdsInterface(t types.Type) bool {
	if e := element(t); e != nil {
		return types.IsInterface(e)
	}
	return types.IsInterface(t)
}

// misses says why the interpreter doesn't find a case, or finds one before it.
func (c *vetter) misses(t, operand types.Type, bound bool, before []types.Type) string {
	switch {
	case t == types.Typ[types.UntypedNil]:
		return ""
	case isError(t):
		return "in a type switch"
	case !bound && (ownConcrete(t) || holdsInterface(t)):
		return "in a type switch without a variable"
	case isError(operand) && ownConcrete(t):
		return "in a type switch on an error"
	}
	for _, b := range before {
		if (ownConcrete(t) || ownConcrete(b)) && !types.IsInterface(b) && sameLayout(t, b) {
			return "behind " + typeName(c, b) + ", which has the same layout,"
		}
	}
	return ""
}
