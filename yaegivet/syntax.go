package yaegivet

import (
	"bytes"
	"go/ast"
	"go/printer"
	"go/token"
	"go/types"
	"strings"

	"golang.org/x/tools/go/ast/inspector"
)

// text prints a node for a message, on one line and not too long.
func (c *vetter) text(n ast.Node) string {
	var b bytes.Buffer
	if err := printer.Fprint(&b, c.Fset, n); err != nil {
		return "?"
	}
	s := strings.Join(strings.Fields(b.String()), " ")
	if r := []rune(s); len(r) > 50 {
		s = string(r[:50]) + "..."
	}
	return "`" + s + "`"
}

// function returns the innermost function around a node.
func function(at inspector.Cursor) (inspector.Cursor, bool) {
	for f := range at.Parent().Enclosing((*ast.FuncDecl)(nil), (*ast.FuncLit)(nil)) {
		return f, true
	}
	return inspector.Cursor{}, false
}

// loop returns the innermost loop of the same function whose body, condition
// or step holds the node: what runs again in the same frame.
func loop(at inspector.Cursor) (ast.Node, bool) {
	pos := at.Node().Pos()
	for p := range at.Parent().Enclosing((*ast.FuncDecl)(nil), (*ast.FuncLit)(nil), (*ast.ForStmt)(nil), (*ast.RangeStmt)(nil)) {
		switch n := p.Node().(type) {
		case *ast.ForStmt:
			if n.Init == nil || !within(pos, n.Init) {
				return n, true
			}
		case *ast.RangeStmt:
			if within(pos, n.Body) {
				return n, true
			}
		default:
			return nil, false
		}
	}
	return nil, false
}

func within(pos token.Pos, n ast.Node) bool {
	return n.Pos() <= pos && pos < n.End()
}

func bodyOf(f ast.Node) *ast.BlockStmt {
	switch f := f.(type) {
	case *ast.FuncDecl:
		return f.Body
	case *ast.FuncLit:
		return f.Body
	}
	return nil
}

// rootVar returns the variable at the left end of x.a.b.
func (c *vetter) rootVar(e ast.Expr) *types.Var {
	for {
		switch x := ast.Unparen(e).(type) {
		case *ast.SelectorExpr:
			e = x.X
		case *ast.Ident:
			v, _ := c.TypesInfo.ObjectOf(x).(*types.Var)
			return v
		default:
			return nil
		}
	}
}

// localVar returns the local variable that an expression is, or nil.
func (c *vetter) localVar(e ast.Expr) *types.Var {
	id, ok := ast.Unparen(e).(*ast.Ident)
	if !ok {
		return nil
	}
	v, ok := c.TypesInfo.ObjectOf(id).(*types.Var)
	if !ok || v.IsField() || c.isPackageVar(v) {
		return nil
	}
	return v
}

// captured are the local variables of enclosing functions that a literal uses.
func (c *vetter) captured(lit *ast.FuncLit) map[*types.Var]*ast.Ident {
	found := map[*types.Var]*ast.Ident{}
	ast.Inspect(lit.Body, func(n ast.Node) bool {
		id, ok := n.(*ast.Ident)
		if !ok {
			return true
		}
		v := c.localVar(id)
		if v != nil && v.Pkg() == c.Pkg && !within(v.Pos(), lit) && found[v] == nil {
			found[v] = id
		}
		return true
	})
	return found
}

// declaredBy tells whether a loop's own clause declares the variable.
func declaredBy(l ast.Node, v *types.Var) bool {
	switch l := l.(type) {
	case *ast.ForStmt:
		return l.Init != nil && within(v.Pos(), l.Init)
	case *ast.RangeStmt:
		return within(v.Pos(), l) && v.Pos() < l.X.Pos()
	}
	return false
}

// assignments are where each variable gets a value, its declaration included.
type assignments map[*types.Var][]assignment

type assignment struct {
	pos   token.Pos
	value ast.Expr // nil where there is no single expression
}

// addFrom adds those in a file.
func (as assignments) addFrom(info *types.Info, file *ast.File) {
	add := func(lhs, rhs ast.Expr) {
		if v, pos := variable(info, lhs); v != nil {
			as[v] = append(as[v], assignment{pos, rhs})
		}
	}
	ast.Inspect(file, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.AssignStmt:
			pairs(n.Lhs, n.Rhs, add)
		case *ast.IncDecStmt:
			add(n.X, nil)
		case *ast.RangeStmt:
			pairs([]ast.Expr{n.Key, n.Value}, nil, add)
		case *ast.ValueSpec:
			if len(n.Values) > 0 {
				pairs(exprs(n.Names), n.Values, add)
			}
		}
		return true
	})
}

func exprs(ids []*ast.Ident) []ast.Expr {
	var es []ast.Expr
	for _, id := range ids {
		es = append(es, id)
	}
	return es
}

func pairs(lhs, rhs []ast.Expr, add func(lhs, rhs ast.Expr)) {
	for i, l := range lhs {
		switch {
		case l == nil:
		case len(rhs) == len(lhs):
			add(l, rhs[i])
		default:
			add(l, nil)
		}
	}
}

// between tells whether the variable gets a value in a part of the text.
func (as assignments) between(v *types.Var, from, to token.Pos) bool {
	for _, a := range as[v] {
		if from <= a.pos && a.pos < to {
			return true
		}
	}
	return false
}

// inside tells whether the variable gets a value within a node.
func (as assignments) inside(v *types.Var, n ast.Node) bool {
	return as.between(v, n.Pos(), n.End())
}
