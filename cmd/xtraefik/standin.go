package main

import (
	"bytes"
	"fmt"
	"go/ast"
	"go/format"
	"go/parser"
	"go/token"
	"io/fs"
	"maps"
	"path"
	"path/filepath"
	"slices"
	"strings"
)

// standIn writes a module into a folder that takes the place of one which only Traefik's
// repository has. Such a module has empty structs, which Traefik embeds in its own: others
// put something in there. The error tells of a module that has to have more.
func standIn(traefik, modulePath, dir string) error {
	used := map[string]bool{}
	err := filepath.WalkDir(traefik, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || !strings.HasSuffix(path, ".go") {
			return err
		}
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, 0)
		if err != nil {
			return err
		}
		return structsOf(file, modulePath, used)
	})
	if err != nil {
		return err
	}
	var text bytes.Buffer
	fmt.Fprintf(&text, "package %s\n", path.Base(modulePath))
	for _, name := range slices.Sorted(maps.Keys(used)) {
		fmt.Fprintf(&text, "\ntype %s struct{}\n", name)
	}
	source, err := format.Source(text.Bytes())
	if err != nil {
		return err
	}
	if err := writeFile(filepath.Join(dir, "standin.go"), source); err != nil {
		return err
	}
	return writeFile(filepath.Join(dir, "go.mod"), []byte("module "+modulePath+"\n"))
}

// structsOf adds the types of a module that a file embeds in its structs.
func structsOf(file *ast.File, modulePath string, used map[string]bool) error {
	name := ""
	for _, spec := range file.Imports {
		if imported := strings.Trim(spec.Path.Value, `"`); imported == modulePath {
			name = path.Base(modulePath)
			if spec.Name != nil {
				name = spec.Name.Name
			}
		} else if strings.HasPrefix(imported, modulePath+"/") {
			return fmt.Errorf("it uses %s, which only its own repository has: name a clone of it, with --with %s=folder", imported, traefikModule)
		}
	}
	if name == "" {
		return nil
	}
	embedded := map[*ast.SelectorExpr]bool{}
	var elsewhere []string
	ast.Inspect(file, func(node ast.Node) bool {
		switch n := node.(type) {
		case *ast.Field:
			if selector, is := n.Type.(*ast.SelectorExpr); is && n.Names == nil {
				embedded[selector] = true
			}
		case *ast.SelectorExpr:
			if from, is := n.X.(*ast.Ident); is && from.Name == name && from.Obj == nil {
				used[n.Sel.Name] = true
				if !embedded[n] {
					elsewhere = append(elsewhere, n.Sel.Name)
				}
			}
		}
		return true
	})
	if len(elsewhere) > 0 {
		return fmt.Errorf("it uses %s of %s, which only its own repository has, for more than a part of a struct: name a clone of it, with --with %s=folder", elsewhere[0], modulePath, traefikModule)
	}
	return nil
}
