package yaegivet

import (
	"go/ast"
	"go/types"
)

var initRules = []rule{{
	name:  "varinit",
	does:  "initialises variables in the order of the text, so it sees the zero value",
	works: "declare in the order of dependency, or assign in init",
	check: checkVarInit,
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
	uses := c.functionUses()
	inits := c.initializers()
	order := map[types.Object]int{}
	for i, in := range inits {
		order[in.v] = i
	}
	for i, in := range inits {
		for _, later := range c.needs(in, uses) {
			if j, ok := order[later]; ok && j > i {
				c.report(in.name, in.name.Name+", whose value needs "+later.Name()+" from further down")
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

// functionUses maps each function to the variables and functions it mentions.
func (c *vetter) functionUses() map[types.Object][]types.Object {
	uses := map[types.Object][]types.Object{}
	for cur := range c.root.Preorder((*ast.FuncDecl)(nil)) {
		d := cur.Node().(*ast.FuncDecl)
		if d.Body != nil {
			uses[c.TypesInfo.Defs[d.Name]] = c.mentioned(d.Body)
		}
	}
	return uses
}

// mentioned are the package's variables and functions in a piece of code.
func (c *vetter) mentioned(n ast.Node) []types.Object {
	var all []types.Object
	ast.Inspect(n, func(n ast.Node) bool {
		id, ok := n.(*ast.Ident)
		if !ok {
			return true
		}
		switch o := c.TypesInfo.Uses[id].(type) {
		case *types.Var:
			if o.Parent() == c.Pkg.Scope() {
				all = append(all, o)
			}
		case *types.Func:
			if o.Pkg() == c.Pkg {
				all = append(all, o)
			}
		}
		return true
	})
	return all
}

// needs are the variables that an initializer reaches through functions.
func (c *vetter) needs(in initializer, uses map[types.Object][]types.Object) []types.Object {
	var vars []types.Object
	seen := map[types.Object]bool{}
	var follow func(o types.Object)
	follow = func(o types.Object) {
		if seen[o] {
			return
		}
		seen[o] = true
		for _, used := range uses[o] {
			if _, isVar := used.(*types.Var); isVar {
				vars = append(vars, used)
			} else {
				follow(used)
			}
		}
	}
	for _, o := range c.mentioned(in.value) {
		if _, isVar := o.(*types.Var); !isVar {
			follow(o)
		}
	}
	return vars
}
