package yaegivet

import (
	"go/ast"
	"go/parser"
	"go/token"
	"go/types"
	"path"
	"strconv"
	"strings"
	"sync"

	"github.com/traefik/yaegi/stdlib"
	"github.com/traefik/yaegi/stdlib/generic"
)

var symbolRules = []rule{
	{
		name:     "import",
		severity: Load,
		what:     "the import of a package that Yaegi doesn't have",
		does:     "doesn't load",
		works:    "do without it",
		harmless: "it is unsafe or syscall, and useUnsafe allows them in .traefik.yml and in Traefik's configuration. yaegivet reads .traefik.yml",
		check:    checkImport,
	},
	{
		name:     "symbol",
		severity: Load,
		what:     "a name that Yaegi's copy of a package lacks",
		does:     "doesn't load",
		works:    "use an older one: atomic.Value for atomic.Pointer, sort for slices.Sort, sync.Once for sync.OnceValue",
		check:    checkSymbol,
	},
	{
		name:     "builtin",
		severity: Load,
		what:     "one of the builtins min, max and clear",
		does:     "isn't known, so that the plugin doesn't load",
		works:    "write a function of your own",
		check:    checkBuiltin,
	},
	{
		name:     "inference",
		severity: Load,
		what:     "a generic call that leaves it to the compiler to find a type argument behind another one",
		does:     "doesn't load",
		works:    "name all type arguments, maps.Copy[M, M, K, V](dst, src), or write a loop",
		check:    checkInference,
	},
	{
		name:     "exit",
		severity: Panic,
		what:     "a call that ends the process",
		does:     "panics and doesn't end the process",
		works:    "return an error",
		harmless: "a panic is as good",
		check:    checkExit,
	},
}

// sources are the exported names of the packages that the interpreter keeps as
// text, for their generics.
var sources = sync.OnceValue(func() map[string]map[string]bool {
	all := map[string]map[string]bool{}
	for _, text := range generic.Sources {
		file, err := parser.ParseFile(token.NewFileSet(), "", text, parser.SkipObjectResolution)
		if err != nil {
			continue
		}
		names := map[string]bool{}
		for _, decl := range file.Decls {
			switch d := decl.(type) {
			case *ast.FuncDecl:
				names[d.Name.Name] = d.Recv == nil
			case *ast.GenDecl:
				for _, spec := range d.Specs {
					if t, ok := spec.(*ast.TypeSpec); ok {
						names[t.Name.Name] = true
					}
				}
			}
		}
		all[file.Name.Name] = names
	}
	return all
})

// symbols returns the interpreter's names of a package. A package of a version,
// as math/rand/v2, goes by the name in front of it.
func symbols(pkgPath, name string) (func(string) bool, bool) {
	if table, ok := stdlib.Symbols[pkgPath+"/"+name]; ok {
		return func(s string) bool {
			_, ok := table[s]
			return ok || sources()[pkgPath][s]
		}, true
	}
	if names, ok := sources()[pkgPath]; ok {
		return func(s string) bool { return names[s] }, true
	}
	return nil, false
}

func checkImport(c *vetter) {
	for cur := range c.root.Preorder((*ast.ImportSpec)(nil)) {
		spec := cur.Node().(*ast.ImportSpec)
		p, err := strconv.Unquote(spec.Path.Value)
		if err != nil {
			continue
		}
		if c.options.Unsafe && (p == "unsafe" || p == "syscall") {
			continue
		}
		if p == "C" || p == "unsafe" {
			c.report(spec, "the import of "+p)
			continue
		}
		pkg := c.imported(p)
		if pkg == nil || !native(pkg) {
			continue
		}
		if _, ok := symbols(p, pkg.Name()); !ok {
			c.report(spec, "the import of "+p)
		}
	}
}

func (c *vetter) imported(path string) *types.Package {
	for _, p := range c.Pkg.Imports() {
		if p.Path() == path {
			return p
		}
	}
	return nil
}

func checkSymbol(c *vetter) {
	for cur := range c.root.Preorder((*ast.SelectorExpr)(nil)) {
		sel := cur.Node().(*ast.SelectorExpr)
		obj := c.TypesInfo.Uses[sel.Sel]
		if obj == nil || obj.Pkg() == nil || !native(obj.Pkg()) || obj.Parent() != obj.Pkg().Scope() {
			continue
		}
		known, ok := symbols(obj.Pkg().Path(), obj.Pkg().Name())
		if ok && !known(obj.Name()) {
			c.report(sel, c.text(sel)+", which Yaegi's copy of the package lacks,")
		}
	}
}

func checkBuiltin(c *vetter) {
	for cur := range c.root.Preorder((*ast.CallExpr)(nil)) {
		call := cur.Node().(*ast.CallExpr)
		for _, name := range []string{"min", "max", "clear"} {
			if c.isBuiltin(call, name) {
				c.report(call, "the builtin "+name)
			}
		}
	}
}

// checkInference finds calls that leave it to the compiler to find a type argument
// behind another one, as the E of a []E, or in the result of a function argument.
// Where a parameter is of the type, the interpreter finds it.
func checkInference(c *vetter) {
	for cur := range c.root.Preorder((*ast.CallExpr)(nil)) {
		call := cur.Node().(*ast.CallExpr)
		fn := c.callee(call)
		if fn == nil || fn.Pkg() == nil {
			continue
		}
		sig := fn.Origin().Signature()
		for i := written(call); i < sig.TypeParams().Len(); i++ {
			if !shown(sig, sig.TypeParams().At(i)) {
				c.report(call, "the call of "+path.Base(fn.Pkg().Path())+"."+fn.Name()+" without its type arguments")
			}
		}
	}
}

// shown tells whether the arguments of a call show the type parameter.
func shown(sig *types.Signature, param *types.TypeParam) bool {
	last := sig.Params().Len() - 1
	for i := 0; i <= last; i++ {
		t := sig.Params().At(i).Type()
		if sig.Variadic() && i == last {
			continue
		}
		if f, ok := t.Underlying().(*types.Signature); ok {
			t = f.Params()
		}
		found := false
		mentionsParam(t, func(p *types.TypeParam) { found = found || p == param })
		if found {
			return true
		}
	}
	return false
}

func mentionsParam(t types.Type, f func(*types.TypeParam)) {
	switch t := t.(type) {
	case *types.TypeParam:
		f(t)
	case *types.Tuple:
		for v := range t.Variables() {
			mentionsParam(v.Type(), f)
		}
	case *types.Pointer:
		mentionsParam(t.Elem(), f)
	case *types.Slice:
		mentionsParam(t.Elem(), f)
	case *types.Map:
		mentionsParam(t.Key(), f)
		mentionsParam(t.Elem(), f)
	}
}

// written counts the type arguments of a call.
func written(call *ast.CallExpr) int {
	switch f := ast.Unparen(call.Fun).(type) {
	case *ast.IndexExpr:
		return 1
	case *ast.IndexListExpr:
		return len(f.Indices)
	}
	return 0
}

func checkExit(c *vetter) {
	for cur := range c.root.Preorder((*ast.CallExpr)(nil)) {
		call := cur.Node().(*ast.CallExpr)
		fn := c.callee(call)
		if fn == nil || fn.Pkg() == nil {
			continue
		}
		fatal := fn.Pkg().Path() == "log" && strings.HasPrefix(fn.Name(), "Fatal")
		if fatal || fn.FullName() == "os.Exit" {
			c.report(call, "the call "+c.text(call))
		}
	}
}
