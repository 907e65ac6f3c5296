package check

import (
	"errors"
	"fmt"
	"maps"
	"net/url"
	"slices"
	"strconv"
	"strings"

	zookeeper "github.com/mod-zookeeper/traefik-zookeeper"
	"github.com/mod-zookeeper/traefik-zookeeper/cmd/zkcheck/_program/dynamic"
)

// A site is all that the files have.
type site struct {
	configs  map[string]*zookeeper.Config
	routing  *dynamic.Routing
	attached map[string]bool // middlewares that something outside of the files uses
}

// made are the middlewares that Traefik makes: those that a router uses, or that come from
// other providers. It is nil where no router of the files uses any.
func (s *site) made() map[string]*zookeeper.Config {
	made := map[string]*zookeeper.Config{}
	for _, router := range s.routing.Routers {
		for _, name := range s.routing.Of(router) {
			if s.configs[name] != nil {
				made[name] = s.configs[name]
			}
		}
	}
	if len(made) == 0 {
		return nil
	}
	for name, config := range s.configs {
		if _, isOfFile := s.routing.Kinds[name]; !isOfFile || s.attached[name] {
			made[name] = config
		}
	}
	return made
}

// unattached are the faults of middlewares that routers use, where the one that defines
// their cluster is used by none.
func (s *site) unattached() map[string]error {
	made := s.made()
	faults := zookeeper.Check(made)
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
func (s *site) routerFaults() []string {
	var all []string
	for _, name := range slices.Sorted(maps.Keys(s.routing.Routers)) {
		router := s.routing.Routers[name]
		for _, used := range s.routing.Of(router) {
			if _, isThere := s.routing.Kinds[used]; !isThere && !strings.Contains(used, "@") {
				all = append(all, fmt.Sprintf("router %s: middlewares: %q: no such middleware in these files, and without it Traefik leaves the router out; correct the name, or check all files together", name, used))
			}
		}
		for _, used := range s.routing.Of(router) {
			if s.configs[used] != nil {
				all = append(all, s.loops(name, used)...)
			}
		}
	}
	return all
}

// loops tells of gates of a middleware that redirect to a page which the same router has.
func (s *site) loops(router, name string) []string {
	config, err := zookeeper.Read(s.configs[name])
	if err != nil || s.changesPaths(s.routing.Routers[router]) {
		return nil
	}
	var all []string
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
			all = append(all, fmt.Sprintf("router %s: middleware %s: gates[%d].redirect: %s: this router has that page too, and the gate guards it, so that clients get 503 there; %s",
				router, name, i, strconv.Quote(gate.Redirect), remedy))
		}
	}
	return all
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
