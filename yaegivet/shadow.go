package yaegivet

import (
	"go/ast"
	"go/types"

	"golang.org/x/tools/go/ast/edge"
	"golang.org/x/tools/go/ast/inspector"
)

var shadowRules = []rule{{
	name:     "shadow",
	severity: Load,
	what:     "a variable with the name of a package, where Yaegi takes one for the other",
	does:     "doesn't load",
	works:    "give the variable another name than the package",
	check:    checkShadow,
}}

// checkShadow finds variables with the name of a package that the file imports,
// in the places where the interpreter mixes them up: a parameter or a receiver in
// front of a parameter whose type is made of one of the package's types, and a
// field or method that has the name of such a type. Elsewhere they work.
func checkShadow(c *vetter) {
	for cur := range c.root.Preorder((*ast.SelectorExpr)(nil)) {
		sel := cur.Node().(*ast.SelectorExpr)
		id, ok := sel.X.(*ast.Ident)
		if !ok {
			continue
		}
		switch o := c.TypesInfo.Uses[id].(type) {
		case *types.PkgName:
			if hidden := parameterBefore(cur, id.Name); hidden != nil {
				c.report(hidden, "the parameter "+id.Name+" in front of one with "+c.text(sel)+" in its type")
			}
		case *types.Var:
			if pkg := c.importNamed(sel, o.Name()); pkg != nil && declaresTypeNamed(pkg, sel.Sel.Name) && takenForType(cur) {
				c.report(sel, c.text(sel)+" of a variable, where "+id.Name+" is a package with such a type, too,")
			}
		}
	}
}

// parameterBefore returns the parameter or receiver of a name that stands in front
// of the parameter whose type mentions the package of that name. Where the mention
// is the whole type, the interpreter looks for the package first.
func parameterBefore(mention inspector.Cursor, name string) *ast.Ident {
	if _, whole := mention.Parent().Node().(*ast.Field); whole {
		return nil
	}
	for field := range mention.Enclosing((*ast.Field)(nil)) {
		var receiver, params *ast.FieldList
		switch f := field.Parent().Parent().Parent().Node().(type) {
		case *ast.FuncDecl:
			receiver, params = f.Recv, f.Type.Params
		case *ast.FuncLit:
			params = f.Type.Params
		default:
			continue
		}
		if field.Parent().Node() != params {
			return nil
		}
		return named(name, before(field.Node(), receiver, params))
	}
	return nil
}

// before are the fields in front of one of them.
func before(field ast.Node, lists ...*ast.FieldList) []*ast.Field {
	var all []*ast.Field
	for _, list := range lists {
		if list == nil {
			continue
		}
		for _, f := range list.List {
			if f == field {
				return all
			}
			all = append(all, f)
		}
	}
	return all
}

func named(name string, fields []*ast.Field) *ast.Ident {
	for _, f := range fields {
		for _, id := range f.Names {
			if id.Name == name {
				return id
			}
		}
	}
	return nil
}

// importNamed returns the package that the file of a node imports under a name.
func (c *vetter) importNamed(n ast.Node, name string) *types.Package {
	for _, file := range c.Files {
		if !within(n.Pos(), file) {
			continue
		}
		p, ok := c.TypesInfo.Scopes[file].Lookup(name).(*types.PkgName)
		if ok {
			return p.Imported()
		}
	}
	return nil
}

func declaresTypeNamed(pkg *types.Package, name string) bool {
	_, ok := pkg.Scope().Lookup(name).(*types.TypeName)
	return ok
}

// takenForType tells whether the interpreter asks for a type where it is: it takes
// a call for a conversion, a * for a pointer's type, and what is first in a literal
// without a type for that type.
func takenForType(cur inspector.Cursor) bool {
	kind, i := cur.ParentEdge()
	switch kind {
	case edge.CallExpr_Fun, edge.StarExpr_X:
		return true
	case edge.CompositeLit_Elts:
		return i == 0 && cur.Parent().Node().(*ast.CompositeLit).Type == nil
	}
	return false
}
