package yaegivet

import (
	"go/ast"
	"go/types"
)

var errorRules = []rule{{
	name:     "errortype",
	severity: Wrong,
	what:     "an error type of your own",
	does:     "gets a wrapper through which errors.Is, errors.As, == and fmt don't see",
	works:    "use errors.New for sentinels and fmt.Errorf with %w for the rest",
	harmless: "its errors are only compared with nil and their Error method is called",
	check:    checkErrorType,
}}

// checkErrorType finds the Error methods of own types.
func checkErrorType(c *vetter) {
	for cur := range c.root.Preorder((*ast.FuncDecl)(nil)) {
		d := cur.Node().(*ast.FuncDecl)
		fn, ok := c.TypesInfo.Defs[d.Name].(*types.Func)
		if !ok || d.Recv == nil || d.Name.Name != "Error" {
			continue
		}
		recv := fn.Signature().Recv().Type()
		iface := types.Universe.Lookup("error").Type().Underlying().(*types.Interface)
		if types.Implements(recv, iface) {
			c.report(d.Name, "the error type "+typeName(c, recv))
		}
	}
}
