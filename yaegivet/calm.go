package yaegivet

import (
	"go/ast"
	"go/token"
	"go/types"
	"strings"
)

// calm are the compiled packages whose functions don't panic for what a goroutine that
// only waits and logs gives them, with those that do.
var calm = map[string]string{
	"context":     "",
	"errors":      "As",
	"fmt":         "Fprint Fprintf Fprintln",
	"log":         "Fatal Fatalf Fatalln Panic Panicf Panicln",
	"os":          "Exit",
	"strconv":     "AppendInt AppendUint FormatInt FormatUint",
	"strings":     "Grow NewReplacer Repeat",
	"sync":        "Do Get OnceFunc OnceValue OnceValues Range",
	"sync/atomic": "CompareAndSwap Store Swap",
	"time":        "NewTicker Reset Tick",
}

// isCalm tells whether a compiled function never panics. What it is given may: a
// function that runs in a goroutine of its own has a finding of its own, any other
// one isn't known.
func (g *guard) isCalm(fn *types.Func, call *ast.CallExpr) bool {
	if fn.Pkg() == nil {
		return false
	}
	others, ok := calm[fn.Pkg().Path()]
	if !ok || g.isOneOf(fn, others) {
		return false
	}
	if call == nil || g.callback(call) != nil {
		return true
	}
	for i := range call.Args {
		if t := g.param(call, i); t != nil && isFunc(t) {
			return false
		}
	}
	return true
}

// isOneOf looks for a function in a list of names. In sync/atomic, they are those of
// methods of Value.
func (g *guard) isOneOf(fn *types.Func, names string) bool {
	if fn.Pkg().Path() == "sync/atomic" && !strings.HasPrefix(fn.FullName(), "(*sync/atomic.Value)") {
		return false
	}
	for _, name := range strings.Fields(names) {
		if fn.Name() == name {
			return true
		}
	}
	return false
}

// mayPanic tells whether a node itself panics for some values: nil, a closed channel,
// a key, an index or a divisor. Calls aren't looked at.
func (g *guard) mayPanic(n ast.Node) bool {
	switch n := n.(type) {
	case *ast.SendStmt:
		return g.mayBeClosed(g.typeOf(n.Chan))
	case *ast.SliceExpr:
		return true
	case *ast.TypeAssertExpr:
		return n.Type != nil
	case *ast.StarExpr:
		return !g.TypesInfo.Types[n].IsType()
	case *ast.SelectorExpr:
		s := g.TypesInfo.Selections[n]
		return s != nil && s.Kind() == types.FieldVal && s.Indirect()
	case *ast.IndexExpr:
		return g.mayMiss(n)
	case *ast.AssignStmt:
		for _, l := range n.Lhs {
			if g.isMapElement(l) {
				return true
			}
		}
		return g.mayDivide(n.Tok) && !g.isConstant(n.Rhs[0])
	case *ast.IncDecStmt:
		return g.isMapElement(n.X)
	case *ast.BinaryExpr:
		return g.mayDivide(n.Op) && !g.isConstant(n.Y) || g.comparesTwo(n)
	case *ast.RangeStmt:
		switch g.typeOf(n.X).Underlying().(type) {
		case *types.Signature, *types.Pointer:
			return true
		}
	}
	return false
}

// mayBeClosed tells whether a channel of that kind is closed anywhere in the program.
func (g *guard) mayBeClosed(ch types.Type) bool {
	sent, ok := ch.Underlying().(*types.Chan)
	if !ok {
		return true
	}
	for _, t := range g.closed {
		if closed, ok := t.Underlying().(*types.Chan); !ok || types.Identical(closed.Elem(), sent.Elem()) {
			return true
		}
	}
	return false
}

// mayMiss tells whether an index expression reads an element that may not be there.
func (g *guard) mayMiss(n *ast.IndexExpr) bool {
	if !g.TypesInfo.Types[n].IsValue() || isFunc(g.typeOf(n.X)) {
		return false // a type or a function with its type arguments
	}
	m, isMap := g.typeOf(n.X).Underlying().(*types.Map)
	return !isMap || types.IsInterface(m.Key())
}

// mayDivide knows the operators that panic for a zero or a negative operand.
func (g *guard) mayDivide(op token.Token) bool {
	switch op {
	case token.QUO, token.REM, token.SHL, token.SHR, token.QUO_ASSIGN, token.REM_ASSIGN, token.SHL_ASSIGN, token.SHR_ASSIGN:
		return true
	}
	return false
}

// comparesTwo tells whether two interfaces are compared, which panics for maps and lists.
func (g *guard) comparesTwo(n *ast.BinaryExpr) bool {
	return (n.Op == token.EQL || n.Op == token.NEQ) && types.IsInterface(g.typeOf(n.X)) && types.IsInterface(g.typeOf(n.Y))
}
