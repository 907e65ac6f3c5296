package plugin

import (
	"errors"
	"strings"

	"github.com/traefik/paerser/file"
	"github.com/traefik/paerser/parser"
)

// The path of Traefik's dynamic configuration to a plugin's own, with Traefik's
// names and tags.
type dynamic struct {
	HTTP *httpPart `json:"http,omitempty" toml:"http,omitempty" yaml:"http,omitempty" export:"true"`
}

type httpPart struct {
	Middlewares map[string]*middleware `json:"middlewares,omitempty" toml:"middlewares,omitempty" yaml:"middlewares,omitempty" export:"true"`
}

type middleware struct {
	Plugin map[string]pluginConf `json:"plugin,omitempty" toml:"plugin,omitempty" yaml:"plugin,omitempty" export:"true"`
}

type pluginConf map[string]any

const (
	middlewareName = "tested"
	pluginName     = "zookeeper"
)

// FromYAML decodes the plugin's configuration as Traefik's file provider does.
// The text is what stands below the plugin's name.
func FromYAML(text string) (map[string]any, error) {
	return fromFile("http:\n  middlewares:\n    tested:\n      plugin:\n        zookeeper:\n"+indent(text, "          "), ".yaml")
}

// FromTOML decodes a whole dynamic configuration in TOML, with the plugin
// zookeeper in the middleware tested.
func FromTOML(text string) (map[string]any, error) {
	return fromFile(text, ".toml")
}

func fromFile(text, extension string) (map[string]any, error) {
	var d dynamic
	if err := file.DecodeContent(text, extension, &d); err != nil {
		return nil, err
	}
	return d.config()
}

// FromLabels decodes the plugin's configuration as Traefik's Docker provider
// does. The keys are what stands behind the plugin's name, such as
// gates[0].path.
func FromLabels(labels map[string]string) (map[string]any, error) {
	full := map[string]string{}
	for key, value := range labels {
		full["traefik.http.middlewares."+middlewareName+".plugin."+pluginName+"."+key] = value
	}
	var d dynamic
	if err := parser.Decode(full, &d, parser.DefaultRootName, "traefik.http"); err != nil {
		return nil, err
	}
	return d.config()
}

func (d *dynamic) config() (map[string]any, error) {
	if d.HTTP == nil || d.HTTP.Middlewares[middlewareName] == nil {
		return nil, errors.New("the configuration has no middleware " + middlewareName)
	}
	return d.HTTP.Middlewares[middlewareName].Plugin[pluginName], nil
}

func indent(text, by string) string {
	out := ""
	for _, line := range strings.Split(text, "\n") {
		out += by + line + "\n"
	}
	return out
}
