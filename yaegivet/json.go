package yaegivet

import (
	"go/ast"
	"go/types"
	"reflect"
)

var jsonRules = []rule{{
	name:     "jsontype",
	severity: Wrong,
	what:     "JSON of a type that only compiled code shows as it is",
	does:     "comes out otherwise: unexported fields as Xname, embedded structs as fields of their own, and nothing from the methods of your types",
	works:    "give JSON structs of their own, with exported fields of plain types",
	check:    checkJSONType,
}}

// checkJSONType finds values for encoding/json whose types, or those within
// them, have what only compiled types show it.
func checkJSONType(c *vetter) {
	for cur := range c.root.Preorder((*ast.CallExpr)(nil)) {
		call := cur.Node().(*ast.CallExpr)
		fn := c.callee(call)
		if fn == nil || fn.Pkg() == nil || fn.Pkg().Path() != "encoding/json" || len(call.Args) == 0 {
			continue
		}
		var value ast.Expr
		switch fn.Name() {
		case "Marshal", "MarshalIndent", "Encode", "Decode":
			value = call.Args[0]
		case "Unmarshal":
			value = call.Args[len(call.Args)-1]
		default:
			continue
		}
		t := c.typeOf(value)
		// Of all the methods, the interpreter shows this one, at the top.
		if fn.Name() == "Marshal" && hasMethod(t, "MarshalJSON") {
			continue
		}
		if why := hidden(t, map[types.Type]bool{}); why != "" {
			c.report(call, "JSON of "+c.text(value)+", "+why+",")
		}
	}
}

// hidden says what in a type encoding/json gets to see otherwise than compiled.
func hidden(t types.Type, seen map[types.Type]bool) string {
	t = types.Unalias(t)
	if seen[t] {
		return ""
	}
	seen[t] = true
	if n, ok := t.(*types.Named); ok {
		if native(n.Obj().Pkg()) {
			return ""
		}
		for _, method := range []string{"MarshalJSON", "UnmarshalJSON", "MarshalText", "UnmarshalText"} {
			if hasMethod(n, method) {
				return "where " + n.Obj().Name() + " has " + method
			}
		}
	}
	switch u := t.Underlying().(type) {
	case *types.Pointer:
		return hidden(u.Elem(), seen)
	case *types.Slice:
		return hidden(u.Elem(), seen)
	case *types.Array:
		return hidden(u.Elem(), seen)
	case *types.Map:
		return hidden(u.Elem(), seen)
	case *types.Struct:
		return hiddenField(u, seen)
	}
	return ""
}

func hiddenField(s *types.Struct, seen map[types.Type]bool) string {
	for i := range s.NumFields() {
		f := s.Field(i)
		if reflect.StructTag(s.Tag(i)).Get("json") == "-" {
			continue
		}
		switch {
		case f.Embedded():
			return "where " + f.Name() + " is embedded"
		case !f.Exported():
			return "where the field " + f.Name() + " is unexported"
		}
		if why := hidden(f.Type(), seen); why != "" {
			return why
		}
	}
	return ""
}

// hasMethod tells whether a type, or a pointer to it, has an interpreted method.
func hasMethod(t types.Type, name string) bool {
	obj, _, _ := types.LookupFieldOrMethod(t, true, nil, name)
	fn, ok := obj.(*types.Func)
	return ok && !native(fn.Pkg())
}
