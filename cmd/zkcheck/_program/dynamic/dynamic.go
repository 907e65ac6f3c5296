// Package dynamic finds the plugin's configurations in Traefik's dynamic
// configuration, decoded as each of Traefik's providers does it.
package dynamic

import (
	"bytes"
	"encoding/json"
	"fmt"
	"reflect"
	"strings"

	"github.com/mitchellh/mapstructure"
	"github.com/traefik/paerser/file"
	"github.com/traefik/paerser/parser"
)

// Middlewares are the plugin's configurations by the middlewares' names.
type Middlewares map[string]map[string]any

// The path of Traefik's dynamic configuration to a plugin's own, with Traefik's
// names and tags.
type configuration struct {
	HTTP *httpPart `json:"http,omitempty" toml:"http,omitempty" yaml:"http,omitempty" export:"true"`
}

type httpPart struct {
	Middlewares map[string]*middleware `json:"middlewares,omitempty" toml:"middlewares,omitempty" yaml:"middlewares,omitempty" export:"true"`
}

type middleware struct {
	Plugin map[string]pluginConf `json:"plugin,omitempty" toml:"plugin,omitempty" yaml:"plugin,omitempty" export:"true"`
}

type pluginConf map[string]any

func (c *configuration) of(plugin string) Middlewares {
	found := Middlewares{}
	if c.HTTP == nil {
		return found
	}
	for name, m := range c.HTTP.Middlewares {
		if m != nil && m.Plugin[plugin] != nil {
			found[name] = m.Plugin[plugin]
		}
	}
	return found
}

// FromText finds the middlewares with a plugin in whatever Parse can read.
func FromText(name, text, plugin string) (Middlewares, error) {
	f, err := Parse(name, text)
	if err != nil {
		return nil, err
	}
	return f.Middlewares(plugin)
}

// Middlewares are those of a file that have a plugin. A middleware that is there twice is an
// error, unless labels of several services say the same.
func (f *File) Middlewares(plugin string) (Middlewares, error) {
	found := Middlewares{}
	for _, p := range f.parts {
		more, err := p.middlewares(plugin)
		if err != nil {
			return nil, err
		}
		for name, config := range more {
			if found[name] != nil && (p.provider != labels || !reflect.DeepEqual(found[name], config)) {
				return nil, fmt.Errorf("middleware %s: it is there twice", name)
			}
			found[name] = config
		}
	}
	return found, nil
}

func (p *part) middlewares(plugin string) (Middlewares, error) {
	switch p.provider {
	case labels:
		return FromLabels(p.labels, plugin)
	case resources:
		return fromResource(p.tree, plugin)
	}
	return fromFile(p.tree, plugin)
}

// fromFile decodes as the file provider does, what belongs to plugins.
func fromFile(tree map[string]any, plugin string) (Middlewares, error) {
	middlewares := map[string]any{}
	for name, m := range below(below(tree, "http"), "middlewares") {
		parts, _ := m.(map[string]any)
		if plugins := below(parts, "plugin"); plugins != nil {
			if config, isThere := plugins[plugin]; isThere && config == nil {
				return nil, fmt.Errorf("middleware %s: plugin.%s: nothing stands below it, and Traefik refuses the whole file; write there what the plugin is to do", name, plugin)
			}
			middlewares[name] = map[string]any{"plugin": plugins}
		}
	}
	if len(middlewares) == 0 {
		return nil, nil
	}
	text, err := json.Marshal(map[string]any{"http": map[string]any{"middlewares": middlewares}})
	if err != nil {
		return nil, err
	}
	var c configuration
	if err := file.DecodeContent(string(text), ".json", &c); err != nil {
		return nil, err
	}
	return c.of(plugin), nil
}

// fromResource decodes as the provider for Kubernetes' custom resources does.
func fromResource(tree map[string]any, plugin string) (Middlewares, error) {
	if tree["kind"] != "Middleware" {
		return nil, nil
	}
	text, err := json.Marshal(tree)
	if err != nil {
		return nil, err
	}
	var resource struct {
		Spec struct{ Plugin map[string]map[string]any }
	}
	if err := json.NewDecoder(bytes.NewReader(text)).Decode(&resource); err != nil {
		return nil, err
	}
	if resource.Spec.Plugin[plugin] == nil {
		return nil, nil
	}
	return Middlewares{nameOf(tree): resource.Spec.Plugin[plugin]}, nil
}

// FromLabels decodes as the provider for Docker does, and those for Swarm,
// Nomad and Consul. Other labels than those of plugins are left aside.
func FromLabels(labels map[string]string, plugin string) (Middlewares, error) {
	relevant := map[string]string{}
	for key, value := range labels {
		parts := strings.Split(strings.ToLower(key), ".")
		if len(parts) > 5 && strings.Join(parts[:3], ".") == "traefik.http.middlewares" && parts[4] == "plugin" {
			relevant[key] = value
		}
	}
	if len(relevant) == 0 {
		return nil, nil
	}
	var c configuration
	if err := parser.Decode(relevant, &c, parser.DefaultRootName, "traefik.http"); err != nil {
		return nil, err
	}
	return c.of(plugin), nil
}

// Decode fills in a plugin's Config as Traefik does, whoever the provider was.
func Decode(config map[string]any, into any) error {
	decoder, err := mapstructure.NewDecoder(&mapstructure.DecoderConfig{
		DecodeHook:       mapstructure.StringToSliceHookFunc(","),
		WeaklyTypedInput: true,
		Result:           into,
	})
	if err != nil {
		return err
	}
	return decoder.Decode(config)
}
