//go:build hooks

package model

import (
	"fmt"
	"slices"
	"strings"
)

var middlewareNames = []string{"m0", "m1", "m2", "m3", "m4"}

// reload adds, changes and removes some middlewares, and reloads.
func (g *generator) reload(changes int) {
	for range changes {
		name := g.one(middlewareNames)
		if g.random.IntN(4) == 0 && len(g.rules) > 1 {
			delete(g.rules, name)
			g.addQuietly("remove", name)
			continue
		}
		rules := middleware{g.rule()}
		if g.random.IntN(2) == 0 {
			rules = append(rules, g.rule())
		}
		g.set(name, rules)
	}
	g.apply()
}

func (g *generator) set(name string, rules middleware) {
	g.rules[name] = rules
	g.addQuietly("set", append([]string{name}, strings.Fields(rules.String())...)...)
}

// addQuietly adds a step that the plugin sees nothing of.
func (g *generator) addQuietly(verb string, arguments ...string) {
	g.add(verb, arguments...)
	g.hurry()
}

func (g *generator) apply() {
	order := "cancel"
	if g.random.IntN(3) == 0 {
		order = "build"
	}
	g.add("reload", order, fmt.Sprint(g.random.IntN(1000)))
}

// rule is a header or a gate.
func (g *generator) rule() rule {
	r := rule{path: g.one(valuePaths), format: g.one([]string{"text", "text", "json", "properties"}), fallback: g.one([]string{"", "default"})}
	switch g.random.IntN(6) {
	case 0:
		r = rule{path: g.one(parentPaths), format: g.one([]string{"children", "exists"}), fallback: r.fallback}
	case 1, 2:
		r = rule{gate: true, path: g.one(flagPaths), format: "flag", blockWhen: g.one([]string{"on", "off"}), fallback: g.one([]string{"on", "off"})}
	}
	if r.format == "json" || r.format == "properties" {
		r.key = g.one([]string{"k", "l"})
	}
	if isPattern(r.path) && !g.without["limit"] && g.random.IntN(4) == 0 {
		r.max = 1 + g.random.IntN(5)
	}
	if g.random.IntN(6) == 0 {
		r.max = 0 // which nodes are too many is ZooKeeper's choice, and so would be who falls back
		r.path += "," + g.one(valuePaths)
		if r.gate {
			r.path = g.one(flagPaths) + ",/f/g"
		}
	}
	if g.isExcluded(r) {
		return g.rule()
	}
	return r
}

// isExcluded tells whether walks do without such a rule.
func (g *generator) isExcluded(r rule) bool {
	first := r.paths()[0]
	several := len(r.paths()) > 1
	switch {
	case g.without["template"] && isPattern(r.path),
		g.without["second-template"] && isPattern(r.path) && r.path != "/t/{header.X-T}/plan" && r.path != "/n/{header.X-T}/x/{header.X-U}/on",
		g.without["second-template"] && isPattern(r.path) && r.format != "text" && !r.gate,
		g.without["nested-limit"] && r.max > 0 && strings.Count(r.path, "{") > 1,
		g.without["fallback"] && several,
		g.without["exists"] && isPattern(first) && (r.format == "exists" || several):
		return true
	}
	return false
}

// limit raises or lowers the limit of a pattern, or has another middleware use the
// same one with another limit.
func (g *generator) limit() {
	for _, name := range sortedNames(g.rules) {
		for i, r := range g.rules[name] {
			rules := slices.Clone(g.rules[name])
			rules[i].max = g.random.IntN(6)
			if !isPattern(r.path) || g.random.IntN(2) == 0 || g.isExcluded(rules[i]) {
				continue
			}
			if g.random.IntN(3) == 0 {
				rules, name = middleware{rules[i]}, g.one(middlewareNames)
			}
			g.set(name, rules)
			g.apply()
			return
		}
	}
}

// cluster changes the cluster's definition: the timeout of its sessions, or its
// servers, of which there always is one as before.
func (g *generator) cluster() {
	g.addQuietly("cluster", "timeout="+g.one([]string{"2s", "3s", "4s"}), "servers="+g.one([]string{"1", "12", "21", "13", "31"}))
	g.apply()
}
