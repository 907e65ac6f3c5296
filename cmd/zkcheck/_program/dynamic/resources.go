package dynamic

import (
	"fmt"
	"strings"
)

// What Kubernetes resources say of routers and middlewares. A middleware's name has its
// namespace in front, as Traefik's provider gives it.

// nameOf is the name that Traefik's provider gives a middleware.
func nameOf(tree map[string]any) string {
	metadata := below(tree, "metadata")
	name, _ := metadata["name"].(string)
	namespace, _ := metadata["namespace"].(string)
	return qualified(namespace, name)
}

func qualified(namespace, name string) string {
	if namespace == "" {
		return name
	}
	return namespace + "-" + name
}

func (g *Routing) addResource(tree map[string]any) {
	spec := below(tree, "spec")
	metadata := below(tree, "metadata")
	namespace, _ := metadata["namespace"].(string)
	name := fmt.Sprint(metadata["name"])
	if namespace != "" {
		name = namespace + "/" + name
	}
	switch tree["kind"] {
	case "Middleware":
		g.addMiddleware(resources, nameOf(tree), spec)
		if chain := below(spec, "chain"); chain != nil {
			g.Chains[nameOf(tree)] = references(chain["middlewares"], namespace)
		}
	case "IngressRoute":
		routes, _ := spec["routes"].([]any)
		for i, route := range routes {
			r, _ := route.(map[string]any)
			rule, _ := r["match"].(string)
			g.Routers[fmt.Sprintf("%s: routes[%d]", name, i)] = &Router{Rule: rule, Middlewares: references(r["middlewares"], namespace), provider: resources}
		}
	case "Ingress":
		used, _ := below(metadata, "annotations")["traefik.ingress.kubernetes.io/router.middlewares"].(string)
		if used != "" {
			g.Routers[name] = &Router{Middlewares: listOf(used), provider: "kubernetes"}
		}
	case "HTTPRoute":
		g.addGatewayRoute(name, namespace, spec)
	}
}

// addGatewayRoute adds a route of the Gateway API, whose filters refer to middlewares.
func (g *Routing) addGatewayRoute(name, namespace string, spec map[string]any) {
	rules, _ := spec["rules"].([]any)
	for i, rule := range rules {
		r, _ := rule.(map[string]any)
		filters, _ := r["filters"].([]any)
		var used []string
		for _, filter := range filters {
			f, _ := filter.(map[string]any)
			if reference := below(f, "extensionRef"); reference["kind"] == "Middleware" {
				used = append(used, qualified(namespace, fmt.Sprint(reference["name"])))
			}
		}
		if len(used) > 0 {
			g.Routers[fmt.Sprintf("%s: rules[%d]", name, i)] = &Router{Middlewares: used, provider: resources}
		}
	}
}

// references are the middlewares that a list of references means. One without a namespace is of
// that of the resource, and one with an @ of another provider.
func references(value any, own string) []string {
	list, _ := value.([]any)
	var names []string
	for _, item := range list {
		reference, _ := item.(map[string]any)
		name, _ := reference["name"].(string)
		namespace, isThere := reference["namespace"].(string)
		switch {
		case strings.Contains(name, "@"):
			names = append(names, name)
		case isThere:
			names = append(names, qualified(namespace, name))
		default:
			names = append(names, qualified(own, name))
		}
	}
	return names
}
