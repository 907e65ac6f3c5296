//go:build hooks

package model

import (
	"fmt"
	"math/rand/v2"
	"strings"
)

// The nodes that walks are about: so few that everything meets.
var (
	valueNodes = []string{"/f/a", "/f/b", "/t/T/plan", "/t/T/plan", "/t/T/deep/plan", "/t/T", "/n/T/x/U/v", "/n/T/x/U/v"}
	flagNodes  = []string{"/f/g", "/t/T/blocked", "/t/T/blocked", "/n/T/x/U/on"}
	parents    = []string{"/t/T", "/t/T", "/t", "/n", "/n/T", "/n/T/x", "/n/T/x/U", "/f", "/t/T/deep"}
)

// The paths of rules.
var (
	valuePaths = []string{
		"/f/a", "/f/b", "/t/a/plan", "/n/a/x/x/v",
		"/t/{header.X-T}/plan", "/t/{header.X-T}/plan", "/t/{host}/plan", "/t/{header.X-T}/deep/plan", "/t/{header.X-T}/blocked", "/t/{header.X-T}",
		"/n/{header.X-T}/x/{header.X-U}/v", "/n/{host}/x/{header.X-U}/v", "/n/a/x/{header.X-U}/v",
	}
	parentPaths = []string{"/t", "/t/a", "/n", "/t/{header.X-T}", "/t/{host}", "/n/{header.X-T}/x", "/n/{header.X-T}/x/{header.X-U}", "/n/a/x"}
	flagPaths   = []string{"/f/g", "/t/a/blocked", "/t/{header.X-T}/blocked", "/t/{host}/blocked", "/n/{header.X-T}/x/{header.X-U}/on"}
)

// generator makes a walk of a seed.
type generator struct {
	random  *rand.Rand
	without map[string]bool // kinds of things that are left out
	steps   []step
	number  int // of contents

	network, server, copied bool
	denied                  map[string]bool
	values, flags           []string // nodes that were put
	rules                   map[string]middleware
}

// generate makes the walk of a seed, without some kinds of things, so that a fault
// that is known doesn't hide others.
func generate(seed uint64, length int, without map[string]bool) []step {
	g := &generator{
		random: rand.New(rand.NewPCG(seed, 1)), without: without, network: true, server: true,
		denied: map[string]bool{}, rules: map[string]middleware{},
	}
	for range 6 {
		g.put()
	}
	g.reload(3)
	for len(g.steps) < length {
		g.next()
	}
	return g.steps
}

// choices are what may come next, and how often.
var choices = []struct {
	name   string
	weight int
	do     func(g *generator)
}{
	{"put", 30, (*generator).put},
	{"burst", 6, (*generator).burst},
	{"del", 8, func(g *generator) { g.add("del", g.node(append(valueNodes, flagNodes...))) }},
	{"parents", 6, func(g *generator) { g.add("del", g.node(parents)) }},
	{"recreate", 4, (*generator).recreate},
	{"deny", 4, (*generator).deny},
	{"grant", 3, (*generator).grant},
	{"reload", 22, func(g *generator) { g.reload(1 + g.random.IntN(3)) }},
	{"limit", 5, (*generator).limit},
	{"cluster", 3, (*generator).cluster},
	{"cut", 4, func(g *generator) { g.add("cut") }},
	{"expire", 3, func(g *generator) { g.add("expire") }},
	{"network", 4, (*generator).toggleNetwork},
	{"server", 3, (*generator).toggleServer},
	{"wait", 2, func(g *generator) { g.add("wait") }},
	{"copy", 2, (*generator).copy},
	{"restore", 1, (*generator).restore},
	{"rollback", 1, (*generator).rollback},
}

// next adds what comes next. While the ensemble is away, what brings it back comes
// more often.
func (g *generator) next() {
	if (!g.network || !g.server) && g.random.IntN(4) == 0 {
		if !g.network {
			g.toggleNetwork()
		} else {
			g.toggleServer()
		}
		return
	}
	total := 0
	for _, c := range choices {
		total += c.weight
	}
	at := g.random.IntN(total)
	for _, c := range choices {
		if at -= c.weight; at < 0 {
			if !g.without[c.name] {
				c.do(g)
			}
			return
		}
	}
}

// rollback copies, changes and restores.
func (g *generator) rollback() {
	if !g.server || g.without["restore"] {
		return
	}
	g.copy()
	g.burst()
	g.restore()
}

// add adds a step, now and then in haste.
func (g *generator) add(verb string, arguments ...string) {
	g.steps = append(g.steps, step{verb: verb, arguments: arguments, hurried: g.random.IntN(6) == 0})
}

func (g *generator) hurry() { g.steps[len(g.steps)-1].hurried = true }

func (g *generator) one(of []string) string { return of[g.random.IntN(len(of))] }

// node is one of the nodes, with names in the places of T and U.
func (g *generator) node(of []string) string {
	return strings.NewReplacer("T", g.one(tenants), "U", g.one(users)).Replace(g.one(of))
}

func (g *generator) put() {
	if !g.server {
		return
	}
	nodes, contents, before := valueNodes, kinds, &g.values
	if g.random.IntN(4) == 0 {
		nodes, contents, before = flagNodes, flagKinds, &g.flags
	}
	at := g.node(nodes)
	if len(*before) > 0 && g.random.IntN(2) == 0 {
		at = g.one(*before)
	}
	*before = append(*before, at)
	g.number++
	kind := g.one(contents)
	if kind == "bad" && g.without["bad"] || kind == "empty" && g.random.IntN(2) == 0 {
		kind = contents[0]
	}
	g.add("put", at, kind, fmt.Sprint(g.number))
}

func (g *generator) burst() {
	before := len(g.steps)
	for range 2 + g.random.IntN(6) {
		g.put()
		if len(g.steps) > before {
			g.hurry()
		}
	}
	g.put()
}

// recreate deletes a parent and makes something below it again, at once.
func (g *generator) recreate() {
	if !g.server {
		return
	}
	g.add("del", g.node(parents))
	g.hurry()
	g.put()
}

func (g *generator) deny() {
	at := g.node(append(valueNodes, flagNodes...))
	if strings.Count(at, "/") != 2 || strings.HasPrefix(at, "/f/") { // only nodes without children
		g.denied[at] = true
		g.add("deny", at)
	}
}

// grant gives rights back, and then writes, since nothing else tells of it.
func (g *generator) grant() {
	denied := sortedNames(g.denied)
	if len(denied) == 0 || !g.server {
		return
	}
	at := denied[0]
	kind := "text"
	if strings.HasSuffix(at, "/on") || strings.HasSuffix(at, "/blocked") || strings.HasSuffix(at, "/g") {
		kind = "on"
	}
	g.number++
	g.add("grant", at)
	g.add("put", at, kind, fmt.Sprint(g.number))
	delete(g.denied, at)
}

func (g *generator) toggleNetwork() {
	g.network = !g.network
	g.add("network", map[bool]string{true: "on", false: "off"}[g.network])
}

func (g *generator) toggleServer() {
	g.server = !g.server
	g.add("server", map[bool]string{true: "start", false: "kill"}[g.server])
}

func (g *generator) copy() {
	if g.server {
		g.copied = true
		g.add("copy")
	}
}

func (g *generator) restore() {
	if g.copied {
		g.server = true
		g.add("restore")
	}
}
