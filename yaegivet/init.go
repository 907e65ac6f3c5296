package yaegivet

import (
	"go/ast"
	"go/types"
)

var initRules = []rule{{
	name:     "varinit",
	severity: Wrong,
	what:     "a package variable whose value comes through a function from a variable further down",
	does:     "is initialized first and sees the other's zero value",
	works:    "declare in the order of dependency, or assign in init",
	check:    checkVarInit,
}}

// An initializer is a package variable's declaration with its value.
type initializer struct {
	name  *ast.Ident
	v     types.Object
	value ast.Expr
}

// checkVarInit finds variables whose value comes, through a function or a method,
// from a variable that is declared further down or in a later file. What a value
// names itself, the interpreter initialises in time.
func checkVarInit(c *vetter) {
	inits := c.initializers()
	order := map[types.Object]int{}
	for i, in := range inits {
		order[in.v] = i
	}
	for i, in := range inits {
		for _, later := range c.needs(in) {
			if j, ok := order[later]; ok && j > i {
				c.report(in.name, in.name.Name+", whose value needs "+later.Name()+" from further down,")
				break
			}
		}
	}
}

func (c *vetter) initializers() []initializer {
	var all []initializer
	for _, file := range c.Files {
		for _, decl := range file.Decls {
			gen, ok := decl.(*ast.GenDecl)
			if !ok {
				continue
			}
			for _, spec := range gen.Specs {
				all = append(all, c.specInitializers(spec)...)
			}
		}
	}
	return all
}

func (c *vetter) specInitializers(spec ast.Spec) []initializer {
	vs, ok := spec.(*ast.ValueSpec)
	if !ok || len(vs.Values) == 0 {
		return nil
	}
	var all []initializer
	for i, name := range vs.Names {
		v, isVar := c.TypesInfo.Defs[name].(*types.Var)
		if !isVar && name.Name != "_" {
			return nil // constants have no order
		}
		value := vs.Values[0]
		if len(vs.Values) == len(vs.Names) {
			value = vs.Values[i]
		}
		all = append(all, initializer{name, v, value})
	}
	return all
}

// needs are the variables that an initializer reaches through functions.
func (c *vetter) needs(in initializer) []types.Object {
	var vars []types.Object
	seen := map[types.Object]bool{}
	var follow func(o types.Object)
	follow = func(o types.Object) {
		if seen[o] {
			return
		}
		seen[o] = true
		for _, used := range c.uses[o] {
			if _, isVar := used.(*types.Var); isVar {
				vars = append(vars, used)
			} else {
				follow(used)
			}
		}
	}
	for _, o := range c.calledIn(in.value) {
		if _, isVar := o.(*types.Var); !isVar {
			follow(o)
		}
	}
	return vars
}

// calledIn are the functions in calls, and in what calls are given. A function that is
// kept isn't run by then.
func (c *vetter) calledIn(value ast.Expr) []types.Object {
	var all []types.Object
	ast.Inspect(value, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.FuncLit:
			return false
		case *ast.CallExpr:
			if !c.isConversion(n) {
				all = append(all, c.mentioned(n)...)
				return false
			}
		}
		return true
	})
	return all
}
