package yaegivet

import (
	"go/ast"
	"go/token"
	"go/types"

	"golang.org/x/tools/go/ast/inspector"
)

var interfaceRules = []rule{
	{
		name:     "ifacealias",
		severity: Wrong,
		what:     "a conversion to an interface of a variable that changes later, or within a loop",
		does:     "lets the interface refer to the variable, so that it changes with it",
		works:    "convert in a function: func asI(a *A) I { return a }",
		harmless: "nothing uses the interface once the variable has changed",
		check:    checkInterfaceAlias,
	},
	{
		name:     "ifacevalue",
		severity: Panic,
		what:     "the assignment of a struct to a field or map element of interface type",
		does:     "panics once the place has held a struct before",
		works:    "keep pointers in interfaces",
		harmless: "the place is assigned once",
		check:    checkInterfaceValue,
	},
	{
		name:     "ifacecompare",
		severity: Wrong,
		what:     "a comparison of two interfaces, or an interface as the key of a map",
		does:     "finds equal values different, or panics",
		works:    "compare pointers of the concrete type, or an id",
		harmless: "both of them hold values of compiled types, as numbers and texts",
		check:    checkInterfaceCompare,
	},
	{
		name:     "ifaceassert",
		severity: Panic,
		what:     "an assertion from any to an interface of your own",
		does:     "panics, as the value isn't assignable to the interface",
		works:    "assert to the concrete type, or start from another interface with methods",
		check:    checkInterfaceAssert,
	},
}

// A conversion is a place where a value becomes an interface's.
type conversion struct {
	value ast.Expr
	to    types.Type
	store ast.Node // the statement or literal
}

// checkInterfaceAlias finds conversions that run again in the same frame, and
// those of a variable that gets another value.
func checkInterfaceAlias(c *vetter) {
	for cur := range c.root.Preorder() {
		for _, conv := range c.conversions(cur.Node()) {
			if !ownConcrete(c.typeOf(conv.value)) || !hasMethods(conv.to) {
				continue
			}
			if c.aliasChanges(cur, conv.value) {
				c.report(conv.value, "the conversion of "+c.text(conv.value)+" to "+typeName(c, conv.to))
			}
		}
	}
}

// aliasChanges tells whether what an interface refers to gets another value: a variable
// that is assigned later, or anything else where it runs again in the same frame.
func (c *vetter) aliasChanges(cur inspector.Cursor, value ast.Expr) bool {
	l, again := loop(cur)
	v, _ := variable(c.TypesInfo, value)
	switch {
	case v == nil:
		return again
	case c.isPackageVar(v):
		return again && !c.neverChanges(value)
	case c.changesBehind(cur, v):
		return true
	}
	return again && (c.assigned.inside(v, l) || within(v.Pos(), l))
}

func typeName(c *vetter, t types.Type) string {
	return types.TypeString(t, func(p *types.Package) string {
		if p == c.Pkg {
			return ""
		}
		return p.Name()
	})
}

// changesBehind tells whether a local variable gets another value further down.
func (c *vetter) changesBehind(at inspector.Cursor, v *types.Var) bool {
	f, ok := function(at)
	return ok && c.assigned.between(v, at.Node().End(), f.Node().End())
}

// conversions are the implicit and explicit ones that a node itself makes.
func (c *vetter) conversions(n ast.Node) []conversion {
	switch n := n.(type) {
	case *ast.AssignStmt:
		return c.assignConversions(n)
	case *ast.ValueSpec:
		return c.specConversions(n)
	case *ast.CompositeLit:
		return c.literalConversions(n)
	case *ast.SendStmt:
		if ch, ok := c.typeOf(n.Chan).Underlying().(*types.Chan); ok {
			return []conversion{{n.Value, ch.Elem(), n}}
		}
	case *ast.CallExpr:
		return c.callConversions(n)
	}
	return nil
}

func (c *vetter) assignConversions(n *ast.AssignStmt) []conversion {
	var all []conversion
	if n.Tok != token.ASSIGN || len(n.Lhs) != len(n.Rhs) {
		return nil
	}
	for i, l := range n.Lhs {
		all = append(all, conversion{n.Rhs[i], c.typeOf(l), n})
	}
	return all
}

func (c *vetter) specConversions(n *ast.ValueSpec) []conversion {
	var all []conversion
	if n.Type == nil {
		return nil
	}
	for _, v := range n.Values {
		all = append(all, conversion{v, c.typeOf(n.Type), n})
	}
	return all
}

func (c *vetter) literalConversions(n *ast.CompositeLit) []conversion {
	var all []conversion
	for i, e := range n.Elts {
		value := e
		kv, keyed := e.(*ast.KeyValueExpr)
		if keyed {
			value = kv.Value
		}
		all = append(all, conversion{value, c.elementType(n, kv, i), n})
	}
	return all
}

// elementType is the type of the field or element that a literal's value is for.
func (c *vetter) elementType(n *ast.CompositeLit, kv *ast.KeyValueExpr, i int) types.Type {
	switch t := deref(c.typeOf(n)).Underlying().(type) {
	case *types.Struct:
		if kv == nil {
			return t.Field(i).Type()
		}
		if f, ok := c.TypesInfo.Uses[kv.Key.(*ast.Ident)].(*types.Var); ok {
			return f.Type()
		}
	case *types.Map:
		return t.Elem()
	case *types.Slice:
		return t.Elem()
	case *types.Array:
		return t.Elem()
	}
	return nil
}

func deref(t types.Type) types.Type {
	if p, ok := t.Underlying().(*types.Pointer); ok {
		return p.Elem()
	}
	return t
}

func (c *vetter) callConversions(n *ast.CallExpr) []conversion {
	if c.isConversion(n) && len(n.Args) == 1 {
		return []conversion{{n.Args[0], c.typeOf(n.Fun), n}}
	}
	if c.isBuiltin(n, "append") && !n.Ellipsis.IsValid() {
		var all []conversion
		if s, ok := c.typeOf(n.Args[0]).Underlying().(*types.Slice); ok {
			for _, arg := range n.Args[1:] {
				all = append(all, conversion{arg, s.Elem(), n})
			}
		}
		return all
	}
	var all []conversion
	for i, arg := range n.Args {
		all = append(all, conversion{arg, c.param(n, i), n})
	}
	return all
}

// checkInterfaceValue finds struct values that are assigned to a field or a map's
// element of interface type. Elements of slices can be assigned.
func checkInterfaceValue(c *vetter) {
	for cur := range c.root.Preorder((*ast.AssignStmt)(nil)) {
		a := cur.Node().(*ast.AssignStmt)
		for i, conv := range c.assignConversions(a) {
			if c.fieldOrMap(a.Lhs[i]) && hasMethods(conv.to) && c.ownStruct(conv.value) {
				c.report(conv.value, "the assignment of the struct "+c.text(conv.value)+" to a "+typeName(c, conv.to))
			}
		}
	}
}

func (c *vetter) fieldOrMap(place ast.Expr) bool {
	switch p := ast.Unparen(place).(type) {
	case *ast.SelectorExpr:
		return true
	case *ast.IndexExpr:
		_, isMap := c.typeOf(p.X).Underlying().(*types.Map)
		return isMap
	}
	return false
}

func (c *vetter) ownStruct(e ast.Expr) bool {
	t := c.typeOf(e)
	_, isStruct := t.Underlying().(*types.Struct)
	return isStruct && ownConcrete(t)
}

// checkInterfaceCompare finds == on two interfaces, and maps with such keys.
// Errors are compared everywhere, and that works while they come from errors.New.
// Two any differ when they hold the same pointer to a type with methods.
func checkInterfaceCompare(c *vetter) {
	for cur := range c.root.Preorder((*ast.MapType)(nil)) {
		key := cur.Node().(*ast.MapType).Key
		if t := c.typeOf(key); hasMethods(t) && !isError(t) && !isSealed(t) {
			c.report(key, "the interface "+c.text(key)+" as the key of a map")
		}
	}
	for cur := range c.root.Preorder((*ast.BinaryExpr)(nil)) {
		n := cur.Node().(*ast.BinaryExpr)
		if n.Op != token.EQL && n.Op != token.NEQ {
			continue
		}
		if c.comparedAlike(n.X) && c.comparedAlike(n.Y) {
			c.report(n, "the comparison "+c.text(n)+" of two interfaces")
		}
	}
}

func (c *vetter) comparedAlike(e ast.Expr) bool {
	t := c.typeOf(e)
	_, param := types.Unalias(t).(*types.TypeParam)
	return types.IsInterface(t) && !param && !isError(t) && !isSealed(t)
}

// isSealed tells whether compiled code alone has types for an interface, as for
// reflect.Type: one of its methods is unexported.
func isSealed(t types.Type) bool {
	i, ok := t.Underlying().(*types.Interface)
	for k := 0; ok && k < i.NumMethods(); k++ {
		if m := i.Method(k); !m.Exported() && native(m.Pkg()) {
			return true
		}
	}
	return false
}

func (c *vetter) ownInterface(e ast.Expr) bool {
	t := c.typeOf(e)
	return hasMethods(t) && !isError(t) && own(t) != nil
}

func checkInterfaceAssert(c *vetter) {
	for cur := range c.root.Preorder((*ast.TypeAssertExpr)(nil)) {
		n := cur.Node().(*ast.TypeAssertExpr)
		if n.Type != nil && isEmptyInterface(c.typeOf(n.X)) && c.ownInterface(n.Type) {
			c.report(n, "the assertion "+c.text(n)+" from any to an interface")
		}
	}
}
