package yaegivet

import (
	"go/ast"
	"go/token"
	"go/types"
	"maps"
	"sync"

	"golang.org/x/tools/go/packages"
)

// A program is what the rules know of all packages that are interpreted together.
// Packages that were loaded at once share their types and positions, so what one
// of them declares can be looked up where another one uses it.
type program struct {
	options   Options
	abstract  map[string]bool // methods of the program's own interfaces
	packages  map[*types.Package]bool
	info      *types.Info // of all packages, since each node is in one only
	bodies    map[*types.Func]*ast.BlockStmt
	types     []*types.Named
	assigned  assignments
	addressed map[*types.Var]bool             // whose address is taken
	closed    []types.Type                    // of channels that are closed somewhere
	uses      map[types.Object][]types.Object // what each function mentions
	used      map[*types.Func][]use           // where each function is mentioned

	findStarters sync.Once
	starters     map[*types.Func]bool // functions that start one that they are given
}

// programOf gathers what the packages declare.
func programOf(pkgs []*packages.Package, options Options) *program {
	prog := &program{
		options:  options,
		abstract: map[string]bool{},
		starters: map[*types.Func]bool{},
		packages: map[*types.Package]bool{},
		info: &types.Info{
			Types:      map[ast.Expr]types.TypeAndValue{},
			Instances:  map[*ast.Ident]types.Instance{},
			Defs:       map[*ast.Ident]types.Object{},
			Uses:       map[*ast.Ident]types.Object{},
			Implicits:  map[ast.Node]types.Object{},
			Selections: map[*ast.SelectorExpr]*types.Selection{},
			Scopes:     map[ast.Node]*types.Scope{},
		},
		bodies:    map[*types.Func]*ast.BlockStmt{},
		assigned:  assignments{},
		addressed: map[*types.Var]bool{},
		uses:      map[types.Object][]types.Object{},
		used:      map[*types.Func][]use{},
	}
	for _, p := range pkgs {
		prog.packages[p.Types] = true
		prog.addInfo(p.TypesInfo)
	}
	for _, p := range pkgs {
		for _, file := range p.Syntax {
			prog.addFile(file)
		}
	}
	return prog
}

func (prog *program) addInfo(info *types.Info) {
	maps.Copy(prog.info.Types, info.Types)
	maps.Copy(prog.info.Instances, info.Instances)
	maps.Copy(prog.info.Defs, info.Defs)
	maps.Copy(prog.info.Uses, info.Uses)
	maps.Copy(prog.info.Implicits, info.Implicits)
	maps.Copy(prog.info.Selections, info.Selections)
	maps.Copy(prog.info.Scopes, info.Scopes)
}

func (prog *program) addFile(file *ast.File) {
	prog.assigned.addFrom(prog.info, file)
	prog.usesIn(file)
	ast.Inspect(file, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.FuncDecl:
			fn, ok := prog.info.Defs[n.Name].(*types.Func)
			if ok && n.Body != nil {
				prog.bodies[fn] = n.Body
				prog.uses[fn] = prog.mentioned(n.Body)
			}
		case *ast.InterfaceType:
			if t, ok := prog.info.TypeOf(n).(*types.Interface); ok {
				for m := range t.Methods() {
					prog.abstract[m.Name()] = true
				}
			}
		case *ast.CallExpr:
			if id, ok := ast.Unparen(n.Fun).(*ast.Ident); ok && prog.info.Uses[id] == types.Universe.Lookup("close") {
				prog.closed = append(prog.closed, prog.info.TypeOf(n.Args[0]))
			}
		case *ast.UnaryExpr:
			if v, _ := variable(prog.info, n.X); v != nil && n.Op == token.AND {
				prog.addressed[v] = true
			}
		case *ast.TypeSpec:
			if named := prog.declaredType(n); named != nil {
				prog.types = append(prog.types, named)
			}
		}
		return true
	})
}

// declaredType returns the type that a declaration makes, or nil for an alias.
func (prog *program) declaredType(spec *ast.TypeSpec) *types.Named {
	obj := prog.info.Defs[spec.Name]
	if obj == nil || spec.Assign.IsValid() {
		return nil
	}
	named, _ := obj.Type().(*types.Named)
	return named
}

// mentioned are the variables and functions of packages in a piece of code.
func (prog *program) mentioned(n ast.Node) []types.Object {
	var all []types.Object
	ast.Inspect(n, func(n ast.Node) bool {
		id, ok := n.(*ast.Ident)
		if !ok {
			return true
		}
		switch o := prog.info.Uses[id].(type) {
		case *types.Var:
			if prog.isPackageVar(o) {
				all = append(all, o)
			}
		case *types.Func:
			if prog.packages[o.Pkg()] {
				all = append(all, o)
			}
		}
		return true
	})
	return all
}

// isPackageVar tells whether one of the packages declares the variable for itself.
func (prog *program) isPackageVar(v *types.Var) bool {
	return v != nil && !v.IsField() && prog.packages[v.Pkg()] && v.Parent() == v.Pkg().Scope()
}

// isImport tells whether an identifier names an imported package.
func (prog *program) isImport(e ast.Expr) bool {
	id, ok := ast.Unparen(e).(*ast.Ident)
	if !ok {
		return false
	}
	_, ok = prog.info.Uses[id].(*types.PkgName)
	return ok
}

// variable returns the variable that x, or x of another package as p.x, names.
func variable(info *types.Info, e ast.Expr) (*types.Var, token.Pos) {
	switch e := ast.Unparen(e).(type) {
	case *ast.Ident:
		v, _ := info.ObjectOf(e).(*types.Var)
		return v, e.Pos()
	case *ast.SelectorExpr:
		v, _ := info.Uses[e.Sel].(*types.Var)
		if v != nil && !v.IsField() {
			return v, e.Pos()
		}
	}
	return nil, token.NoPos
}
