package yaegivet

import (
	"go/ast"
	"go/token"
	"go/types"
)

const plainFirst = "assign it to a variable first, or get it from a function with a result of that type"

var operandRules = []rule{
	{
		name:     "anybool",
		severity: Panic,
		what:     "a comparison or negation that becomes an interface's value where it stands",
		does:     "panics",
		works:    plainFirst,
		check:    checkAnyBool,
	},
	{
		name:     "anynumber",
		severity: Wrong,
		what:     "arithmetic that becomes an interface's value where it stands",
		does:     "leaves nil there, or panics",
		works:    plainFirst,
		check:    checkAnyNumber,
	},
}

// An operation is one whose result becomes an interface's value where it stands:
// in a return, or as the only value of an assignment or a declaration.
type operation struct {
	expr  ast.Expr
	to    types.Type
	place token.Token // RETURN, ASSIGN or VAR
	index int         // of the result
}

// operations don't include arguments, literals' elements, conversions and values
// within parentheses or other operations, which all work.
func (c *vetter) operations() []operation {
	var all []operation
	add := func(e ast.Expr, to types.Type, place token.Token, index int) {
		if isInterface(to) && c.TypesInfo.Types[e].Value == nil {
			all = append(all, operation{e, to, place, index})
		}
	}
	for cur := range c.root.Preorder((*ast.ReturnStmt)(nil), (*ast.AssignStmt)(nil), (*ast.ValueSpec)(nil)) {
		switch n := cur.Node().(type) {
		case *ast.ReturnStmt:
			results := c.resultsOf(cur)
			for i, e := range n.Results {
				if results.Len() == len(n.Results) {
					add(e, results.At(i).Type(), token.RETURN, i)
				}
			}
		case *ast.AssignStmt:
			if n.Tok == token.ASSIGN && len(n.Lhs) == 1 && len(n.Rhs) == 1 {
				add(n.Rhs[0], c.typeOf(n.Lhs[0]), token.ASSIGN, 0)
			}
		case *ast.ValueSpec:
			for _, e := range n.Values {
				if n.Type != nil {
					add(e, c.typeOf(n.Type), token.VAR, 0)
				}
			}
		}
	}
	return all
}

func isInterface(t types.Type) bool {
	return isEmptyInterface(t) && !isTypeParam(t) || hasMethods(t)
}

func isTypeParam(t types.Type) bool {
	_, ok := types.Unalias(t).(*types.TypeParam)
	return ok
}

// checkAnyBool finds negations and comparisons. Those with && and || work, and
// so do assigned comparisons whose operands have values of their own.
func checkAnyBool(c *vetter) {
	for _, o := range c.operations() {
		switch e := o.expr.(type) {
		case *ast.UnaryExpr:
			if e.Op == token.NOT && o.place != token.VAR {
				c.reportOperation(o)
			}
		case *ast.BinaryExpr:
			if isComparison(e.Op) && (o.place == token.RETURN || o.place == token.ASSIGN && c.comparesInterface(e)) {
				c.reportOperation(o)
			}
		}
	}
}

func (c *vetter) reportOperation(o operation) {
	c.report(o.expr, c.text(o.expr)+", as a value of type "+typeName(c, o.to)+",")
}

func isComparison(op token.Token) bool {
	switch op {
	case token.EQL, token.NEQ, token.LSS, token.LEQ, token.GTR, token.GEQ:
		return true
	}
	return false
}

// comparesInterface tells whether an operand is any, an error or a compiled
// interface, and none is nil.
func (c *vetter) comparesInterface(e *ast.BinaryExpr) bool {
	found := false
	for _, x := range []ast.Expr{e.X, e.Y} {
		if c.TypesInfo.Types[ast.Unparen(x)].IsNil() {
			return false
		}
		found = found || isInterface(c.typeOf(x)) && !c.ownInterface(x)
	}
	return found
}

// checkAnyNumber finds the arithmetic that fails: with any, it's that of one
// operand, remainders and shifts; with methods all of it.
func checkAnyNumber(c *vetter) {
	for _, o := range c.operations() {
		switch e := o.expr.(type) {
		case *ast.UnaryExpr:
			if (e.Op == token.SUB || e.Op == token.XOR) && o.place != token.VAR {
				c.reportOperation(o)
			}
		case *ast.BinaryExpr:
			if isComparison(e.Op) || e.Op == token.LAND || e.Op == token.LOR {
				continue
			}
			if c.failsBinary(o, e) {
				c.reportOperation(o)
			}
		}
	}
}

func (c *vetter) failsBinary(o operation, e *ast.BinaryExpr) bool {
	shift := e.Op == token.SHL || e.Op == token.SHR
	unusual := shift || e.Op == token.REM
	switch {
	case o.place == token.VAR:
		return hasMethods(o.to) && !unusual
	case !hasMethods(o.to):
		return unusual && !(shift && c.isUntyped(e.X))
	}
	// The first result, as one of our own interfaces, gets its value.
	return o.place == token.ASSIGN || own(o.to) == nil || o.index > 0
}

// isUntyped tells whether an operand is a constant without a type, which a shift
// gives the type of its place.
func (c *vetter) isUntyped(e ast.Expr) bool {
	switch x := ast.Unparen(e).(type) {
	case *ast.BasicLit:
		return true
	case *ast.Ident:
		k, ok := c.TypesInfo.Uses[x].(*types.Const)
		if !ok {
			return false
		}
		b, ok := k.Type().(*types.Basic)
		return ok && b.Info()&types.IsUntyped != 0
	}
	return false
}
