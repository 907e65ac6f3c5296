package recipes

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"
	apps "k8s.io/api/apps/v1"
	core "k8s.io/api/core/v1"
	strict "sigs.k8s.io/json"
	"sigs.k8s.io/yaml"

	"github.com/mod-zookeeper/traefik-zookeeper/e2e/internal/parts"
)

// documents are the documents in a text, as kubectl and Helm read them: YAML 1.1, with the
// types that JSON has.
func documents(text string) ([]map[string]any, error) {
	var found []map[string]any
	for document := range strings.SplitSeq(text, "\n---\n") {
		var tree map[string]any
		if err := yaml.Unmarshal([]byte(document), &tree); err != nil {
			return nil, err
		}
		if tree != nil {
			found = append(found, tree)
		}
	}
	return found, nil
}

// resources are the schemas of Traefik's custom resources by their kinds, of the version
// that is pinned in e2e/traefik. They are in Traefik's own module.
func resources(t *testing.T, version string) map[string]*jsonschema.Schema {
	t.Helper()
	download := exec.Command("go", "mod", "download", "-json", "github.com/traefik/traefik/v3")
	download.Dir = filepath.Join(parts.Root(), "e2e", "traefik", version)
	output, err := download.Output()
	var module struct{ Dir string }
	if err := errors.Join(err, json.Unmarshal(output, &module)); err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(filepath.Join(module.Dir, "docs", "content", "reference", "dynamic-configuration", "kubernetes-crd-definition-v1.yml"))
	if err != nil {
		t.Fatal(err)
	}
	definitions, err := documents(string(text))
	if err != nil {
		t.Fatal(err)
	}
	schemas := map[string]*jsonschema.Schema{}
	for _, definition := range definitions {
		spec := definition["spec"].(map[string]any)
		kind := spec["names"].(map[string]any)["kind"].(string)
		schema := spec["versions"].([]any)[0].(map[string]any)["schema"].(map[string]any)["openAPIV3Schema"].(map[string]any)
		closed(schema)
		schemas[kind] = compiled(t, kind, schema)
	}
	return schemas
}

// closed makes an OpenAPI schema one that refuses what it doesn't name, as an API server
// does with kubectl's strict validation.
func closed(schema map[string]any) {
	properties, _ := schema["properties"].(map[string]any)
	if properties != nil && schema["x-kubernetes-preserve-unknown-fields"] == nil && schema["additionalProperties"] == nil {
		schema["additionalProperties"] = false
	}
	for name, property := range properties {
		if name == "metadata" {
			continue // its type is Kubernetes' own
		}
		if below, isSchema := property.(map[string]any); isSchema {
			closed(below)
		}
	}
	for _, key := range []string{"items", "additionalProperties"} {
		if below, isSchema := schema[key].(map[string]any); isSchema {
			closed(below)
		}
	}
}

func compiled(t *testing.T, name string, schema any) *jsonschema.Schema {
	t.Helper()
	compiler := jsonschema.NewCompiler()
	if err := compiler.AddResource(name+".json", schema); err != nil {
		t.Fatal(err)
	}
	found, err := compiler.Compile(name + ".json")
	if err != nil {
		t.Fatal(err)
	}
	return found
}

// chartVersion is the version of Traefik's chart that docs/kubernetes.md installs.
const chartVersion = "41.1.0"

// chart is the schema of the chart's values that this repository sets.
func chart(t *testing.T) *jsonschema.Schema {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("testdata", "chart.schema.json"))
	if err != nil {
		t.Fatal(err)
	}
	schema, err := jsonschema.UnmarshalJSON(strings.NewReader(string(text)))
	if err != nil {
		t.Fatal(err)
	}
	return compiled(t, "chart", schema)
}

// The examples are what both supported versions of Traefik have schemas for, and the chart.
func TestKubernetesSchemas(t *testing.T) {
	manifests, err := filepath.Glob(filepath.Join(parts.Root(), "examples", "kubernetes", "*.yml"))
	if err != nil || len(manifests) == 0 {
		t.Fatalf("%q, %v", manifests, err)
	}
	manifests = append(manifests, filepath.Join(parts.Root(), "examples", "providers", "kubernetes.yml"))
	for _, version := range []string{"3.6", "3.7"} {
		schemas := resources(t, version)
		checked := 0
		for _, path := range manifests {
			for _, document := range read(t, path) {
				checked++
				if err := valid(schemas, document); err != nil {
					t.Errorf("Traefik %s: %s: %v", version, path, err)
				}
			}
		}
		if checked < 9 {
			t.Errorf("%d resources are checked", checked)
		}
	}
	values, err := filepath.Glob(filepath.Join(parts.Root(), "examples", "helm", "*.yml"))
	if err != nil || len(values) != 2 {
		t.Fatalf("%q, %v", values, err)
	}
	for _, path := range values {
		if err := chart(t).Validate(read(t, path)[0]); err != nil {
			t.Errorf("%s: %v", path, err)
		}
	}
}

func read(t *testing.T, path string) []map[string]any {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	found, err := documents(string(text))
	if err != nil {
		t.Fatalf("%s: %v", path, err)
	}
	return found
}

// kinds are Kubernetes' own that the examples have.
var kinds = map[string]func() any{
	"apps/v1/Deployment": func() any { return new(apps.Deployment) },
	"v1/ConfigMap":       func() any { return new(core.ConfigMap) },
	"v1/Service":         func() any { return new(core.Service) },
}

// valid checks a resource: Traefik's by the schema, Kubernetes' by its type.
func valid(schemas map[string]*jsonschema.Schema, resource map[string]any) error {
	kind, _ := resource["kind"].(string)
	if resource["apiVersion"] == "traefik.io/v1alpha1" && schemas[kind] != nil {
		return schemas[kind].Validate(resource)
	}
	typed := kinds[fmt.Sprint(resource["apiVersion"], "/", kind)]
	if typed == nil {
		return fmt.Errorf("there is no kind %s of %v", kind, resource["apiVersion"])
	}
	text, err := json.Marshal(resource)
	if err != nil {
		return err
	}
	mistakes, err := strict.UnmarshalStrict(text, typed())
	return errors.Join(append(mistakes, err)...)
}

// Mistakes that an API server or the chart refuses are seen.
func TestSchemasRefuse(t *testing.T) {
	schemas := resources(t, "3.6")
	const head = "apiVersion: traefik.io/v1alpha1\nmetadata: {name: a, namespace: b}\n"
	const own = "apiVersion: v1\nmetadata: {name: a, namespace: b}\n"
	for text, refused := range map[string]bool{
		"kind: Middleware\nspec: {plugin: {zookeeper: {gates: [{path: /a, dryRun: true}]}}}\n":                        false,
		"kind: Middleware\nspec: {plugins: {zookeeper: {}}}\n":                                                        true,
		"kind: Middleware\nspec: {plugin: [zookeeper]}\n":                                                             true,
		"kind: Middlewares\nspec: {}\n":                                                                               true,
		"kind: IngressRoute\nspec: {routes: [{kind: Rule, match: 'Host(`a`)', services: [{name: a, port: 80}]}]}\n":   false,
		"kind: IngressRoute\nspec: {routes: [{kind: Rule, match: 'Host(`a`)', services: [{name: a, port: http}]}]}\n": false,
		"kind: IngressRoute\nspec: {routes: [{kind: Rule, services: [{name: a, port: 80}]}]}\n":                       true,
		"kind: IngressRoute\nspec: {routes: [{kind: Rule, match: 'Host(`a`)', middleware: [{name: a}]}]}\n":           true,
		"kind: Service\nspec: {}\n": true,
	} {
		found, err := documents(head + text)
		if err != nil {
			t.Fatal(err)
		}
		if err := valid(schemas, found[0]); (err != nil) != refused {
			t.Errorf("%s: %v", text, err)
		}
	}
	for text, refused := range map[string]bool{
		"kind: Service\nspec: {ports: [{port: 80, targetPort: http}]}\n":  false,
		"kind: Service\nspec: {ports: [{port: http}]}\n":                  true,
		"kind: Service\nspec: {ports: [{port: 80, targetPorts: http}]}\n": true,
		"kind: Deployment\nspec: {}\n":                                    true,
		"kind: ConfigMap\ndata: {a: on}\n":                                true,
	} {
		found, err := documents(own + text)
		if err != nil {
			t.Fatal(err)
		}
		if err := valid(schemas, found[0]); (err != nil) != refused {
			t.Errorf("%s: %v", text, err)
		}
	}
	for text, refused := range map[string]bool{
		"experimental: {plugins: {zookeeper: {moduleName: a, version: v1.0.0}}}\n": false,
		"experimental: {plugins: {zookeeper: {moduleName: a}}}\n":                  true,
		"experimental: {plugin: {zookeeper: {moduleName: a, version: v1.0.0}}}\n":  true,
		"additionalArguments: --a\n":                                               true,
	} {
		found, err := documents(text)
		if err != nil {
			t.Fatal(err)
		}
		if err := chart(t).Validate(found[0]); (err != nil) != refused {
			t.Errorf("%s: %v", text, err)
		}
	}
}
