package yaegivet

import (
	"go/ast"
	"go/types"
	"strings"
)

// native tells whether a package is compiled into the interpreter's host. That
// is the standard library: Traefik gives its plugins no other symbols.
func native(pkg *types.Package) bool {
	if pkg == nil {
		return true // universe: error, and what is declared nowhere
	}
	first, _, _ := strings.Cut(pkg.Path(), "/")
	return !strings.Contains(first, ".")
}

// own returns the interpreted named type behind t or behind the pointer t.
func own(t types.Type) *types.Named {
	if t == nil {
		return nil
	}
	if p, ok := types.Unalias(t).(*types.Pointer); ok {
		t = p.Elem()
	}
	n, ok := types.Unalias(t).(*types.Named)
	if !ok || native(n.Obj().Pkg()) {
		return nil
	}
	return n
}

// ownConcrete tells whether t is an interpreted type with values of its own.
func ownConcrete(t types.Type) bool {
	n := own(t)
	return n != nil && !types.IsInterface(n)
}

// hasMethods tells whether t is an interface other than any.
func hasMethods(t types.Type) bool {
	if t == nil {
		return false
	}
	if _, param := types.Unalias(t).(*types.TypeParam); param {
		return false
	}
	i, ok := t.Underlying().(*types.Interface)
	return ok && i.NumMethods() > 0
}

func isEmptyInterface(t types.Type) bool {
	if t == nil || !types.IsInterface(t) {
		return false
	}
	return t.Underlying().(*types.Interface).NumMethods() == 0
}

func isError(t types.Type) bool {
	return t != nil && types.Identical(t, types.Universe.Lookup("error").Type())
}

func isChan(t types.Type) bool {
	_, ok := t.Underlying().(*types.Chan)
	return ok
}

// sameLayout tells whether the interpreter has one type for both.
func sameLayout(a, b types.Type) bool {
	pa, okA := types.Unalias(a).(*types.Pointer)
	pb, okB := types.Unalias(b).(*types.Pointer)
	if okA != okB {
		return false
	}
	if okA {
		a, b = pa.Elem(), pb.Elem()
	}
	return types.Identical(a.Underlying(), b.Underlying()) || layout(a) == layout(b)
}

// layout is a type's text, in which unexported fields belong to no package: the
// interpreter takes those of two packages for the same.
func layout(t types.Type) string {
	return types.TypeString(t.Underlying(), (*types.Package).Path)
}

// callee returns the declared function or method that a call names, or nil.
func (c *vetter) callee(call *ast.CallExpr) *types.Func {
	var id *ast.Ident
	switch f := unwrapIndex(ast.Unparen(call.Fun)).(type) {
	case *ast.Ident:
		id = f
	case *ast.SelectorExpr:
		id = f.Sel
	default:
		return nil
	}
	fn, _ := c.TypesInfo.Uses[id].(*types.Func)
	return fn
}

// unwrapIndex returns the function of an explicit instantiation.
func unwrapIndex(e ast.Expr) ast.Expr {
	switch x := e.(type) {
	case *ast.IndexExpr:
		return x.X
	case *ast.IndexListExpr:
		return x.X
	}
	return e
}

func (c *vetter) isConversion(call *ast.CallExpr) bool {
	return c.TypesInfo.Types[call.Fun].IsType()
}

func (c *vetter) isBuiltin(call *ast.CallExpr, name string) bool {
	id, ok := ast.Unparen(call.Fun).(*ast.Ident)
	if !ok || id.Name != name {
		return false
	}
	_, ok = c.TypesInfo.Uses[id].(*types.Builtin)
	return ok
}

// callsNative tells whether compiled code runs the call.
func (c *vetter) callsNative(call *ast.CallExpr) bool {
	if c.isConversion(call) {
		return false
	}
	fn := c.callee(call)
	return fn != nil && native(fn.Pkg())
}

// param returns the type that argument i of a call is converted to, or nil.
func (c *vetter) param(call *ast.CallExpr, i int) types.Type {
	sig, ok := c.typeOf(call.Fun).(*types.Signature)
	if !ok {
		return nil
	}
	last := sig.Params().Len() - 1
	switch {
	case sig.Variadic() && i >= last && call.Ellipsis.IsValid():
		return sig.Params().At(last).Type()
	case sig.Variadic() && i >= last:
		slice, ok := sig.Params().At(last).Type().(*types.Slice)
		if !ok {
			return nil
		}
		return slice.Elem()
	case i <= last:
		return sig.Params().At(i).Type()
	}
	return nil
}

func (c *vetter) typeOf(e ast.Expr) types.Type {
	t := c.TypesInfo.TypeOf(e)
	if t == nil {
		return types.Typ[types.Invalid]
	}
	return t
}
