package dynamic

import (
	"io"
	"path/filepath"
	"strings"

	"github.com/BurntSushi/toml"
	"gopkg.in/yaml.v3"
)

// A Routing is what files of the file provider say of routers, and of middlewares other
// than the plugin's.
type Routing struct {
	Routers map[string]*Router
	Kinds   map[string]string   // of all middlewares, as stripPrefix; plugin.name for plugins
	Chains  map[string][]string // the middlewares of those of the kind chain
}

// A Router is what a router's requests look like, and which middlewares they meet.
type Router struct {
	Rule        string
	Middlewares []string
}

// NewRouting has nothing in it yet.
func NewRouting() *Routing {
	return &Routing{Routers: map[string]*Router{}, Kinds: map[string]string{}, Chains: map[string][]string{}}
}

// Add adds what a file says that FromText can read. Kubernetes resources are left aside.
func (g *Routing) Add(name, text string) error {
	if strings.ToLower(filepath.Ext(name)) == ".toml" {
		var tree map[string]any
		_, err := toml.Decode(text, &tree)
		g.addTree(tree)
		return err
	}
	documents := yaml.NewDecoder(strings.NewReader(text))
	for {
		var tree map[string]any
		err := documents.Decode(&tree)
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
		g.addTree(tree)
	}
}

func (g *Routing) addTree(tree map[string]any) {
	http := below(tree, "http")
	for name := range below(http, "routers") {
		router := below(below(http, "routers"), name)
		rule, _ := at(router, "rule").(string)
		g.Routers[name] = &Router{Rule: rule, Middlewares: listOf(at(router, "middlewares"))}
	}
	for name := range below(http, "middlewares") {
		g.addMiddleware(name, below(below(http, "middlewares"), name))
	}
}

func (g *Routing) addMiddleware(name string, m map[string]any) {
	g.Kinds[name] = ""
	for kind := range m {
		g.Kinds[name] = kind
	}
	for plugin := range below(m, "plugin") {
		g.Kinds[name] = "plugin." + plugin
	}
	if chain := below(m, "chain"); chain != nil {
		g.Chains[name] = listOf(at(chain, "middlewares"))
	}
}

// Of are the middlewares of a router, with those of its chains in their place. Names have
// no provider where that is the file provider.
func (g *Routing) Of(r *Router) []string { return g.expand(r.Middlewares, 0) }

// deepest is how many chains may be in each other; Traefik refuses circles.
const deepest = 10

func (g *Routing) expand(names []string, depth int) []string {
	var all []string
	for _, name := range names {
		name = strings.TrimSuffix(name, "@file")
		if chain := g.Chains[name]; chain != nil && depth < deepest {
			all = append(all, g.expand(chain, depth+1)...)
		} else {
			all = append(all, name)
		}
	}
	return all
}

// at is what a key has, whatever its case.
func at(tree map[string]any, key string) any {
	for name, value := range tree {
		if strings.EqualFold(name, key) {
			return value
		}
	}
	return nil
}

// listOf is a list of names, which may also be written as one text.
func listOf(value any) []string {
	var all []string
	switch given := value.(type) {
	case string:
		for _, name := range strings.Split(given, ",") {
			all = append(all, strings.TrimSpace(name))
		}
	case []any:
		for _, item := range given {
			if name, isText := item.(string); isText {
				all = append(all, name)
			}
		}
	}
	return all
}
