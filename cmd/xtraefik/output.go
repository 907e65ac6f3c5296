package main

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"slices"
	"strings"

	"golang.org/x/tools/go/ast/astutil"
)

// What the interpreter gives a plugin in the place of the standard library's: functions that
// print go to Traefik's log, and those that end the process panic. The values are what takes
// their places in the added package for output.
var replaced = map[string]map[string]string{
	"fmt": {"Print": "Print", "Printf": "Printf", "Println": "Println"},
	"os":  {"Exit": "Exit"},
	"log": {},
}

func init() {
	for _, name := range []string{"Fatal", "Fatalf", "Fatalln", "Flags", "Output", "Panic", "Panicf", "Panicln", "Prefix",
		"Print", "Printf", "Println", "SetFlags", "SetOutput", "SetPrefix", "Writer"} {
		replaced["log"][name] = "Log." + name
	}
}

// redirectModule has the packages of a module call the package for output where they call
// what it replaces.
func redirectModule(dir, outputPackage string) error {
	return filepath.WalkDir(dir, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || !strings.HasSuffix(path, ".go") {
			return err
		}
		positions := token.NewFileSet()
		file, err := parser.ParseFile(positions, path, nil, parser.ParseComments)
		if err != nil {
			return err
		}
		if file.Name.Name == "main" { // a command's, which is in no plugin
			return nil
		}
		if !redirectFile(positions, file, outputPackage) {
			return nil
		}
		return writeSyntax(positions, file)
	})
}

// redirectFile tells whether there was anything to do. The file was parsed with its
// identifiers resolved, so that a variable named log isn't taken for the package.
func redirectFile(positions *token.FileSet, file *ast.File, outputPackage string) bool {
	changed := map[string]string{} // the names of the packages by their paths
	name := outputPackage[strings.LastIndexByte(outputPackage, '/')+1:]
	ast.Inspect(file, func(node ast.Node) bool {
		selector, is := node.(*ast.SelectorExpr)
		if !is {
			return true
		}
		from, is := selector.X.(*ast.Ident)
		if !is || from.Obj != nil {
			return true
		}
		imported := importPath(file, from.Name)
		instead, is := replaced[imported][selector.Sel.Name]
		if !is {
			return true
		}
		changed[imported] = from.Name
		part, method, inLog := strings.Cut(instead, ".")
		if inLog {
			selector.X = &ast.SelectorExpr{X: &ast.Ident{Name: name, NamePos: from.NamePos}, Sel: &ast.Ident{Name: part, NamePos: from.NamePos}}
			selector.Sel.Name = method
		} else {
			from.Name = name
		}
		return false
	})
	if len(changed) == 0 {
		return false
	}
	for imported, as := range changed {
		if !astutil.UsesImport(file, imported) {
			deleteImport(positions, file, imported, as)
		}
	}
	astutil.AddImport(positions, file, outputPackage)
	return true
}

func deleteImport(positions *token.FileSet, file *ast.File, imported, as string) {
	named := slices.ContainsFunc(file.Imports, func(spec *ast.ImportSpec) bool {
		return spec.Path.Value == `"`+imported+`"` && spec.Name != nil
	})
	if !named {
		as = ""
	}
	astutil.DeleteNamedImport(positions, file, as, imported)
}
