package main

import (
	"bytes"
	"fmt"
	"go/ast"
	"go/format"
	"go/parser"
	"go/token"
	"go/types"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
)

// pluginsPackage is where Traefik loads its plugins.
const pluginsPackage = "pkg/plugins"

// renamed are the functions of Traefik's that get another name. A function of the added
// file takes each one's place, and calls it where a module isn't compiled in.
var renamed = []struct{ name, signature, to string }{
	{"newMiddlewareBuilder", "func(ctx context.Context, goPath string, manifest *Manifest, moduleName string, settings Settings) (middlewareBuilder, error)", "newInterpretedMiddlewareBuilder"},
	{"ReadManifest", "func(goPath, moduleName string) (*Manifest, error)", "readManifestFile"},
	{"(*Manager).InstallPlugin", "func(ctx context.Context, plugin Descriptor) error", "installFromCatalog"},
}

// usedTypes are the types of Traefik's that the added file uses, with the fields.
var usedTypes = []struct{ name, fields string }{
	{"yaegiMiddlewareBuilder", "fnNew reflect.Value, fnCreateConfig reflect.Value"},
	{"Manifest", "DisplayName string, Type string, Runtime string, Import string, BasePkg string, Summary string, TestData map[string]any"},
	{"Descriptor", "ModuleName string, Version string"},
}

// logWriter is the function of Traefik's that makes a writer of a logger.
const logWriter = "NoLevel"

// pluginLoader is Traefik's package that loads plugins, as syntax trees.
type pluginLoader struct {
	positions *token.FileSet
	files     map[string]*ast.File // by their paths
	logs      string               // the import path of the package with logWriter
}

// readPluginLoader reads the package below a folder with Traefik's source. The error says
// all that isn't as it has to be.
func readPluginLoader(traefik string) (*pluginLoader, error) {
	paths, err := filepath.Glob(filepath.Join(traefik, filepath.FromSlash(pluginsPackage), "*.go"))
	if err != nil {
		return nil, err
	}
	l := &pluginLoader{positions: token.NewFileSet(), files: map[string]*ast.File{}}
	for _, path := range paths {
		if strings.HasSuffix(path, "_test.go") {
			continue
		}
		if l.files[path], err = parser.ParseFile(l.positions, path, nil, parser.ParseComments|parser.SkipObjectResolution); err != nil {
			return nil, err
		}
	}
	if missing := l.missing(); len(missing) > 0 {
		return nil, fmt.Errorf("its package %s isn't as xtraefik knows it:\n  %s", pluginsPackage, strings.Join(missing, "\n  "))
	}
	return l, nil
}

// missing says what was looked for and isn't there.
func (l *pluginLoader) missing() []string {
	var missing []string
	for _, f := range renamed {
		_, declared := l.function(f.name)
		if declared == nil {
			missing = append(missing, fmt.Sprintf("%s: there is no such function; looked for %s", f.name, f.signature))
		} else if signature := types.ExprString(declared.Type); signature != f.signature {
			missing = append(missing, fmt.Sprintf("%s: it is %s; looked for %s", f.name, signature, f.signature))
		}
	}
	for _, t := range usedTypes {
		fields := l.fields(t.name)
		for field := range strings.SplitSeq(t.fields, ", ") {
			if !slices.Contains(fields, field) {
				missing = append(missing, fmt.Sprintf("type %s: there is no field %s", t.name, field))
			}
		}
	}
	if l.logs = l.importOf(logWriter); l.logs == "" {
		missing = append(missing, "no file calls "+logWriter+" of one of Traefik's packages; looked for what writes plugins' output to the log")
	}
	return missing
}

// function finds a function or method, as f or (*T).f.
func (l *pluginLoader) function(name string) (*ast.File, *ast.FuncDecl) {
	for _, file := range l.files {
		for _, declaration := range file.Decls {
			f, is := declaration.(*ast.FuncDecl)
			if is && nameOf(f) == name {
				return file, f
			}
		}
	}
	return nil, nil
}

func nameOf(f *ast.FuncDecl) string {
	if f.Recv == nil || len(f.Recv.List) != 1 {
		return f.Name.Name
	}
	return "(" + types.ExprString(f.Recv.List[0].Type) + ")." + f.Name.Name
}

// fields are the fields of a struct, each as its name and its type.
func (l *pluginLoader) fields(name string) []string {
	var found []string
	for _, file := range l.files {
		ast.Inspect(file, func(node ast.Node) bool {
			declared, is := node.(*ast.TypeSpec)
			if !is || declared.Name.Name != name {
				return true
			}
			if s, is := declared.Type.(*ast.StructType); is {
				for _, field := range s.Fields.List {
					for _, fieldName := range field.Names {
						found = append(found, fieldName.Name+" "+strings.ReplaceAll(types.ExprString(field.Type), "interface{}", "any"))
					}
				}
			}
			return false
		})
	}
	return found
}

// importOf is the import path of Traefik's package with a function that the package calls.
func (l *pluginLoader) importOf(function string) string {
	found := ""
	for _, file := range l.files {
		ast.Inspect(file, func(node ast.Node) bool {
			selector, is := node.(*ast.SelectorExpr)
			if !is || selector.Sel.Name != function {
				return true
			}
			if name, is := selector.X.(*ast.Ident); is {
				if imported := importPath(file, name.Name); strings.HasPrefix(imported, traefikModule+"/") {
					found = imported
				}
			}
			return true
		})
	}
	return found
}

// importPath is the path of what a file imports by a name, or empty.
func importPath(file *ast.File, name string) string {
	for _, spec := range file.Imports {
		imported, err := strconv.Unquote(spec.Path.Value)
		if err != nil {
			continue
		}
		if spec.Name != nil && spec.Name.Name == name || spec.Name == nil && path.Base(imported) == name {
			return imported
		}
	}
	return ""
}

// rename gives the functions their other names, and writes the files with them.
func (l *pluginLoader) rename() error {
	for _, f := range renamed {
		file, declared := l.function(f.name)
		declared.Name.Name = f.to
		if err := writeSyntax(l.positions, file); err != nil {
			return err
		}
	}
	return nil
}

// writeSyntax writes a file's syntax tree where the file was read.
func writeSyntax(positions *token.FileSet, file *ast.File) error {
	var text bytes.Buffer
	if err := format.Node(&text, positions, file); err != nil {
		return err
	}
	return os.WriteFile(positions.Position(file.Package).Filename, text.Bytes(), 0o644)
}
