package main

import (
	"bytes"
	"fmt"
	"go/format"
	"go/parser"
	"go/token"
	"maps"
	"path"
	"regexp"
	"slices"
	"strings"

	"gopkg.in/yaml.v3"

	"github.com/mod-zookeeper/traefik-zookeeper/e2e/internal/plugin"
)

// The chart's own inline form has no folders, and the plugin has some. So the
// source is in a ConfigMap, whose keys the values lay out as files.

const (
	configMapName = "traefik-zookeeper"
	// mostInline is what Kubernetes takes in a ConfigMap, in bytes.
	mostInline = 1 << 20
)

// keyOf is a file's key in the ConfigMap, which has no slashes.
func keyOf(name string) string { return strings.ReplaceAll(name, "/", "__") }

// inlineConfigMap has the plugin's files, Go without comments.
func inlineConfigMap(files map[string][]byte) ([]byte, error) {
	data, size := map[string]string{}, 0
	for name, text := range files {
		text, err := withoutComments(name, text)
		if err != nil {
			return nil, err
		}
		if _, twice := data[keyOf(name)]; twice {
			return nil, fmt.Errorf("%s: another file has the key %s in the ConfigMap; rename one", name, keyOf(name))
		}
		data[keyOf(name)] = string(text)
		size += len(keyOf(name)) + len(text)
	}
	if size > mostInline {
		return nil, fmt.Errorf("the plugin has %d bytes; a ConfigMap takes %d", size, mostInline)
	}
	return document("The plugin's source, for the values beside this file:\n# kubectl create --namespace traefik --filename THIS_FILE", map[string]any{
		"apiVersion": "v1", "kind": "ConfigMap", "metadata": map[string]any{"name": configMapName}, "data": data,
	})
}

// buildLine matches what a Go file says of when it counts, which the interpreter reads.
var buildLine = regexp.MustCompile(`(?m)^//(go:build| \+build) .*\n`)

// withoutComments is a Go file without its comments, which a ConfigMap has no room for. Other
// files stay as they are.
func withoutComments(name string, text []byte) ([]byte, error) {
	if path.Ext(name) != ".go" {
		return text, nil
	}
	files := token.NewFileSet()
	file, err := parser.ParseFile(files, name, text, parser.SkipObjectResolution)
	if err != nil {
		return nil, err
	}
	var out bytes.Buffer
	header, _, _ := bytes.Cut(text, []byte("\npackage "))
	for _, line := range buildLine.FindAll(append(header, '\n'), -1) {
		out.Write(line)
	}
	if out.Len() > 0 {
		out.WriteByte('\n')
	}
	err = format.Node(&out, files, file)
	return out.Bytes(), err
}

func inlineValues(files map[string][]byte) ([]byte, error) {
	var items []map[string]string
	for _, name := range slices.Sorted(maps.Keys(files)) {
		items = append(items, map[string]string{"key": keyOf(name), "path": name})
	}
	const volume = "plugin-zookeeper"
	return document("Values of Traefik's Helm chart: the plugin from a ConfigMap. Nothing is fetched.", map[string]any{
		"additionalArguments": []string{"--experimental.localPlugins." + plugin.Name + ".moduleName=" + plugin.Module},
		"deployment": map[string]any{"additionalVolumes": []any{
			map[string]any{"name": volume, "configMap": map[string]any{"name": configMapName, "items": items}},
		}},
		"additionalVolumeMounts": []any{
			map[string]any{"name": volume, "mountPath": "/plugins-local/src/" + plugin.Module, "readOnly": true},
		},
	})
}

func document(comment string, tree map[string]any) ([]byte, error) {
	var out bytes.Buffer
	out.WriteString("# " + comment + "\n")
	encoder := yaml.NewEncoder(&out)
	encoder.SetIndent(2)
	err := encoder.Encode(tree)
	return out.Bytes(), err
}
