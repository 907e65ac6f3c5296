//go:build hooks

package model

import (
	"context"
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"time"

	"github.com/mod-zookeeper/traefik-zookeeper/e2e/internal/plugin"
)

// startupTimeout is how long a request may be held.
const startupTimeout = 500 * time.Millisecond

// instance is what New made of a middleware.
type instance struct {
	name    string
	rules   middleware
	askers  []asker
	handler http.Handler
	cancel  context.CancelFunc
}

// proxy does with the plugin what Traefik does.
type proxy struct {
	plugin          plugin.Plugin
	cluster, chroot string
	places          map[rune]string
	instances       []*instance
	inForce         definition
}

// build makes instances of all middlewares, in the order of a seed; between is
// called after each one. Some define the cluster, the others name it.
func (p *proxy) build(all map[string]middleware, d definition, seed uint64, between func()) ([]*instance, error) {
	names := sortedNames(all)
	definers := map[string]bool{"m0": true, "m3": true}
	if all["m0"] == nil && all["m3"] == nil && len(names) > 0 {
		definers[names[0]] = true
	}
	rand.New(rand.NewPCG(seed, 0)).Shuffle(len(names), func(i, j int) { names[i], names[j] = names[j], names[i] })
	var built []*instance
	for _, name := range names {
		var defined *definition
		if definers[name] {
			defined = &d
		}
		inst, err := p.start(name, all[name], defined)
		if err != nil {
			return built, fmt.Errorf("%s: %w", name, err)
		}
		built = append(built, inst)
		between()
	}
	return built, nil
}

func sortedNames[V any](all map[string]V) []string {
	var names []string
	for name := range all {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

func (p *proxy) start(name string, rules middleware, d *definition) (*instance, error) {
	decoded, err := plugin.FromYAML(rules.yaml(p.cluster, p.chroot, d, p.places))
	if err != nil {
		return nil, err
	}
	ctx, cancel := context.WithCancel(context.Background())
	inst := &instance{name: name, rules: rules, askers: rules.askers(), cancel: cancel}
	inst.handler, err = p.plugin.New(ctx, http.HandlerFunc(service), decoded, name)
	if err != nil {
		cancel()
		return nil, err
	}
	return inst, nil
}

// reload is what Traefik does with another configuration. With cancelling first, as
// Traefik does it, the old instances go on serving until all new ones are there.
func (p *proxy) reload(all map[string]middleware, d definition, seed uint64, cancelFirst bool, between func()) error {
	old := p.instances
	if cancelFirst || d != p.inForce {
		cancelAll(old)
	}
	fresh, err := p.build(all, d, seed, between)
	cancelAll(old)
	p.instances, p.inForce = fresh, d
	return err
}

func cancelAll(instances []*instance) {
	for _, inst := range instances {
		inst.cancel()
	}
}

// ask returns what each rule gives an asker; nothing for those that a closed gate
// stands before.
func (inst *instance) ask(who asker) []string {
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	r := httptest.NewRequestWithContext(ctx, http.MethodGet, "http://"+who.tenant+"/", nil)
	r.Header.Set("X-T", who.tenant)
	r.Header.Set("X-U", who.user)
	for i := range inst.rules {
		r.Header.Set(headerName(i), "forged")
	}
	w := httptest.NewRecorder()
	inst.handler.ServeHTTP(w, r)
	got := make([]string, len(inst.rules))
	passed := w.Code == served
	for i, rule := range inst.rules {
		switch {
		case !rule.gate && passed:
			got[i] = headerOf(r.Header, headerName(i))
		case rule.gate && w.Code == gateStatus+i:
			got[i] = closed
			return got
		case rule.gate && (passed || w.Code > gateStatus+i && w.Code < gateStatus+len(inst.rules)):
			got[i] = open
		case !passed && (w.Code < gateStatus || w.Code >= gateStatus+len(inst.rules)):
			got[i] = fmt.Sprint("status ", w.Code)
		}
	}
	return got
}

// served is the status of the service.
const served = http.StatusNoContent

func service(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(served) }

func headerOf(h http.Header, name string) string {
	values, found := h[name]
	if !found {
		return none
	}
	return strings.Join(values, " and ")
}
