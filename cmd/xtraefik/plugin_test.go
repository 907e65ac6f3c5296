package main

import (
	"path/filepath"
	"strings"
	"testing"
)

const soundManifest = "displayName: A\ntype: middleware\nimport: example.com/a/inner\nbasePkg: inner\nsummary: s\ntestData: {a: 1}\n"

func layPlugin(t *testing.T, files map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	for name, text := range files {
		if err := writeFile(filepath.Join(dir, name), []byte(text)); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func TestPluginInFolder(t *testing.T) {
	dir := layPlugin(t, map[string]string{"go.mod": "module example.com/a\n", "go.sum": "sums", manifestFile: soundManifest})
	p, err := findPlugin(source{path: "example.com/a", dir: dir})
	if err != nil {
		t.Fatal(err)
	}
	if p.manifest.Import != "example.com/a/inner" || string(p.sums) != "sums" || p.required().Version != "v0.0.0" || p.version != "" {
		t.Errorf("%+v", p)
	}
	text, err := registry([]*plugin{p})
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{`plugin0 "example.com/a/inner"`, `"example.com/a": {`, "reflect.ValueOf(plugin0.New)", `BasePkg: "inner"`, "TestData: map[string]any{}", "xtraefik0.Redirect"} {
		if !strings.Contains(string(text), want) {
			t.Errorf("no %s in\n%s", want, text)
		}
	}
}

func TestRequiredVersion(t *testing.T) {
	for path, want := range map[string]string{"example.com/a": "v0.0.0", "example.com/a/v2": "v2.0.0", "gopkg.in/a.v3": "v3.0.0"} {
		if got := (&plugin{path: path}).required().Version; got != want {
			t.Errorf("%s: %s; want %s", path, got, want)
		}
	}
	if got := (&plugin{path: "example.com/a", version: "v1.2.3"}).required().Version; got != "v1.2.3" {
		t.Error(got)
	}
}

func TestUnsuitablePlugin(t *testing.T) {
	for name, c := range map[string]struct{ goMod, manifest, version, want string }{
		"no go.mod":          {"", soundManifest, "", "has no go.mod, which a compiler needs: make one there, go mod init example.com/a"},
		"another module":     {"module example.com/b\n", soundManifest, "", "is named example.com/b: --with example.com/b=... is expected"},
		"no manifest":        {"module example.com/a\n", "", "", "a plugin for Traefik has a .traefik.yml, and there is none"},
		"a manifest of none": {"module example.com/a\n", "[", "", ".traefik.yml: yaml"},
		"a provider":         {"module example.com/a\n", "type: provider\n", "", `type: "provider" in its .traefik.yml: only middlewares can be compiled in`},
		"WebAssembly":        {"module example.com/a\n", "type: middleware\nruntime: wasm\n", "", `runtime: "wasm" in its .traefik.yml: only what Yaegi interprets`},
		"a foreign import":   {"module example.com/a\n", "type: middleware\nimport: example.com/ab\n", "", `import: "example.com/ab" in its .traefik.yml: no package of the module`},
		"no version":         {"module example.com/a\n", soundManifest, "main", "example.com/a@main: a version as v1.2.3 is expected, or none"},
	} {
		t.Run(name, func(t *testing.T) {
			files := map[string]string{"a.go": "package a\n"}
			if c.goMod != "" {
				files["go.mod"] = c.goMod
			}
			if c.manifest != "" {
				files[manifestFile] = c.manifest
			}
			_, err := findPlugin(source{path: "example.com/a", version: c.version, dir: layPlugin(t, files)})
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("error %v; want %s", err, c.want)
			}
		})
	}
}

func TestPublishedWithoutItsMaker(t *testing.T) {
	p := &plugin{path: "github.com/mod-zookeeper/traefik-zookeeper", version: "v0.0.1", dir: t.TempDir()}
	err := makeVendored(t.TempDir(), p)
	if err == nil || !strings.Contains(err.Error(), "v0.0.1 has neither a vendor folder nor the package cmd/zkclient") {
		t.Errorf("error %v", err)
	}
}
