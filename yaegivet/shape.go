package yaegivet

import (
	"go/ast"
	"go/token"
	"go/types"
	"strings"
)

var shapeRules = []rule{
	{
		name:     "typering",
		severity: Panic,
		what:     "a group of types with rings of references that meet",
		does:     "is several types to Yaegi, so that an assignment panics",
		works:    "let references go one way, so that no two rings meet",
		check:    checkTypeRing,
	},
	{
		name:     "selffunc",
		severity: Panic,
		what:     "a function field that mentions its struct and another one",
		does:     "panics when it is assigned or called",
		works:    "leave the struct itself out of the signature, or use an interface",
		check:    checkSelfFunc,
	},
	{
		name:     "recursivetype",
		severity: Load,
		what:     "a type other than a struct that is made of itself",
		does:     "doesn't load",
		works:    "wrap it in a struct",
		check:    checkRecursiveType,
	},
	{
		name:     "earlyconst",
		severity: Load,
		what:     "a constant made by a conversion to a type that is declared below",
		does:     "doesn't load, as the type isn't known yet",
		works:    "declare the type first, or write const X T = 1",
		check:    checkEarlyConst,
	},
}

// declared are the package's own types, with where they are declared.
func (c *vetter) declared() ([]*types.Named, map[*types.Named]*ast.TypeSpec) {
	var all []*types.Named
	specs := map[*types.Named]*ast.TypeSpec{}
	for cur := range c.root.Preorder((*ast.TypeSpec)(nil)) {
		spec := cur.Node().(*ast.TypeSpec)
		obj := c.TypesInfo.Defs[spec.Name]
		if obj == nil {
			continue
		}
		if n, ok := obj.Type().(*types.Named); ok && !spec.Assign.IsValid() {
			all = append(all, n)
			specs[n] = spec
		}
	}
	return all, specs
}

// mentions calls f for each named type that t is made of, without looking into
// those. What a struct's methods mention is no part of it.
func mentions(t types.Type, f func(*types.Named)) {
	switch t := types.Unalias(t).(type) {
	case *types.Named:
		f(t)
	case *types.Pointer:
		mentions(t.Elem(), f)
	case *types.Slice:
		mentions(t.Elem(), f)
	case *types.Array:
		mentions(t.Elem(), f)
	case *types.Chan:
		mentions(t.Elem(), f)
	case *types.Map:
		mentions(t.Key(), f)
		mentions(t.Elem(), f)
	case *types.Struct:
		for field := range t.Fields() {
			mentions(field.Type(), f)
		}
	case *types.Signature:
		for p := range t.Params().Variables() {
			mentions(p.Type(), f)
		}
		for r := range t.Results().Variables() {
			mentions(r.Type(), f)
		}
	}
}

// checkTypeRing finds types in more than one ring of references. A single ring,
// of however many types, works: the trouble begins where a group of types that
// all reach each other has more references among them than types.
func checkTypeRing(c *vetter) {
	all, specs := c.declared()
	edges := map[*types.Named]map[*types.Named]bool{}
	for _, n := range all {
		edges[n] = map[*types.Named]bool{}
		mentions(n.Underlying(), func(to *types.Named) { edges[n][to.Origin()] = true })
	}
	done := map[*types.Named]bool{}
	for _, n := range all {
		group := ring(n, all, edges)
		if done[n] || len(group) < 2 {
			continue
		}
		references := 0
		var names []string
		for _, m := range group {
			done[m] = true
			names = append(names, m.Obj().Name())
			for _, to := range group {
				if edges[m][to] {
					references++
				}
			}
		}
		if references > len(group) {
			c.report(specs[n], "the group of types "+strings.Join(names, ", ")+", in which rings of references meet,")
		}
	}
}

// ring returns the types that n reaches and that reach it.
func ring(n *types.Named, all []*types.Named, edges map[*types.Named]map[*types.Named]bool) []*types.Named {
	var group []*types.Named
	for _, m := range all {
		if reaches(n, m, edges, map[*types.Named]bool{}) && reaches(m, n, edges, map[*types.Named]bool{}) {
			group = append(group, m)
		}
	}
	return group
}

func reaches(from, to *types.Named, edges map[*types.Named]map[*types.Named]bool, seen map[*types.Named]bool) bool {
	for next := range edges[from] {
		if next == to {
			return true
		}
		if !seen[next] {
			seen[next] = true
			if reaches(next, to, edges, seen) {
				return true
			}
		}
	}
	return false
}

// checkSelfFunc finds fields of function type that mention their struct and
// another one.
func checkSelfFunc(c *vetter) {
	for cur := range c.root.Preorder((*ast.TypeSpec)(nil)) {
		spec := cur.Node().(*ast.TypeSpec)
		st, ok := spec.Type.(*ast.StructType)
		if !ok {
			continue
		}
		self := c.TypesInfo.Defs[spec.Name].Type()
		for _, field := range st.Fields.List {
			sig, ok := c.typeOf(field.Type).Underlying().(*types.Signature)
			if !ok {
				continue
			}
			itself, another := false, false
			mentions(sig, func(n *types.Named) {
				_, isStruct := n.Underlying().(*types.Struct)
				itself = itself || n == self
				another = another || n != self && isStruct && own(n) != nil
			})
			if itself && another {
				c.report(field, "this function field that mentions its struct "+spec.Name.Name+" and another struct")
			}
		}
	}
}

func checkRecursiveType(c *vetter) {
	all, specs := c.declared()
	for _, n := range all {
		if _, ok := n.Underlying().(*types.Struct); ok || types.IsInterface(n) {
			continue
		}
		found := false
		mentions(n.Underlying(), func(to *types.Named) { found = found || to == n })
		if found {
			c.report(specs[n], "the type "+n.Obj().Name()+", which is made of itself,")
		}
	}
}

// checkEarlyConst finds constants made by a conversion to a type that stands
// further down.
func checkEarlyConst(c *vetter) {
	_, specs := c.declared()
	for cur := range c.root.Preorder((*ast.GenDecl)(nil)) {
		for _, spec := range cur.Node().(*ast.GenDecl).Specs {
			vs, ok := spec.(*ast.ValueSpec)
			if !ok || vs.Type != nil {
				continue
			}
			for i, value := range vs.Values {
				call, ok := ast.Unparen(value).(*ast.CallExpr)
				if !ok || !c.isConversion(call) || i >= len(vs.Names) {
					continue
				}
				_, isConst := c.TypesInfo.Defs[vs.Names[i]].(*types.Const)
				n := own(c.typeOf(call.Fun))
				if isConst && n != nil && specs[n] != nil && c.isLater(specs[n].Pos(), vs.Pos()) {
					c.report(vs, "const "+vs.Names[i].Name+" = "+c.text(call)+", which stands above its type,")
				}
			}
		}
	}
}

// isLater tells whether a stands behind b in the order in which the interpreter
// reads. That is by the names of files; positions are in the order in which the
// files happened to be parsed.
func (c *vetter) isLater(a, b token.Pos) bool {
	pa, pb := c.Fset.Position(a), c.Fset.Position(b)
	if pa.Filename != pb.Filename {
		return pa.Filename > pb.Filename
	}
	return pa.Offset > pb.Offset
}
