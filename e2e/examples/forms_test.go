// Package examples loads and tries everything in the folder examples.
package examples

import (
	"encoding/json"
	"io/fs"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"github.com/compose-spec/compose-go/v2/cli"
	"github.com/compose-spec/compose-go/v2/types"
	"github.com/hashicorp/hcl/v2/hclparse"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"gopkg.in/yaml.v3"

	zookeeper "github.com/mod-zookeeper/traefik-zookeeper"
	"github.com/mod-zookeeper/traefik-zookeeper/cmd/zkcheck/_program/dynamic"
	"github.com/mod-zookeeper/traefik-zookeeper/e2e/internal/parts"
	"github.com/mod-zookeeper/traefik-zookeeper/e2e/internal/plugin"
)

func path(name string) string { return filepath.Join(parts.Root(), "examples", name) }

func text(t *testing.T, name string) string {
	t.Helper()
	text, err := os.ReadFile(path(name))
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// typed are the middlewares as the plugin reads them.
func typed(t *testing.T, found dynamic.Middlewares, err error) map[string]*zookeeper.Config {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
	configs := map[string]*zookeeper.Config{}
	for name, config := range found {
		configs[name] = zookeeper.CreateConfig()
		if err := dynamic.Decode(config, configs[name]); err != nil {
			t.Fatal(err)
		}
	}
	for name, err := range zookeeper.CheckAll(configs) {
		t.Errorf("middleware %s: %v", name, err)
	}
	for name := range configs {
		if configs[name], err = zookeeper.Read(configs[name]); err != nil {
			t.Fatal(err)
		}
	}
	return configs
}

// Every file with a configuration in it is decoded as Traefik does, and sound.
func TestFiles(t *testing.T) {
	checked := 0
	err := filepath.WalkDir(path(""), func(file string, entry fs.DirEntry, err error) error {
		name, _ := filepath.Rel(path(""), file)
		if name == "grafana" {
			return fs.SkipDir // alert rules, and no configurations
		}
		if err != nil || entry.IsDir() || !strings.Contains(" .yml .toml ", " "+filepath.Ext(file)+" ") {
			return err
		}
		t.Run(name, func(t *testing.T) {
			found, err := dynamic.FromText(name, text(t, name), plugin.Name)
			if len(typed(t, found, err)) > 0 {
				checked++
			}
		})
		return nil
	})
	if err != nil || checked < 10 {
		t.Errorf("%d files with a middleware, %v", checked, err)
	}
}

// All providers' forms say the same; Kubernetes' names of servers aside.
func TestFormsSayTheSame(t *testing.T) {
	want := (*zookeeper.Config)(nil)
	for _, form := range []struct {
		name string
		read func(t *testing.T, name string) (dynamic.Middlewares, error)
	}{
		{"file.yml", fromFile}, {"file.toml", fromFile}, {"kubernetes.yml", fromFile},
		{"docker.yml", fromCompose}, {"nomad.hcl", fromNomad}, {"consul.json", fromConsul},
	} {
		t.Run(form.name, func(t *testing.T) {
			found, err := form.read(t, filepath.Join("providers", form.name))
			configs := typed(t, found, err)
			if len(configs) != 1 {
				t.Fatalf("%d middlewares", len(configs))
			}
			for _, got := range configs {
				servers := got.Clusters["main"].Servers
				if len(servers) != 3 || !strings.HasSuffix(servers[2], "/edge") {
					t.Errorf("servers %q", servers)
				}
				got.Clusters = nil
				if want == nil {
					want = got
				}
				if !reflect.DeepEqual(got, want) {
					t.Errorf("%+v\ninstead of\n%+v", got, want)
				}
			}
		})
	}
}

func fromFile(t *testing.T, name string) (dynamic.Middlewares, error) {
	return dynamic.FromText(name, text(t, name), plugin.Name)
}

// project loads a compose file as Docker does, by the schema.
func project(t *testing.T, name string) *types.Project {
	t.Helper()
	options, err := cli.NewProjectOptions([]string{path(name)}, cli.WithName("example"), cli.WithWorkingDirectory(filepath.Dir(path(name))))
	if err != nil {
		t.Fatal(err)
	}
	loaded, err := options.LoadProject(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return loaded
}

func fromCompose(t *testing.T, name string) (dynamic.Middlewares, error) {
	return dynamic.FromLabels(project(t, name).Services["shop"].Labels, plugin.Name)
}

func fromTags(t *testing.T, tags []string) (dynamic.Middlewares, error) {
	t.Helper()
	labels := map[string]string{}
	for _, tag := range tags {
		key, value, found := strings.Cut(tag, "=")
		if !found || labels[key] != "" {
			t.Errorf("tag %q", tag)
		}
		labels[key] = value
	}
	return dynamic.FromLabels(labels, plugin.Name)
}

func fromConsul(t *testing.T, name string) (dynamic.Middlewares, error) {
	var definition struct{ Service struct{ Tags []string } }
	if err := json.Unmarshal([]byte(text(t, name)), &definition); err != nil {
		t.Fatal(err)
	}
	return fromTags(t, definition.Service.Tags)
}

func fromNomad(t *testing.T, name string) (dynamic.Middlewares, error) {
	file, faults := hclparse.NewParser().ParseHCL([]byte(text(t, name)), name)
	if faults.HasErrors() {
		t.Fatal(faults)
	}
	body := file.Body.(*hclsyntax.Body)
	for _, block := range []string{"job", "group", "service"} {
		body = nested(t, body, block)
	}
	value, faults := body.Attributes["tags"].Expr.Value(nil)
	if faults.HasErrors() {
		t.Fatal(faults)
	}
	var tags []string
	for _, tag := range value.AsValueSlice() {
		tags = append(tags, tag.AsString())
	}
	return fromTags(t, tags)
}

func nested(t *testing.T, body *hclsyntax.Body, kind string) *hclsyntax.Body {
	t.Helper()
	for _, block := range body.Blocks {
		if block.Type == kind {
			return block.Body
		}
	}
	t.Fatalf("no block %s", kind)
	return nil
}

// The compose file mounts what is there, and Traefik is told of the plugin.
func TestCompose(t *testing.T) {
	compose := project(t, "compose/compose.yml")
	for _, service := range compose.Services {
		for _, volume := range service.Volumes {
			if _, err := os.Stat(volume.Source); err != nil {
				t.Errorf("service %s: %v", service.Name, err)
			}
		}
	}
	arguments := strings.Join(compose.Services["traefik"].Command, " ")
	if !strings.Contains(arguments, "--experimental.localPlugins.zookeeper.moduleName="+plugin.Module) {
		t.Errorf("Traefik's arguments are %s", arguments)
	}
	if mount := compose.Services["traefik"].Volumes[0]; mount.Target != "/plugins-local/src/"+plugin.Module || filepath.Clean(mount.Source) != filepath.Clean(parts.Root()) {
		t.Errorf("mounts %+v", mount)
	}
}

func TestHelmValues(t *testing.T) {
	for name, want := range map[string]string{"remote.yml": "plugins", "hostpath.yml": "localPlugins"} {
		var values struct {
			Experimental map[string]map[string]map[string]string
		}
		if err := yaml.Unmarshal([]byte(text(t, filepath.Join("helm", name))), &values); err != nil {
			t.Fatal(err)
		}
		got := values.Experimental[want][plugin.Name]
		if got["moduleName"] != plugin.Module || want == "plugins" && !strings.HasPrefix(got["version"], "v") {
			t.Errorf("%s has %v", name, values.Experimental)
		}
		if want == "localPlugins" && (got["mountPath"] != "/plugins-local/src/"+plugin.Module || got["type"] != "hostPath") {
			t.Errorf("%s has %v", name, got)
		}
	}
}
