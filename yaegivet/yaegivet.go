package yaegivet

import (
	"fmt"
	"go/ast"
	"go/token"
	"sort"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/analysis/passes/inspect"
	"golang.org/x/tools/go/ast/inspector"
	"golang.org/x/tools/go/packages"
)

// Analyzer applies all rules to packages that are interpreted together. They have
// to be loaded at once, since rules follow calls from one into another. The rules
// share one analyzer since a mark counts as used when any of them finds something
// there. A diagnostic has the rule's name as its category and its page as its URL.
func Analyzer(pkgs []*packages.Package, options Options) *analysis.Analyzer {
	prog := programOf(pkgs, options)
	return &analysis.Analyzer{
		Name:     "yaegivet",
		Doc:      "find constructs that Yaegi refuses or runs differently",
		Requires: []*analysis.Analyzer{inspect.Analyzer},
		Run:      func(pass *analysis.Pass) (any, error) { return run(pass, prog) },
	}
}

// Options are what the manifest of a plugin says.
type Options struct {
	Unsafe bool // the packages unsafe and syscall may be imported
}

// A vetter is one rule at work on one package, with a view of all of them.
type vetter struct {
	*analysis.Pass
	*program
	root   inspector.Cursor
	report func(at ast.Node, construct string)
}

type finding struct {
	pos  token.Pos
	rule string
	text string
}

func run(pass *analysis.Pass, prog *program) (any, error) {
	whole := *pass
	whole.TypesInfo = prog.info
	c := &vetter{
		Pass:    &whole,
		program: prog,
		root:    pass.ResultOf[inspect.Analyzer].(*inspector.Inspector).Root(),
	}
	var found []finding
	seen := map[string]bool{} // nested closures have the same variable twice
	for _, r := range rules() {
		c.report = func(at ast.Node, construct string) {
			id := fmt.Sprint(r.name, at.Pos())
			if seen[id] {
				return
			}
			seen[id] = true
			found = append(found, finding{at.Pos(), r.name, r.sentence(construct)})
		}
		r.check(c)
	}
	found = marksIn(pass).apply(pass, found)
	sort.SliceStable(found, func(i, j int) bool { return found[i].pos < found[j].pos })
	for _, f := range found {
		pass.Report(analysis.Diagnostic{Pos: f.pos, Category: f.rule, Message: f.text, URL: page(f.rule)})
	}
	return nil, nil
}
