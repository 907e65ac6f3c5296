package main

import (
	"bytes"
	_ "embed"
	"fmt"
	"go/format"
	"path"
	"path/filepath"
	"strings"
)

// The files that are added to Traefik, with words in capitals for what isn't known before.
var (
	//go:embed added/compiled.go.txt
	compiledText string
	//go:embed added/output.go.txt
	outputText string
)

// outputPackage is the import path of the package for a plugin's output.
func outputPackage(number int) string {
	return fmt.Sprintf("%s/%s/xtraefik%d", traefikModule, pluginsPackage, number)
}

// addFiles adds to Traefik what loads the plugins that are compiled in.
func addFiles(traefik, logs string, plugins []*plugin) error {
	dir := filepath.Join(traefik, filepath.FromSlash(pluginsPackage))
	compiled := strings.ReplaceAll(compiledText, "LOGS", logs)
	if err := writeFile(filepath.Join(dir, "xtraefik.go"), []byte(compiled)); err != nil {
		return err
	}
	for i := range plugins {
		name := path.Base(outputPackage(i))
		text := strings.ReplaceAll(outputText, "PACKAGE", name)
		if err := writeFile(filepath.Join(dir, name, "output.go"), []byte(text)); err != nil {
			return err
		}
	}
	text, err := registry(plugins)
	if err != nil {
		return err
	}
	return writeFile(filepath.Join(dir, "xtraefikplugins.go"), text)
}

// registry is a file with the variable compiledPlugins.
func registry(plugins []*plugin) ([]byte, error) {
	var imports, entries bytes.Buffer
	for i, p := range plugins {
		m := p.manifest
		fmt.Fprintf(&imports, "plugin%d %q\n%q\n", i, m.Import, outputPackage(i))
		fmt.Fprintf(&entries, "%q: {\nversion: %q,\n", p.path, p.version)
		fmt.Fprintf(&entries, "manifest: Manifest{DisplayName: %q, Type: %q, Runtime: %q, Import: %q, BasePkg: %q, Summary: %q",
			m.DisplayName, m.Type, m.Runtime, m.Import, m.BasePkg, m.Summary)
		if m.TestData != nil {
			entries.WriteString(", TestData: map[string]any{}") // Traefik only asks whether there is any
		}
		fmt.Fprintf(&entries, "},\nbuilder: yaegiMiddlewareBuilder{fnNew: reflect.ValueOf(plugin%d.New), fnCreateConfig: reflect.ValueOf(plugin%d.CreateConfig)},\n", i, i)
		fmt.Fprintf(&entries, "redirect: xtraefik%d.Redirect,\n},\n", i)
	}
	return format.Source([]byte("package plugins\n\nimport (\n\"reflect\"\n\n" + imports.String() + ")\n\n" +
		"// compiledPlugins are the plugins in this binary, by their modules.\nvar compiledPlugins = map[string]compiledPlugin{\n" + entries.String() + "}\n"))
}
