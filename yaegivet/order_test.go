package yaegivet

import (
	"go/parser"
	"go/token"
	"testing"

	"golang.org/x/tools/go/analysis"
)

// TestOrderOfFiles parses a package's second file first, as a loader that reads
// files at the same time may.
func TestOrderOfFiles(t *testing.T) {
	fset := token.NewFileSet()
	at := map[string]token.Pos{}
	for _, name := range []string{"b.go", "a.go"} {
		file, err := parser.ParseFile(fset, name, "package p\n\nvar x int\n", 0)
		if err != nil {
			t.Fatal(err)
		}
		at[name] = file.Decls[0].Pos()
	}
	c := &vetter{Pass: &analysis.Pass{Fset: fset}}
	if !c.isLater(at["b.go"], at["a.go"]) || c.isLater(at["a.go"], at["b.go"]) {
		t.Error("a.go isn't read before b.go")
	}
	if c.isLater(at["a.go"], at["a.go"]) {
		t.Error("a place is behind itself")
	}
}
