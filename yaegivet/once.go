package yaegivet

import (
	"go/ast"
	"go/token"
	"go/types"
	"slices"
)

// A use is where a function of the program is mentioned: all nodes around its name,
// from the file to the name.
type use []ast.Node

// usesIn adds where a file mentions the program's functions.
func (prog *program) usesIn(file *ast.File) {
	var around []ast.Node
	ast.Inspect(file, func(n ast.Node) bool {
		if n == nil {
			around = around[:len(around)-1]
			return true
		}
		around = append(around, n)
		if id, ok := n.(*ast.Ident); ok {
			if fn, ok := prog.info.Uses[id].(*types.Func); ok && prog.packages[fn.Pkg()] {
				prog.used[fn] = append(prog.used[fn], slices.Clone(around))
			}
		}
		return true
	})
}

// A life tells how often functions run, and in how many goroutines. What it can't tell
// runs often, and in many.
type life struct {
	*vetter
	asked map[ast.Node]bool // what is being looked at: a recursion isn't followed
}

// alone tells whether one goroutine of the process runs what is at the end of the path,
// however often.
func (l *life) alone(path use) bool { return l.runs(path, false) }

// once tells whether it runs once in the process, at most.
func (l *life) once(path use) bool { return !repeats(path) && l.runs(path, true) }

// runs asks the function around the end of a path for one of both.
func (l *life) runs(path use, once bool) bool {
	i := innermost(path)
	if i < 0 {
		return false
	}
	f := path[i]
	if l.asked[f] {
		return false
	}
	l.asked[f] = true
	defer delete(l.asked, f)
	switch f := f.(type) {
	case *ast.FuncLit:
		return l.called(path[:i+1], once)
	case *ast.FuncDecl:
		fn, ok := l.TypesInfo.Defs[f.Name].(*types.Func)
		if !ok || !l.isFollowed(fn, f) {
			return false
		}
		if fn.Name() == "init" && f.Recv == nil {
			return true // by the goroutine that loads the package
		}
		uses := l.used[fn]
		if len(uses) != 1 {
			return false
		}
		at := uses[0]
		if _, ok := at[len(at)-2].(*ast.SelectorExpr); ok {
			at = at[:len(at)-1]
		}
		return l.called(at, once)
	}
	return false
}

// isFollowed tells whether all calls of a function are by its name. Traefik calls New
// and CreateConfig, and interfaces call methods.
func (l *life) isFollowed(fn *types.Func, f *ast.FuncDecl) bool {
	if f.Recv == nil {
		return fn.Name() != "New" && fn.Name() != "CreateConfig"
	}
	return !fn.Exported() && !l.abstract[fn.Name()]
}

// called judges a function by the expression at the end of a path that calls it.
func (l *life) called(path use, once bool) bool {
	call, ok := path[len(path)-2].(*ast.CallExpr)
	if !ok {
		return false
	}
	outer := path[:len(path)-1]
	if call.Fun != path[len(path)-1] {
		return l.isOnceDo(call)
	}
	if _, started := outer[len(outer)-2].(*ast.GoStmt); started || once {
		return l.once(outer)
	}
	return l.alone(outer)
}

// isOnceDo tells whether a call is Do of a sync.Once that a package declares.
func (l *life) isOnceDo(call *ast.CallExpr) bool {
	fn := l.callee(call)
	sel, ok := ast.Unparen(call.Fun).(*ast.SelectorExpr)
	if !ok || fn == nil || fn.FullName() != "(*sync.Once).Do" {
		return false
	}
	v, _ := variable(l.TypesInfo, sel.X)
	if !l.isPackageVar(v) || len(l.assigned[v]) > 0 {
		return false
	}
	_, pointer := v.Type().Underlying().(*types.Pointer)
	return !pointer
}

// innermost is the index of the last function on a path, without its end.
func innermost(path use) int {
	for i := len(path) - 2; i >= 0; i-- {
		switch path[i].(type) {
		case *ast.FuncDecl, *ast.FuncLit:
			return i
		}
	}
	return -1
}

// repeats tells whether the end of a path may run again while its function runs once.
func repeats(path use) bool {
	i := innermost(path)
	if i < 0 {
		return false
	}
	for _, n := range path[i:] {
		switch n.(type) {
		case *ast.ForStmt, *ast.RangeStmt:
			return true
		}
	}
	found := false
	ast.Inspect(path[i], func(n ast.Node) bool {
		b, ok := n.(*ast.BranchStmt)
		found = found || ok && b.Tok == token.GOTO
		return true
	})
	return found
}
