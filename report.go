package zookeeper

import (
	"fmt"
	"sort"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// The report is what the status shows of the process, as JSON has it and the page
// is made of. docs/operations.md documents the fields.

type statusReport struct {
	Time            string              `json:"time"`
	Ready           bool                `json:"ready"`
	Waiting         []string            `json:"waiting"`
	PanicsRecovered int64               `json:"panicsRecovered"`
	Clusters        []*clusterReport    `json:"clusters"`
	MiddlewareCount int                 `json:"middlewareCount"`
	Middlewares     []*middlewareReport `json:"middlewares"`
	Mistakes        []*mistakeReport    `json:"mistakes"`
}

type mistakeReport struct {
	Middleware string `json:"middleware"`
	Error      string `json:"error"`
}

type clusterReport struct {
	Name             string          `json:"name"`
	Servers          []string        `json:"servers"`
	Chroot           string          `json:"chroot"`
	State            string          `json:"state"`
	Since            string          `json:"since"`
	Server           string          `json:"server"`
	Session          string          `json:"session"`
	SessionTimeoutMs int64           `json:"sessionTimeoutMs"`
	Sessions         int64           `json:"sessions"`
	Reconnects       int64           `json:"reconnects"`
	Watches          int             `json:"watches"`
	RefusedValues    int64           `json:"refusedValues"`
	RefusedNodes     int             `json:"refusedNodes"`
	Problem          string          `json:"problem"`
	NodeCount        int             `json:"nodeCount"`
	Nodes            []*nodeReport   `json:"nodes"`
	Changes          []*changeReport `json:"changes"`
	ChangesPerMinute []int64         `json:"changesPerMinute"`
	Propagation      []*bucketReport `json:"propagation"`
}

type nodeReport struct {
	Path       string `json:"path"`
	Reads      string `json:"reads"`
	Exists     bool   `json:"exists"`
	Loaded     bool   `json:"loaded"`
	Value      string `json:"value"`
	Version    int32  `json:"version"`
	Modified   string `json:"modified"`
	StaleSince string `json:"staleSince"`
	Watch      string `json:"watch"`
	Users      int    `json:"users"`
	Problem    string `json:"problem"`
}

type changeReport struct {
	Time         string  `json:"time"`
	Path         string  `json:"path"`
	Kind         string  `json:"kind"`
	Version      int32   `json:"version"`
	Milliseconds float64 `json:"milliseconds"`
}

type bucketReport struct {
	Milliseconds float64 `json:"upToMilliseconds"` // 0 for those that took longer
	Changes      int64   `json:"changes"`
}

// A selection is what somebody wants to see of the status.
type selection struct {
	below  string // beginning of the nodes' paths
	named  string // beginning of the middlewares' names
	hidden bool   // values are
}

// mostListed nodes of a cluster, and middlewares, are in a report.
const mostListed = 200

func stamp(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format("2006-01-02T15:04:05.000Z")
}

func milliseconds(d time.Duration) float64 { return float64(d) / float64(time.Millisecond) }

// report is the status now.
func (r *registry) report(sel *selection) *statusReport {
	now := time.Now()
	waiting := r.waiting()
	status := &statusReport{
		Time: stamp(now), Ready: len(waiting) == 0, Waiting: waiting, PanicsRecovered: panics.Load(),
		Clusters: []*clusterReport{}, Mistakes: r.mistaken(),
	}
	r.addMiddlewares(status, sel)
	for _, p := range r.pools() {
		status.Clusters = append(status.Clusters, p.report(now, sel))
	}
	return status
}

// pools are all that somebody uses, by the names of their clusters: those in force,
// and then those that drain.
func (r *registry) pools() []*pool {
	r.mu.Lock()
	defer r.mu.Unlock()
	var used []*pool
	names := sortedKeys(r.clusters)
	for _, name := range names {
		used = append(used, r.clusters[name].pool())
	}
	for _, name := range names {
		for _, m := range r.clusters[name].members {
			used = append(used, m.pool)
		}
	}
	seen := map[*pool]bool{}
	var all []*pool
	for _, p := range used {
		if p != nil && !seen[p] {
			seen[p] = true
			all = append(all, p)
		}
	}
	return all
}

func (r *registry) mistaken() []*mistakeReport {
	r.mu.Lock()
	defer r.mu.Unlock()
	seen := map[string]bool{} // since each router makes the same one
	all := []*mistakeReport{}
	for m := range r.mistakes {
		id := m.middleware + "\x00" + m.why
		if !seen[id] {
			seen[id] = true
			all = append(all, &mistakeReport{Middleware: m.middleware, Error: m.why})
		}
	}
	sort.Slice(all, func(i, j int) bool {
		return all[i].Middleware < all[j].Middleware || all[i].Middleware == all[j].Middleware && all[i].Error < all[j].Error
	})
	return all
}

func (p *pool) report(now time.Time, sel *selection) *clusterReport {
	refused := p.refusedInSubtrees()
	p.mu.Lock()
	defer p.mu.Unlock()
	c := &clusterReport{
		Name: p.name, Servers: p.settings.servers, Chroot: string(p.chroot), State: string(p.state), Since: stamp(p.since),
		SessionTimeoutMs: int64(p.timeout() / time.Millisecond), Sessions: p.sessions, Reconnects: p.reconnects, Watches: p.watches(),
		RefusedValues: p.refused.Load(), NodeCount: len(p.data) + len(p.children), Nodes: []*nodeReport{}, Changes: []*changeReport{},
		ChangesPerMinute: p.journal.perMinute(now), RefusedNodes: p.countRefused(refused),
	}
	if p.up() {
		c.Server = p.server
		c.Session = fmt.Sprintf("0x%x", p.sessionID)
	} else if p.started {
		c.Problem = p.log.problem()
	}
	if sel.below != noNodes {
		c.Nodes = p.list(sel)
	}
	for _, change := range p.journal.changes() {
		c.Changes = append(c.Changes, &changeReport{
			Time: stamp(change.at), Path: p.chroot.relative(change.path), Kind: change.kind, Version: change.version,
			Milliseconds: milliseconds(change.at.Sub(change.heard)),
		})
	}
	buckets, _ := p.journal.propagation()
	for i, count := range buckets {
		b := &bucketReport{Changes: count}
		if i < len(propagationBounds) {
			b.Milliseconds = milliseconds(propagationBounds[i])
		}
		c.Propagation = append(c.Propagation, b)
	}
	return c
}

// list is the first nodes whose paths begin so; p.mu is held, so it makes haste.
func (p *pool) list(sel *selection) []*nodeReport {
	start := string(p.chroot) + sel.below
	if sel.below == "/" { // the chroot itself is below it, too
		start = string(p.chroot)
	}
	listed := []*nodeReport{}
	for _, nodes := range []map[string]*node{p.data, p.children} {
		var found []string
		for full := range nodes {
			if strings.HasPrefix(full, start) {
				found = append(found, full)
			}
		}
		sort.Strings(found)
		for _, full := range found {
			if len(listed) == mostListed {
				return listed
			}
			listed = append(listed, p.reportNode(nodes[full], sel.hidden))
		}
	}
	return listed
}

// watches is how many the pool has at the server, none while there is no connection.
// Where a node has a recursive watch, the client keeps the one of its data to itself.
// p.mu is held.
func (p *pool) watches() int {
	if !p.up() {
		return 0
	}
	recursive := p.connection.recursive
	count := len(recursive)
	for key, point := range p.points {
		if point.set && (key.children || !recursive[key.path]) {
			count++
		}
	}
	return count
}

// reportNode is what is known of a node; p.mu is held.
func (p *pool) reportNode(n *node, hidden bool) *nodeReport {
	report := &nodeReport{
		Path: p.chroot.relative(n.path), Reads: "data", Loaded: n.content != nil, StaleSince: stamp(n.stale),
		Watch: p.watchOf(n), Users: len(n.takers), Problem: n.problem,
	}
	if hidden {
		report.Problem = withoutReason(n.problem)
	}
	if n.children {
		report.Reads = "children"
	}
	for _, v := range n.views {
		report.Users += len(v.users)
	}
	if n.content == nil || !n.content.exists {
		return report
	}
	report.Exists = true
	if n.content.stat != nil {
		report.Version = n.content.stat.Version
		report.Modified = stamp(time.UnixMilli(n.content.stat.Mtime))
	}
	switch {
	case n.children:
		report.Value = strconv.Itoa(len(n.content.children)) + " below"
	case !hidden && n.content.denied == nil:
		report.Value = shown(string(n.content.data))
	}
	return report
}

func (p *pool) watchOf(n *node) string {
	switch {
	case isCarried(n):
		return "recursive"
	case p.points[pointKey{path: n.path, children: n.children}] != nil || p.points[pointKey{path: n.path}] != nil:
		return "own"
	}
	return "none"
}

// mostShown bytes of a value are in a report.
const mostShown = 120

// shown is a value as people can read it.
func shown(text string) string {
	if !utf8.ValidString(text) {
		return fmt.Sprintf("%d bytes that are no text", len(text))
	}
	whole := len(text)
	if whole > mostShown {
		text = strings.ToValidUTF8(text[:mostShown], "")
	}
	text = strings.Map(printable, text)
	if whole > mostShown {
		text += fmt.Sprintf("… (%d bytes)", whole)
	}
	return text
}

func printable(r rune) rune {
	if unicode.IsPrint(r) {
		return r
	}
	return ' '
}
