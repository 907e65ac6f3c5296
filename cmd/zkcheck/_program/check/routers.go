package check

import (
	"cmp"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"

	zookeeper "github.com/mod-zookeeper/traefik-zookeeper"
	"github.com/mod-zookeeper/traefik-zookeeper/cmd/zkcheck/_program/dynamic"
	"github.com/mod-zookeeper/traefik-zookeeper/internal/lists"
)

// made are the middlewares that Traefik makes: those that a router uses, or that come from a
// provider of which no router in the files uses any, so that the routers are elsewhere. It is
// nil where that holds for all.
func (s *site) made() map[string]*zookeeper.Config {
	made := map[string]*zookeeper.Config{}
	hasRouters := map[string]bool{}
	for _, router := range s.routing.Routers {
		for _, name := range s.routing.Of(router) {
			if s.configs[name] != nil {
				made[name] = s.configs[name]
				hasRouters[s.routing.Provider(name)] = true
			}
		}
	}
	if len(made) == 0 {
		return nil
	}
	for name, config := range s.configs {
		if !hasRouters[s.routing.Provider(name)] || s.attached[name] {
			made[name] = config
		}
	}
	return made
}

// unattached are the faults of middlewares that routers use, where the one that defines
// their cluster is used by none.
func (s *site) unattached() map[string]error {
	made := s.made()
	faults := zookeeper.CheckAll(made)
	for name, err := range faults {
		config, _ := zookeeper.Read(made[name])
		var idle []string
		for other := range s.configs {
			if made[other] == nil && s.defines(other, config) {
				idle = append(idle, other)
			}
		}
		slices.Sort(idle)
		if len(idle) == 0 {
			delete(faults, name)
			continue
		}
		faults[name] = fmt.Errorf("%w. Of these files, %s would define it, and no router uses that; add it to a router's middlewares, or name it with -attached where something else uses it", err, strings.Join(idle, ", "))
	}
	return faults
}

// defines tells whether a middleware defines a cluster that another one uses.
func (s *site) defines(name string, user *zookeeper.Config) bool {
	definer, err := zookeeper.Read(s.configs[name])
	if err != nil || user == nil {
		return false
	}
	for _, r := range rulesOf(user) {
		if _, isDefined := definer.Clusters[r.cluster]; isDefined || r.cluster == "" && len(definer.Clusters) > 0 {
			return true
		}
	}
	return false
}

// routerFaults are the mistakes of routers, in order.
func (s *site) routerFaults() []finding {
	var all []finding
	for _, name := range lists.SortedKeys(s.routing.Routers) {
		router := s.routing.Routers[name]
		add := func(message string) { all = append(all, finding{Kind: "router", Name: name, Message: message}) }
		for _, key := range router.Unknown {
			if meant := nearest(key, dynamic.KeysOfRouters()); meant != "" {
				add(fmt.Sprintf("%q: unknown key; did you mean %s? Traefik refuses the whole file", key, meant))
			}
		}
		for _, used := range s.routing.Of(router) {
			if _, isThere := s.routing.Kinds[used]; !isThere && !strings.Contains(used, "@") {
				s.missing(router, used, add)
			}
		}
		for _, used := range s.routing.Of(router) {
			if s.configs[used] != nil {
				s.loops(name, used, add)
			}
		}
	}
	return all
}

// missing tells of a middleware that isn't there. Where the files need not have all middlewares,
// it may be elsewhere, and is told only where one of the files' has nearly its name.
func (s *site) missing(router *dynamic.Router, used string, add func(string)) {
	meant := nearest(used, s.routing.SameProvider(router))
	if meant == "" && !s.routing.IsComplete(router) {
		return
	}
	question := ""
	if meant != "" {
		question = "; did you mean " + meant + "?"
	}
	add(fmt.Sprintf("middlewares: %q: no such middleware in these files%s Without it, Traefik leaves the router out; correct the name, or check all files together", used, cmp.Or(question, ".")))
}

// chainFaults are the chains that have themselves as a member.
func (s *site) chainFaults() []finding {
	var all []finding
	for _, name := range lists.SortedKeys(s.routing.Chains) {
		if s.routing.Circle(name) {
			all = append(all, finding{Kind: "middleware", Name: name, File: s.files[name], Message: "chain: it has itself as a member, so that Traefik leaves out each router with it; take one of the chains in the circle out"})
		}
	}
	return all
}

// loops tells of gates of a middleware that redirect to a page which the same router has.
func (s *site) loops(router, name string, add func(string)) {
	config, err := zookeeper.Read(s.configs[name])
	if err != nil || s.changesPaths(s.routing.Routers[router]) {
		return
	}
	for i, gate := range config.Gates {
		if gate.Redirect == "" || gate.DryRun || config.DryRun {
			continue
		}
		path, err := s.pathBack(router, name, gate.Redirect)
		if err == nil && !getsBy(gate.Bypass, path) {
			remedy := "give it a router that doesn't have this middleware"
			if path != "/" {
				remedy = "let the page pass with bypass.pathPrefixes: [" + path + "], or " + remedy
			}
			add(fmt.Sprintf("middleware %s: gates[%d].redirect: %s: this router has that page too, and the gate guards it, so that clients get 503 there; %s",
				name, i, strconv.Quote(gate.Redirect), remedy))
		}
	}
}

var errElsewhere = errors.New("it leads elsewhere, or that can't be told")

// pathBack is the path of a redirect that leads back to a router with a middleware.
func (s *site) pathBack(router, name, redirect string) (string, error) {
	target, err := url.Parse(redirect)
	own := readRule(s.routing.Routers[router].Rule)
	if err != nil || own == nil || target.RawQuery != "" || target.Scheme != "" { // a flag may look at the query, and an entry point has one scheme
		return "", errElsewhere
	}
	path := (&url.URL{Path: "/"}).ResolveReference(target).Path
	if path == "" {
		path = "/"
	}
	host := strings.ToLower(target.Hostname())
	if target.Host != "" && (len(own.hosts) == 0 || !own.hasHost(host)) || target.Port() != "" || !own.hasPath(path) {
		return "", errElsewhere
	}
	if host == "" && len(own.hosts) == 1 {
		host = own.hosts[0]
	}
	for _, other := range s.routing.Routers {
		m := readRule(other.Rule)
		isGuarded := slices.Contains(s.routing.Of(other), name)
		if !isGuarded && (m == nil || !m.excludes(host) && m.hasPath(path)) {
			return "", errElsewhere
		}
	}
	return path, nil
}

// changesPaths tells whether a router's middlewares may change a path, or answer in the
// place of the gate.
func (s *site) changesPaths(r *dynamic.Router) bool {
	for _, name := range s.routing.Of(r) {
		kind, isThere := s.routing.Kinds[name]
		kind = strings.ToLower(kind)
		isOther := strings.HasPrefix(kind, "plugin.") && s.configs[name] == nil
		if !isThere || isOther || strings.Contains(kind, "prefix") || strings.Contains(kind, "path") || strings.Contains(kind, "redirect") {
			return true
		}
	}
	return false
}

// getsBy tells whether a bypass lets requests for a page pass.
func getsBy(b *zookeeper.Bypass, path string) bool {
	if b == nil {
		return false
	}
	for _, prefix := range b.PathPrefixes {
		prefix = strings.TrimSuffix(strings.TrimSpace(prefix), "/")
		if path == prefix || strings.HasPrefix(path, prefix+"/") {
			return true
		}
	}
	return slices.Contains(b.Methods, "GET")
}
