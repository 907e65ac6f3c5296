package main

import (
	"errors"
	"io"
	"io/fs"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/BurntSushi/toml"
	"gopkg.in/yaml.v3"

	zookeeper "github.com/mod-zookeeper/traefik-zookeeper"
	"github.com/mod-zookeeper/traefik-zookeeper/cmd/zkcheck/_program/dynamic"
	"github.com/mod-zookeeper/traefik-zookeeper/e2e/internal/parts"
	"github.com/mod-zookeeper/traefik-zookeeper/e2e/internal/plugin"
)

var block = regexp.MustCompile("(?ms)^```(yaml|toml)\n(.*?)^```$")

// written are the configurations in the documents and examples, by their places.
func written(t *testing.T) map[string][]string {
	t.Helper()
	found := map[string][]string{}
	err := filepath.WalkDir(parts.Root(), func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		name, _ := filepath.Rel(parts.Root(), path)
		name = filepath.ToSlash(name)
		switch {
		case entry.IsDir() && name != "." && name != "docs" && !strings.HasPrefix(name, "examples"):
			return fs.SkipDir
		case strings.HasSuffix(name, ".md"):
			for _, match := range block.FindAllStringSubmatch(read(t, name), -1) {
				found[name+" "+match[1]] = append(found[name+" "+match[1]], match[2])
			}
		case strings.HasSuffix(name, ".yml"):
			found[name+" yaml"] = []string{read(t, name)}
		case strings.HasSuffix(name, ".toml"):
			found[name+" toml"] = []string{read(t, name)}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return found
}

// documentsOf are the documents of a text.
func documentsOf(t *testing.T, text string, isTOML bool) []any {
	t.Helper()
	var all []any
	if isTOML {
		var tree map[string]any
		if _, err := toml.Decode(text, &tree); err != nil {
			t.Fatal(err)
		}
		return []any{tree}
	}
	for decoder := yaml.NewDecoder(strings.NewReader(text)); ; {
		var document any
		err := decoder.Decode(&document)
		if errors.Is(err, io.EOF) {
			return all
		}
		if err != nil {
			t.Fatalf("%v\n%s", err, text)
		}
		all = append(all, document)
	}
}

// Every configuration that is written down for users is one by the schema.
func TestConfigurationsInDocumentsAndExamples(t *testing.T) {
	s := compiled(t, "")
	n := 0
	for place, texts := range written(t) {
		for _, text := range texts {
			if !strings.Contains(text, "plugin") || strings.Contains(text, "apiVersion: 1\n") {
				continue
			}
			for _, document := range documentsOf(t, text, strings.HasSuffix(place, " toml")) {
				if err := validate(t, s, document); err != nil {
					t.Errorf("%s: %v\n%s", place, err, text)
				}
				n++
			}
		}
	}
	if n < 35 {
		t.Errorf("%d configurations", n)
	}
}

// The documents name the address that the schema has for its own.
func TestAddress(t *testing.T) {
	if !strings.Contains(read(t, "docs/configuration.md"), "\n# yaml-language-server: $schema="+address+"\n") {
		t.Errorf("docs/configuration.md doesn't say %s", address)
	}
}

const sound = `
http:
  routers:
    shop: {rule: PathPrefix("/"), service: shop, middlewares: [release]}
  middlewares:
    release:
      plugin:
        zookeeper:
          clusters: {main: {servers: [zk1, zk2], sessionTimeout: 4s}}
          requestHeaders: [{name: X-Release, path: /release, format: json, key: a, map: {a: one}}]
          gates: [{path: /flags/shop, blockWhen: off, status: 404, retryAfter: 30s, bypass: {ips: [10.0.0.0/8], header: {name: X-Secret, valueEnv: SECRET}}}]
          ipStrategy: {depth: 1}
          maxNodes: 100
`

// The mistakes in key or type that the plugin refuses, the schema refuses in whatever file they
// stand.
func TestMistakes(t *testing.T) {
	s := compiled(t, "")
	refused := func(text string) (bySchema, byPlugin bool) {
		for _, document := range documentsOf(t, text, false) {
			bySchema = bySchema || validate(t, s, document) != nil
		}
		found, err := dynamic.FromText("a.yml", text, plugin.Name)
		if err != nil {
			t.Fatal(err)
		}
		for _, tree := range found {
			c := zookeeper.CreateConfig()
			if err := dynamic.Decode(tree, c); err != nil {
				t.Fatal(err)
			}
			_, err := zookeeper.Read(c)
			byPlugin = byPlugin || err != nil
		}
		return bySchema, byPlugin
	}
	t.Setenv("SECRET", "s")
	forms := map[string]func(string) string{
		"file":     func(text string) string { return text },
		"resource": func(text string) string { return asResource(t, text) },
		"list":     func(text string) string { return "apiVersion: v1\nkind: List\nitems:\n- " + asResource(t, text) },
		"values":   func(text string) string { return "extraObjects:\n- " + asResource(t, text) },
	}
	for form, as := range forms {
		if bySchema, byPlugin := refused(as(sound)); bySchema || byPlugin {
			t.Fatalf("%s: refused by the schema: %t, by the plugin: %t", form, bySchema, byPlugin)
		}
		for _, change := range [][2]string{
			{"clusters:", "cluster:"}, {"servers: [zk1, zk2]", "servers: {a: zk1}"}, {"servers: [zk1, zk2], ", ""}, {"servers:", "server:"}, {"sessionTimeout: 4s", "sessionTimeout: 4"},
			{"{main: {servers: [zk1, zk2], sessionTimeout: 4s}}", "{servers: [zk1, zk2], sessionTimeout: 4s}"}, {"requestHeaders: [{", "requestHeaders: [{nam: a, "}, {"name: X-Release, ", ""}, {"path: /release, ", ""}, {"format: json", "format: yaml"}, {"map: {a: one}", "map: [one]"},
			{"gates: [{path: /flags/shop, ", "gates: [{"}, {"blockWhen: off", "blockWhen: closed"}, {"status: 404", "status: 99"}, {"status: 404", "status: never"}, {"retryAfter: 30s", "retryAfter: 30"},
			{"ips: [", "ip: ["}, {"header: {name: X-Secret, ", "header: {"}, {"depth: 1", "depth: 17"}, {"maxNodes: 100", "maxNodes: 0"}, {"maxNodes: 100", "maxNodes: many"}, {"maxNodes: 100", "logLevel: loud"},
			{"maxNodes: 100", "dryRun: perhaps"}, {"maxNodes: 100", "gate: []"},
		} {
			text := strings.Replace(sound, change[0], change[1], 1)
			if text == sound {
				t.Fatalf("%q isn't there", change[0])
			}
			if bySchema, byPlugin := refused(as(text)); !bySchema || !byPlugin {
				t.Errorf("%s: %s for %s: refused by the schema: %t, by the plugin: %t", form, change[1], change[0], bySchema, byPlugin)
			}
		}
	}
	for _, change := range [][2]string{{"zookeeper:", "zookeper:"}, {"zookeeper:", "ZooKeeper:"}, {"zookeeper:", "zookeepre:"}, {"zookeeper:", "zokeeper:"}, {"zookeeper:", "zoookeeper:"}, {"middlewares: [release]", "middleware: [release]"}, {"middlewares: [release]", "middlewares: [{name: release}]"}} {
		if bySchema, _ := refused(strings.Replace(sound, change[0], change[1], 1)); !bySchema {
			t.Errorf("%s is taken", change[1])
		}
	}
	if bySchema, _ := refused("http: {middlewares: {a: {plugin: {another: {a: b}}}, b: {basicAuth: {users: [a]}}}, services: {s: {}}}\ntls: {}\n"); bySchema {
		t.Error("what isn't the plugin's is refused")
	}
}

// asResource is the middleware of a file as a resource of Kubernetes, in one line.
func asResource(t *testing.T, text string) string {
	t.Helper()
	var tree map[string]any
	if err := yaml.Unmarshal([]byte(text), &tree); err != nil {
		t.Fatal(err)
	}
	spec := tree["http"].(map[string]any)["middlewares"].(map[string]any)["release"]
	var node yaml.Node
	if err := node.Encode(map[string]any{"apiVersion": "traefik.io/v1alpha1", "kind": "Middleware", "metadata": map[string]any{"name": "release"}, "spec": spec}); err != nil {
		t.Fatal(err)
	}
	node.Style = yaml.FlowStyle
	line, err := yaml.Marshal(&node)
	if err != nil {
		t.Fatal(err)
	}
	return strings.ReplaceAll(strings.TrimSpace(string(line)), "\n", " ")
}
