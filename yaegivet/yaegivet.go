package yaegivet

import (
	"fmt"
	"go/ast"
	"go/token"
	"sort"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/analysis/passes/inspect"
	"golang.org/x/tools/go/ast/inspector"
)

// Analyzer applies all rules. They share one analyzer since a mark counts as
// used when any of them finds something there.
var Analyzer = &analysis.Analyzer{
	Name:     "yaegivet",
	Doc:      "find constructs that Yaegi refuses or runs differently",
	Requires: []*analysis.Analyzer{inspect.Analyzer},
	Run:      run,
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
		successorRules,
	} {
		all = append(all, group...)
	}
	return all
}

// A vetter is one rule at work on one package.
type vetter struct {
	*analysis.Pass
	root     inspector.Cursor
	assigned assignments
	report   func(at ast.Node, construct string)
}

type finding struct {
	pos  token.Pos
	rule string
	text string
}

func run(pass *analysis.Pass) (any, error) {
	c := &vetter{
		Pass:     pass,
		root:     pass.ResultOf[inspect.Analyzer].(*inspector.Inspector).Root(),
		assigned: assignmentsIn(pass),
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
