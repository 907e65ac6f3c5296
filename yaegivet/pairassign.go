package yaegivet

import (
	"go/ast"
	"go/token"
	"go/types"
)

var pairRules = []rule{{
	name:     "pairassign",
	severity: Wrong,
	what:     "an assignment to several variables in which a call, a literal or a receive writes to its variable itself",
	does:     "assigns only some of its variables, or one of them too early",
	works:    "assign one variable to a statement",
	check:    checkPairAssign,
}}

// A pair is one variable of an assignment to several, and its value.
type pair struct {
	place, value ast.Expr
}

// checkPairAssign finds assignments to several variables in which a call, a
// literal or a receive writes to its variable itself: the interpreter then leaves
// the assignment out, with all values that don't do so.
func checkPairAssign(c *vetter) {
	for cur := range c.root.Preorder((*ast.AssignStmt)(nil), (*ast.ValueSpec)(nil)) {
		switch n := cur.Node().(type) {
		case *ast.AssignStmt:
			if n.Tok == token.ASSIGN || n.Tok == token.DEFINE {
				c.checkPairs(n, zip(n.Lhs, n.Rhs), n.Tok == token.ASSIGN)
			}
		case *ast.ValueSpec:
			c.checkPairs(n, zip(exprs(n.Names), n.Values), false)
		}
	}
}

// zip returns nothing where the values aren't one for each of several variables.
func zip(lhs, rhs []ast.Expr) []pair {
	if len(lhs) < 2 || len(lhs) != len(rhs) {
		return nil
	}
	var all []pair
	for i, l := range lhs {
		all = append(all, pair{l, rhs[i]})
	}
	return all
}

func (c *vetter) checkPairs(n ast.Node, all []pair, assigns bool) {
	direct := 0
	for _, p := range all {
		if c.writesItself(p, assigns) {
			direct++
		}
	}
	if direct > 0 && (direct < len(all) || !c.workAlone(all)) {
		c.report(n, "the assignment "+c.text(n))
	}
}

// writesItself tells whether a value goes to its variable without an assignment.
func (c *vetter) writesItself(p pair, assigns bool) bool {
	if c.isMapElement(p.place) {
		return false
	}
	switch v := p.value.(type) {
	case *ast.CompositeLit:
		return !isElement(p.place)
	case *ast.UnaryExpr:
		return v.Op == token.ARROW
	case *ast.CallExpr:
		return assigns && !c.isConversion(v) && (isBlank(p.place) || c.isSameType(p.place, v))
	}
	return false
}

// isSameType tells whether no conversion is needed. Own interfaces always get one.
func (c *vetter) isSameType(place, value ast.Expr) bool {
	t := c.typeOf(place)
	return types.Identical(t, c.typeOf(value)) && (!hasMethods(t) || isError(t) || own(t) == nil)
}

func (c *vetter) isMapElement(place ast.Expr) bool {
	index, ok := ast.Unparen(place).(*ast.IndexExpr)
	if !ok {
		return false
	}
	_, isMap := c.typeOf(index.X).Underlying().(*types.Map)
	return isMap
}

func isElement(place ast.Expr) bool {
	switch ast.Unparen(place).(type) {
	case *ast.IndexExpr, *ast.StarExpr:
		return true
	}
	return false
}

// workAlone tells whether values that all write to their variables may do so one
// after the other: none reads what was written before.
func (c *vetter) workAlone(all []pair) bool {
	written := map[string]bool{}
	for _, p := range all {
		if _, isCall := p.value.(*ast.CallExpr); !isCall {
			if _, plain := p.place.(*ast.Ident); !plain {
				return false
			}
		}
		if readsAny(p.value, written) {
			return false
		}
		written[types.ExprString(p.place)] = true
	}
	return true
}

func readsAny(value ast.Expr, written map[string]bool) bool {
	found := false
	ast.Inspect(value, func(n ast.Node) bool {
		if e, ok := n.(ast.Expr); ok && written[types.ExprString(e)] {
			found = true
		}
		return !found
	})
	return found
}
