package yaegivet

import (
	"go/ast"
	"go/types"
)

var writerRules = []rule{{
	name:     "writerflush",
	severity: Wrong,
	what:     "a method Flush, FlushError or Unwrap of an http.ResponseWriter of your own",
	does:     "isn't seen by compiled code, so that answers aren't sent in parts as they are written",
	works:    "flush in Write where an answer has to arrive in parts",
	harmless: "only the plugin itself calls it",
	check:    checkWriterFlush,
}}

// checkWriterFlush finds methods that net/http looks for in a writer.
func checkWriterFlush(c *vetter) {
	for cur := range c.root.Preorder((*ast.FuncDecl)(nil)) {
		d := cur.Node().(*ast.FuncDecl)
		fn, ok := c.TypesInfo.Defs[d.Name].(*types.Func)
		if !ok || d.Recv == nil || !isFlushing(d.Name.Name) {
			continue
		}
		if recv := fn.Signature().Recv().Type(); isWriter(recv) {
			c.report(d.Name, "the method "+d.Name.Name+" of "+typeName(c, recv)+", an http.ResponseWriter,")
		}
	}
}

func isFlushing(name string) bool {
	return name == "Flush" || name == "FlushError" || name == "Unwrap"
}

// isWriter tells whether a type has the methods of an http.ResponseWriter.
func isWriter(t types.Type) bool {
	for _, name := range []string{"Header", "Write", "WriteHeader"} {
		obj, _, _ := types.LookupFieldOrMethod(t, true, nil, name)
		if _, ok := obj.(*types.Func); !ok {
			return false
		}
	}
	return true
}
