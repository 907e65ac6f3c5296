package traefik

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"

	"gopkg.in/yaml.v3"

	"github.com/mod-zookeeper/traefik-zookeeper/e2e/internal/plugin"
)

// tree is a static configuration.
type tree map[string]any

// set sets a value below a key such as api.debug.
func (t tree) set(key string, value any) {
	first, rest, nested := strings.Cut(key, ".")
	if !nested {
		t[first] = value
		return
	}
	below, found := t[first].(tree)
	if !found {
		below = tree{}
		t[first] = below
	}
	below.set(rest, value)
}

// writeStatic writes the static configuration, as JSON, which is YAML too. The
// options are laid over it.
func (tr *Traefik) writeStatic() error {
	t := tree{}
	t.set("global.checkNewVersion", false)
	t.set("global.sendAnonymousUsage", false)
	t.set("entryPoints.web.address", tr.web.Addr())
	t.set("entryPoints.traefik.address", tr.api.Addr())
	t.set("providers.providersThrottleDuration", tr.options.Throttle.String())
	t.set("providers.file.directory", "dynamic")
	t.set("providers.file.watch", true)
	t.set("api.insecure", true)
	t.set("api.dashboard", false) // its files are not in the Go module
	t.set("api.debug", true)      // the profiles
	t.set("log.level", "DEBUG")
	t.set("log.format", "json")
	t.set("log.filePath", "traefik.log")
	t.set("experimental.abortOnPluginFailure", true) // so that Start can tell
	t.set("experimental.localPlugins.zookeeper.moduleName", plugin.Module)
	for key, value := range tr.options.Static {
		t.set(key, value)
	}
	text, err := json.MarshalIndent(t, "", "  ")
	if err != nil {
		return err
	}
	return os.WriteFile(tr.file("traefik.yml"), text, 0o644)
}

// Flat makes a.b.c of the nested keys of a static configuration in YAML, as
// Options.Static wants them.
func Flat(text string) (map[string]any, error) {
	var nested map[string]any
	if err := yaml.Unmarshal([]byte(text), &nested); err != nil {
		return nil, err
	}
	options := map[string]any{}
	flatten("", nested, options)
	return options, nil
}

func flatten(prefix string, nested, into map[string]any) {
	for key, value := range nested {
		if below, isTree := value.(map[string]any); isTree {
			flatten(prefix+key+".", below, into)
		} else {
			into[prefix+key] = value
		}
	}
}

func (tr *Traefik) file(name string) string { return filepath.Join(tr.dir, name) }

// dynamic is the folder that Traefik's file provider watches.
func (tr *Traefik) dynamic() string { return tr.file("dynamic") }

const dynamicFile = "dynamic.yml"

// WriteConfig replaces the dynamic configuration in one step: Traefik never
// reads half of it.
func (tr *Traefik) WriteConfig(yaml string) error { return tr.WriteFile(dynamicFile, yaml) }

// WriteFile is WriteConfig for a configuration in several files.
func (tr *Traefik) WriteFile(name, yaml string) error {
	unseen := tr.file(name + ".unseen")
	if err := os.WriteFile(unseen, []byte(yaml), 0o644); err != nil {
		return err
	}
	return os.Rename(unseen, filepath.Join(tr.dynamic(), name))
}

// OverwriteConfig writes the dynamic configuration over the old one, as editors
// and scripts do that take no care: Traefik may read any part of it.
func (tr *Traefik) OverwriteConfig(yaml string) error {
	return os.WriteFile(filepath.Join(tr.dynamic(), dynamicFile), []byte(yaml), 0o644)
}

// Route is a dynamic configuration in which all requests pass the plugin on
// their way to the service at a URL. The plugin's configuration, in YAML, is
// what stands below its name.
func Route(plugin, service string) string {
	text := strings.Replace(route, "$SERVICE", service, 1)
	for line := range strings.Lines(plugin) {
		text += strings.TrimRight("          "+line, " \n") + "\n"
	}
	return text
}

const route = `http:
  routers:
    all:
      rule: PathPrefix("/")
      entryPoints: [web]
      middlewares: [tested]
      service: service
  services:
    service:
      loadBalancer:
        servers:
          - url: $SERVICE
  middlewares:
    tested:
      plugin:
        zookeeper:
`
