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
// there.
func Analyzer(pkgs []*packages.Package) *analysis.Analyzer {
	prog := programOf(pkgs)
	return &analysis.Analyzer{
		Name:     "yaegivet",
		Doc:      "find constructs that Yaegi refuses or runs differently",
		Requires: []*analysis.Analyzer{inspect.Analyzer},
		Run:      func(pass *analysis.Pass) (any, error) { return run(pass, prog) },
	}
}

// A rule finds one kind of construct.
type rule struct {
	name  string
	does  string // what the interpreter does with it
	works string // the form to write instead
	check func(*vetter)
}

// rules in the order of their names' importance: first what goes wrong without
// a word, then what doesn't load.
func rules() []rule {
	var all []rule
	for _, group := range [][]rule{
		selectRules, resultRules, recoverResultRules, parameterRules, commaOKRules, interfaceRules, errorRules, closureRules, captureRules,
		argumentRules, recoverRules, goRules, switchRules, keyRules, initRules, rangeRules, channelRules, packageRules,
		shapeRules, symbolRules, methodRules, nativeRules,
		jsonRules, constRules, funcMethodRules, nilRules, twinRules, deferPassedRules,
		laterResultRules, pairRules, operandRules, returnFuncRules, laterFuncRules,
		successorRules, foreignRules, shadowRules, receiverRules,
		constValueRules, appendFuncRules, variadicFieldRules,
	} {
		all = append(all, group...)
	}
	return all
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
			text := fmt.Sprintf("%s: %s, %s; %s", r.name, construct, r.does, r.works)
			found = append(found, finding{at.Pos(), r.name, text})
		}
		r.check(c)
	}
	found = marksIn(pass).apply(pass, found)
	sort.SliceStable(found, func(i, j int) bool { return found[i].pos < found[j].pos })
	for _, f := range found {
		pass.Report(analysis.Diagnostic{Pos: f.pos, Category: f.rule, Message: f.text})
	}
	return nil, nil
}
