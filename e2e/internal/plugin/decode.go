package plugin

import (
	"errors"
	"strings"

	"github.com/mod-zookeeper/traefik-zookeeper/cmd/zkcheck/_program/dynamic"
)

// Name is what the plugin is called in static configurations.
const Name = "zookeeper"

const middlewareName = "tested"

// FromYAML decodes the plugin's configuration as Traefik's file provider does.
// The text is what stands below the plugin's name.
func FromYAML(text string) (map[string]any, error) {
	return fromFile("tested.yml", "http:\n  middlewares:\n    tested:\n      plugin:\n        zookeeper:\n"+indent(text, "          "))
}

// FromTOML decodes a whole dynamic configuration in TOML, with the plugin
// zookeeper in the middleware tested.
func FromTOML(text string) (map[string]any, error) {
	return fromFile("tested.toml", text)
}

func fromFile(name, text string) (map[string]any, error) {
	found, err := dynamic.FromText(name, text, Name)
	if err != nil {
		return nil, err
	}
	return tested(found)
}

// FromLabels decodes the plugin's configuration as Traefik's Docker provider
// does. The keys are what stands behind the plugin's name, such as
// gates[0].path.
func FromLabels(labels map[string]string) (map[string]any, error) {
	full := map[string]string{}
	for key, value := range labels {
		full["traefik.http.middlewares."+middlewareName+".plugin."+Name+"."+key] = value
	}
	found, err := dynamic.FromLabels(full, Name)
	if err != nil {
		return nil, err
	}
	return tested(found)
}

func tested(found dynamic.Middlewares) (map[string]any, error) {
	if found[middlewareName] == nil {
		return nil, errors.New("the configuration has no middleware " + middlewareName)
	}
	return found[middlewareName], nil
}

func indent(text, by string) string {
	out := ""
	for _, line := range strings.Split(text, "\n") {
		out += by + line + "\n"
	}
	return out
}
