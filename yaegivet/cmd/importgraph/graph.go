package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
)

// A graph has the packages of a module that its root imports, and the root. What is
// imported stands in front of what imports it.
type graph struct {
	packages []*pkg
	byName   map[string]*pkg
}

type pkg struct {
	name    string   // the directory within the module, or a dot for the root
	imports []string // of the module, sorted
	files   []file   // without tests
	tests   []file
}

type file struct {
	name    string // its path within the module
	lines   int
	methods []string // the receivers' types, one for each method
}

// listed is what go list tells of a package.
type listed struct {
	ImportPath     string
	Dir            string
	Module         *struct{ Path string }
	GoFiles        []string
	TestGoFiles    []string
	XTestGoFiles   []string
	IgnoredGoFiles []string // those of other build tags, also tests
}

// load asks go list for the packages, and reads their files.
func load(dir string) (*graph, error) {
	all, err := list(dir)
	if err != nil {
		return nil, err
	}
	root := all[len(all)-1] // go list ends with the package that it is asked for
	if root.Module == nil {
		return nil, fmt.Errorf("%s is in no module", dir)
	}
	g := &graph{byName: map[string]*pkg{}}
	for _, l := range all {
		if l.Module == nil || l.Module.Path != root.Module.Path {
			continue
		}
		p, err := read(l)
		if err != nil {
			return nil, err
		}
		g.packages = append(g.packages, p)
		g.byName[p.name] = p
	}
	return g, nil
}

func list(dir string) ([]listed, error) {
	cmd := exec.Command("go", "list", "-deps", "-json=ImportPath,Dir,Module,GoFiles,TestGoFiles,XTestGoFiles,IgnoredGoFiles", ".")
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "GOWORK=off", "GOFLAGS=")
	var out, errs bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &errs
	if err := cmd.Run(); err != nil {
		return nil, fmt.Errorf("go list in %s: %w: %s", dir, err, strings.TrimSpace(errs.String()))
	}
	var all []listed
	for d := json.NewDecoder(&out); ; {
		var l listed
		err := d.Decode(&l)
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, err
		}
		all = append(all, l)
	}
	if len(all) == 0 {
		return nil, fmt.Errorf("no package in %s", dir)
	}
	return all, nil
}

// read reads the files of a package. Those of other build tags count, too, as
// the hooks for tests.
func read(l listed) (*pkg, error) {
	p := &pkg{name: within(l.Module.Path, l.ImportPath)}
	for _, name := range slices.Concat(l.GoFiles, l.TestGoFiles, l.XTestGoFiles, l.IgnoredGoFiles) {
		text, err := os.ReadFile(filepath.Join(l.Dir, name))
		if err != nil {
			return nil, err
		}
		f := file{name: filepath.Join(p.name, name), lines: lines(string(text))}
		if strings.HasSuffix(name, "_test.go") {
			p.tests = append(p.tests, f)
			continue
		}
		parsed, err := parser.ParseFile(token.NewFileSet(), name, text, parser.SkipObjectResolution)
		if err != nil {
			return nil, err
		}
		f.methods = receivers(parsed)
		p.files = append(p.files, f)
		p.addImports(l.Module.Path, parsed)
	}
	slices.Sort(p.imports)
	p.imports = slices.Compact(p.imports)
	return p, nil
}

// within returns the name of a package of the module, or an empty one for others.
func within(module, path string) string {
	if path == module {
		return "."
	}
	name, ok := strings.CutPrefix(path, module+"/")
	if !ok {
		return ""
	}
	return name
}

func (p *pkg) addImports(module string, f *ast.File) {
	for _, spec := range f.Imports {
		path, err := strconv.Unquote(spec.Path.Value)
		if name := within(module, path); err == nil && name != "" {
			p.imports = append(p.imports, name)
		}
	}
}

// receivers are the names of the types whose methods a file has.
func receivers(f *ast.File) []string {
	var all []string
	for _, decl := range f.Decls {
		if d, ok := decl.(*ast.FuncDecl); ok && d.Recv != nil && len(d.Recv.List) == 1 {
			all = append(all, typeName(d.Recv.List[0].Type))
		}
	}
	return all
}

func typeName(e ast.Expr) string {
	switch e := e.(type) {
	case *ast.Ident:
		return e.Name
	case *ast.StarExpr:
		return typeName(e.X)
	case *ast.ParenExpr:
		return typeName(e.X)
	case *ast.IndexExpr:
		return typeName(e.X)
	case *ast.IndexListExpr:
		return typeName(e.X)
	}
	return ""
}
