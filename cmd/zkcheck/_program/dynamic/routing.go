package dynamic

import (
	"fmt"
	"slices"
	"strings"
)

// A Routing is what files say of routers, and of middlewares, the plugin's and others.
type Routing struct {
	Routers map[string]*Router
	Kinds   map[string]string   // of all middlewares, as stripPrefix; plugin.name for plugins
	Chains  map[string][]string // the middlewares of those of the kind chain

	providers map[string]string // of all middlewares
}

// A Router is what a router's requests look like, and which middlewares they meet.
type Router struct {
	Rule        string
	Middlewares []string
	Unknown     []string // keys that no router has

	provider string
}

// NewRouting has nothing in it yet.
func NewRouting() *Routing {
	return &Routing{Routers: map[string]*Router{}, Kinds: map[string]string{}, Chains: map[string][]string{}, providers: map[string]string{}}
}

// Add adds what a file says.
func (g *Routing) Add(f *File) {
	for _, p := range f.parts {
		switch p.provider {
		case files:
			g.addTree(p.tree)
		case resources:
			g.addResource(p.tree)
		case labels:
			g.addLabels(p.labels)
		}
	}
}

// KeysOfRouters are those of Traefik's file provider.
func KeysOfRouters() []string {
	return []string{"entryPoints", "middlewares", "service", "rule", "parentRefs", "ruleSyntax", "priority", "tls", "observability"}
}

func isKeyOfRouters(key string) bool {
	return slices.ContainsFunc(KeysOfRouters(), func(known string) bool { return strings.EqualFold(known, key) })
}

func (g *Routing) addTree(tree map[string]any) {
	http := below(tree, "http")
	for name := range below(http, "routers") {
		router := below(below(http, "routers"), name)
		rule, _ := at(router, "rule").(string)
		r := &Router{Rule: rule, Middlewares: listOf(at(router, "middlewares")), provider: files}
		for key := range router {
			if !isKeyOfRouters(key) {
				r.Unknown = append(r.Unknown, key)
			}
		}
		g.Routers[name] = r
	}
	for name := range below(http, "middlewares") {
		g.addMiddleware(files, name, below(below(http, "middlewares"), name))
	}
}

func (g *Routing) addMiddleware(provider, name string, m map[string]any) {
	g.providers[name] = provider
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

// addLabels adds what the labels of a service say.
func (g *Routing) addLabels(all map[string]string) {
	middlewares := map[string]map[string]any{}
	for key, value := range all {
		words := strings.Split(key, ".")
		if len(words) < 5 || !strings.EqualFold(strings.Join(words[:2], "."), "traefik.http") {
			continue
		}
		name, option := words[3], strings.ToLower(words[4])
		switch strings.ToLower(words[2]) {
		case "routers":
			if g.Routers[name] == nil {
				g.Routers[name] = &Router{provider: labels}
			}
			switch option {
			case "rule":
				g.Routers[name].Rule = value
			case "middlewares":
				g.Routers[name].Middlewares = listOf(value)
			}
		case "middlewares":
			m := middlewares[name]
			if m == nil {
				m = map[string]any{}
				middlewares[name] = m
			}
			m[words[4]] = nil
			if option == "plugin" && len(words) > 5 {
				m[words[4]] = map[string]any{words[5]: nil}
			}
			if option == "chain" {
				m[words[4]] = map[string]any{"middlewares": value}
			}
		}
	}
	for name, m := range middlewares {
		g.addMiddleware(labels, name, m)
	}
}

// Of are the middlewares of a router, with those of its chains in their place. What has a
// provider behind its name is none of these files'.
func (g *Routing) Of(r *Router) []string { return g.expand(r.Middlewares, r.provider, 0) }

// deepest is how many chains may be in each other; Traefik refuses circles.
const deepest = 10

func (g *Routing) expand(references []string, provider string, depth int) []string {
	var all []string
	for _, reference := range references {
		name := g.resolve(reference, provider)
		if chain := g.Chains[name]; chain != nil && depth < deepest {
			all = append(all, g.expand(chain, g.providers[name], depth+1)...)
		} else {
			all = append(all, name)
		}
	}
	return all
}

// resolve is the name of the middleware that a reference means. Without an @, it means one of
// the provider that it comes from.
func (g *Routing) resolve(reference, from string) string {
	name, provider, isQualified := strings.Cut(reference, "@")
	if !isQualified {
		provider = from
	}
	if provider == "swarm" || provider == "ecs" || provider == "nomad" || provider == "consulcatalog" {
		provider = labels
	}
	there, isThere := g.providers[name]
	if isThere && there == provider || !isThere && (provider == files || provider == from) {
		return name
	}
	return name + "@" + provider
}

// Circle tells whether a chain has itself as a member, in it or in a chain of it.
func (g *Routing) Circle(name string) bool {
	seen := map[string]bool{}
	var reaches func(chain string) bool
	reaches = func(chain string) bool {
		for _, reference := range g.Chains[chain] {
			member := g.resolve(reference, g.providers[chain])
			if member == name {
				return true
			}
			if !seen[member] {
				seen[member] = true
				if reaches(member) {
					return true
				}
			}
		}
		return false
	}
	return reaches(name)
}

// IsComplete tells whether what a router refers to has to be in the files, so that it is missing
// otherwise. Labels of other services and resources of other manifests aren't there, as a rule.
func (g *Routing) IsComplete(r *Router) bool { return r.provider == files }

// SameProvider are the middlewares of the provider that a router comes from.
func (g *Routing) SameProvider(r *Router) []string {
	var names []string
	for name, provider := range g.providers {
		if provider == r.provider {
			names = append(names, name)
		}
	}
	return names
}

// Provider is the one that a middleware comes from.
func (g *Routing) Provider(name string) string { return g.providers[name] }

// below is the mapping that a key has, whatever its case; nil where it has none.
func below(tree map[string]any, key string) map[string]any {
	mapping, _ := at(tree, key).(map[string]any)
	return mapping
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
			all = append(all, fmt.Sprint(item))
		}
	}
	return all
}
