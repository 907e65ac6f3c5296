package check

import (
	"fmt"
	"reflect"
	"slices"
	"strings"

	"github.com/mod-zookeeper/traefik-zookeeper/cmd/zkcheck/_program/dynamic"
	"github.com/mod-zookeeper/traefik-zookeeper/config"
	"github.com/mod-zookeeper/traefik-zookeeper/internal/lists"
)

// keysOfPlugin are the keys at the top of the plugin's configuration, in lower case.
var keysOfPlugin = func() map[string]bool {
	keys := map[string]bool{}
	fields := reflect.TypeFor[config.Config]()
	for i := range fields.NumField() {
		if name := fields.Field(i).Name; name != "Decoded" {
			keys[strings.ToLower(name)] = true
		}
	}
	return keys
}()

// addMisspelt notes the middlewares of a file that have a plugin whose name is probably this
// one's, misspelt. Traefik leaves out the routers that have them.
func (s *site) addMisspelt(file string, f *dynamic.File, plugins []string) error {
	for _, plugin := range plugins {
		for _, place := range f.Misplaced(plugin, hasKeyOfPlugin) {
			s.misspelt = append(s.misspelt, finding{Kind: "middleware", Name: place.Middleware, File: file, Message: fmt.Sprintf(
				"%s: Traefik looks for a plugin at %s only; move it there", place.Key, place.Right)})
		}
	}
	own := dynamic.NewRouting()
	own.Add(f)
	for _, name := range lists.SortedKeys(own.Kinds) {
		written, isPlugin := strings.CutPrefix(own.Kinds[name], "plugin.")
		if !isPlugin || slices.Contains(plugins, written) {
			continue
		}
		found, err := f.Middlewares(written)
		if err != nil {
			return err
		}
		i := slices.IndexFunc(plugins, func(plugin string) bool { return isMeant(written, plugin, found[name]) })
		if i >= 0 {
			s.misspelt = append(s.misspelt, finding{Kind: "middleware", Name: name, File: file, Message: fmt.Sprintf(
				"plugin.%s: did you mean plugin.%s? Traefik knows no plugin of that name, and leaves out each router with this middleware; correct the name, or give -plugin %s where the static configuration has this name, too",
				written, plugins[i], written)})
		}
	}
	return nil
}

func hasKeyOfPlugin(tree map[string]any) bool {
	for key := range tree {
		if keysOfPlugin[strings.ToLower(key)] {
			return true
		}
	}
	return false
}

// isMeant tells whether the plugin is meant by another name. Where the name is nearly the
// plugin's, one of its keys is enough, or none at all. Under any other name, the whole
// configuration has to be as only this plugin has it.
func isMeant(written, plugin string, tree map[string]any) bool {
	known := 0
	for key := range tree {
		if keysOfPlugin[strings.ToLower(key)] {
			known++
		}
	}
	d := distance(strings.ToLower(written), strings.ToLower(plugin))
	if d <= 1 || d <= most(plugin) && (known > 0 || len(tree) == 0) {
		return true
	}
	c, mistakes := config.Decode(tree)
	return len(mistakes) == 0 && readsNodes(c)
}

// readsNodes tells whether a configuration has what no other plugin's is likely to have: a
// cluster's servers, or the path of a node.
func readsNodes(c *config.Config) bool {
	for _, cluster := range c.Clusters {
		if len(cluster.Servers) > 0 {
			return true
		}
	}
	isNode := func(path string) bool { return strings.HasPrefix(strings.TrimSpace(path), "/") }
	for _, gate := range c.Gates {
		if slices.ContainsFunc(gate.Path, isNode) {
			return true
		}
	}
	for _, header := range slices.Concat(c.RequestHeaders, c.ResponseHeaders) {
		if slices.ContainsFunc(slices.Concat(header.Path, header.Flag), isNode) {
			return true
		}
	}
	return false
}
