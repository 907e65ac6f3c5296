package yaegivet

import (
	"go/ast"
)

var parameterRules = []rule{{
	name:     "unnamedparam",
	severity: Panic,
	what:     "a parameter without a name",
	does:     "has no place of its own, so that other variables get wrong values or the call panics",
	works:    "name it _",
	harmless: "the function does nothing, or returns constants. yaegivet recognizes that and is silent",
	check:    checkUnnamedParam,
}}

func checkUnnamedParam(c *vetter) {
	for cur := range c.root.Preorder((*ast.FuncDecl)(nil), (*ast.FuncLit)(nil)) {
		if body := bodyOf(cur.Node()); body == nil || c.needsNoPlace(body) {
			continue
		}
		for _, field := range funcType(cur.Node()).Params.List {
			if len(field.Names) == 0 {
				c.report(field, "this parameter without a name")
			}
		}
	}
}

// needsNoPlace tells whether a function does nothing, or returns constants, which
// works since no variable gets the parameter's place.
func (c *vetter) needsNoPlace(body *ast.BlockStmt) bool {
	if len(body.List) == 0 {
		return true
	}
	r, ok := body.List[0].(*ast.ReturnStmt)
	if !ok {
		return false
	}
	for _, e := range r.Results {
		if t := c.TypesInfo.Types[e]; t.Value == nil && !t.IsNil() {
			return false
		}
	}
	return true
}
