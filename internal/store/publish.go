package store

import (
	"time"

	"github.com/mod-zookeeper/traefik-zookeeper/internal/history"
	"github.com/mod-zookeeper/traefik-zookeeper/internal/lists"
	"github.com/mod-zookeeper/traefik-zookeeper/internal/published"
	"github.com/mod-zookeeper/traefik-zookeeper/internal/session"
	"github.com/mod-zookeeper/traefik-zookeeper/internal/value"
)

// A publication is what was read of nodes, on its way to those who use them.
type publication struct {
	nodes    []*node
	contents []*value.Content
	sinks    []*Sink
	changes  []*history.Change
}

// deliver publishes what was read of one node, or of several whose data was read.
func deliver(st *Store, nodes []*node, contents []*value.Content) {
	p := &publication{nodes: nodes, contents: contents}
	publish(st, p, readingsOf(st, nodes, contents))
	if len(p.sinks) > 0 {
		fillSinks(p)
	}
	if len(p.changes) > 0 {
		st.history.Add(p.changes)
	}
}

// publish keeps what was read, and has the listeners told. It notes in the publication which
// sinks are to get it, and what has changed.
func publish(st *Store, p *publication, readings map[*view]*value.Reading) {
	st.mu.Lock() // Yaegi: calls of lock, unlock and tell would cost each change some time
	defer session.Unlock(st.Session)
	all := st.nodes
	var viewed []*view
	var last *Sink
	for i, n := range p.nodes {
		before := n.content
		fresh := p.contents[i]
		if before != nil && (before.Version != fresh.Version || before.Exists != fresh.Exists) {
			p.changes = append(p.changes, changeOf(n, before, fresh))
		}
		keepContent(all, n, fresh)
		for _, v := range n.views {
			r := readings[v]
			if r == nil && v.format != value.FormatText { // the view came meanwhile
				go readViewLater(st, n, v)
				continue
			}
			if r == nil {
				r = value.Read(v.format, v.key, fresh)
			}
			accept(all, n, v, fresh, r)
			if published.IsToBeTold(v.text) {
				viewed = append(viewed, v)
			}
		}
		for _, sink := range n.sinks {
			if sink != last {
				last = sink
				p.sinks = append(lists.Without(p.sinks, sink), sink)
			}
		}
	}
	all.session.Outbox = append(all.session.Outbox, usersOf(viewed)...)
}

// keepContent has a content replace what was known of a node.
func keepContent(all *nodes, n *node, fresh *value.Content) {
	all.latest++
	fresh.Number = all.latest
	n.content = fresh
	n.altered = nil
	n.askedAt = n.changedAt
	n.changedAt = time.Time{}
	n.stale = all.session.DownSince
	n.delay = 0
	n.problem = ""
}

// fillSinks gives the sinks what was read.
func fillSinks(p *publication) {
	b := &Batch{Paths: make([]string, len(p.nodes)), Children: p.nodes[0].children, Contents: p.contents}
	for i, n := range p.nodes {
		b.Paths[i] = n.path
	}
	for _, sink := range p.sinks {
		sink.Receive(b)
	}
}

// changeOf is how a node has changed.
func changeOf(n *node, before, after *value.Content) *history.Change {
	c := history.ChangeBetween(before, after)
	c.Path = n.path
	c.Own = len(n.views) > 0
	c.Event = n.askedAt
	if len(n.sinks) > 0 {
		c.Template = n.sinks[0].Template
	}
	return c
}
