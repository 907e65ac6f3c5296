package main

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"

	zookeeper "github.com/mod-zookeeper/traefik-zookeeper"
	"github.com/mod-zookeeper/traefik-zookeeper/config"
	"github.com/mod-zookeeper/traefik-zookeeper/e2e/internal/parts"
)

func read(t *testing.T, name string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(parts.Root(), filepath.FromSlash(name)))
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// compiled is the published schema, or the part of it that a fragment means.
func compiled(t *testing.T, fragment string) *jsonschema.Schema {
	t.Helper()
	document, err := jsonschema.UnmarshalJSON(strings.NewReader(read(t, "docs/schema.json")))
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	if err := c.AddResource(address, document); err != nil {
		t.Fatal(err)
	}
	s, err := c.Compile(address + fragment)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// validate validates a value as it is read from YAML or TOML.
func validate(t *testing.T, s *jsonschema.Schema, value any) error {
	t.Helper()
	text, err := json.Marshal(value)
	if err != nil {
		t.Fatal(err)
	}
	instance, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	return s.Validate(instance)
}

// The published schema is the one of the package config.
func TestSchemaIsUpToDate(t *testing.T) {
	want, err := generate(parts.Root())
	if err != nil {
		t.Fatal(err)
	}
	if read(t, "docs/schema.json") != string(want) {
		t.Error("docs/schema.json isn't what the package config says; run go -C e2e run ./cmd/schema")
	}
}

var forGoPrograms = regexp.MustCompile(`\b(New|nil|Decoded|[A-Z][a-z]+[A-Z][a-z]+|JSONBody|IPsPath)\b`)

// Each key has a description, which speaks of keys. Words of two capitals are fields of Go, but
// for names that are written so.
func TestDescriptions(t *testing.T) {
	var whole struct {
		Definitions map[string]struct {
			Description string
			Properties  map[string]struct{ Description string }
		}
	}
	if err := json.Unmarshal([]byte(read(t, "docs/schema.json")), &whole); err != nil {
		t.Fatal(err)
	}
	n := 0
	for name, definition := range whole.Definitions {
		if strings.HasPrefix(name, "traefik") || name == "resource" {
			continue
		}
		for key, property := range definition.Properties {
			n++
			text := strings.ReplaceAll(property.Description, "ZooKeeper", "")
			if !strings.HasSuffix(text, ".") || forGoPrograms.MatchString(text) {
				t.Errorf("%s.%s: %q", name, key, property.Description)
			}
		}
	}
	if n < 60 {
		t.Errorf("%d keys", n)
	}
}

// everything is a sound configuration with each mapping in it.
func everything() map[string]any {
	return map[string]any{
		"clusters":       map[string]any{"main": map[string]any{"servers": "zk1", "tls": map[string]any{"serverName": "zk"}}},
		"requestHeaders": []any{map[string]any{"name": "X-A", "path": "/a"}},
		"gates": []any{map[string]any{"path": "/a", "bypass": map[string]any{
			"header": map[string]any{"name": "X-Secret", "value": "s"}, "cookie": map[string]any{"name": "c", "value": "s"}}}},
		"ipStrategy": map[string]any{"depth": 1},
	}
}

// mappings are the mappings of a configuration with the types that read them.
func mappings(c map[string]any) map[reflect.Type]map[string]any {
	cluster := c["clusters"].(map[string]any)["main"].(map[string]any)
	gate := c["gates"].([]any)[0].(map[string]any)
	bypass := gate["bypass"].(map[string]any)
	return map[reflect.Type]map[string]any{
		reflect.TypeFor[config.Config]():     c,
		reflect.TypeFor[config.Cluster]():    cluster,
		reflect.TypeFor[config.TLS]():        cluster["tls"].(map[string]any),
		reflect.TypeFor[config.HeaderRule](): c["requestHeaders"].([]any)[0].(map[string]any),
		reflect.TypeFor[config.Gate]():       gate,
		reflect.TypeFor[config.Bypass]():     bypass,
		reflect.TypeFor[config.Secret]():     bypass["header"].(map[string]any),
		reflect.TypeFor[config.IPStrategy](): c["ipStrategy"].(map[string]any),
	}
}

func refusedByPlugin(c map[string]any) bool {
	_, err := zookeeper.Read(&zookeeper.Config{Decoded: c})
	return err != nil
}

// For each key and values of all types: what the plugin can't decode, the schema refuses; and
// what the schema refuses, the plugin does.
func TestTypesAgree(t *testing.T) {
	s := compiled(t, "#/definitions/config")
	if c := everything(); refusedByPlugin(c) || validate(t, s, c) != nil {
		_, err := zookeeper.Read(&zookeeper.Config{Decoded: c})
		t.Fatalf("the plugin says %v, the schema %v", err, validate(t, s, c))
	}
	values := []any{"x", "7", 7, 1.5, -1, true, "true", "on", "3s", "/x", []any{"/x"}, []any{[]any{"x"}}, []any{map[string]any{"x": "y"}},
		map[string]any{"x": "y"}, map[string]any{"x": []any{"y"}}, map[string]any{"x": map[string]any{"y": "z"}}}
	n := 0
	for of := range mappings(everything()) {
		for i := range of.NumField() {
			if of.Field(i).Name == "Decoded" {
				continue
			}
			key := keyOf(of.Field(i).Name)
			for _, value := range values {
				n++
				c := everything()
				mappings(c)[of][key] = value
				_, mistakes := config.Decode(c)
				bySchema := validate(t, s, c)
				if len(mistakes) > 0 && bySchema == nil {
					t.Errorf("%s.%s: %v: the schema takes what the plugin refuses: %q", of.Name(), key, value, mistakes)
				}
				if bySchema != nil && !refusedByPlugin(c) {
					t.Errorf("%s.%s: %v: the schema refuses what the plugin takes: %v", of.Name(), key, value, bySchema)
				}
			}
		}
		c := everything()
		mappings(c)[of]["pth"] = "/a"
		if validate(t, s, c) == nil || !refusedByPlugin(c) {
			t.Errorf("%s: an unknown key is taken", of.Name())
		}
	}
	if n < 900 {
		t.Errorf("%d tries", n)
	}
}

// Each of the schema's words is one of the plugin's, and others are none.
func TestWordsAgree(t *testing.T) {
	s := compiled(t, "#/definitions/config")
	n := 0
	for of := range mappings(everything()) {
		for i := range of.NumField() {
			shape := shapes[of.Name()+"."+of.Field(i).Name]
			if shape == nil || shape()["enum"] == nil {
				continue
			}
			key := keyOf(of.Field(i).Name)
			for _, word := range shape()["enum"].([]any) {
				n++
				isSound := false
				for _, beside := range []map[string]any{nil, {"key": "a"}, {"path": nil}, {"path": nil, "flag": "/a"}} { // what some words need
					c := everything()
					m := mappings(c)[of]
					for other, value := range beside {
						m[other] = value
						if value == nil {
							delete(m, other)
						}
					}
					m[key] = word
					isSound = isSound || !refusedByPlugin(c) && validate(t, s, c) == nil
				}
				if !isSound {
					t.Errorf("%s.%s: %v is refused", of.Name(), key, word)
				}
			}
			c := everything()
			mappings(c)[of][key] = "perhaps"
			if validate(t, s, c) == nil || !refusedByPlugin(c) {
				t.Errorf("%s.%s: perhaps is taken", of.Name(), key)
			}
		}
	}
	if n < 40 {
		t.Errorf("%d words", n)
	}
}
