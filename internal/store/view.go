package store

import (
	"sync/atomic"

	"github.com/mod-zookeeper/traefik-zookeeper/internal/diagnostic"
	"github.com/mod-zookeeper/traefik-zookeeper/internal/guard"
	"github.com/mod-zookeeper/traefik-zookeeper/internal/published"
	"github.com/mod-zookeeper/traefik-zookeeper/internal/session"
	"github.com/mod-zookeeper/traefik-zookeeper/internal/value"
)

// A view is the value that one format makes of a node, for all who read the node so.
type view struct {
	format     string
	key        string
	users      map[*session.Listener]int
	loaded     bool                   // some content was read
	number     int64                  // of that content; contents with lower numbers are older, and don't count
	value      any                    // the last good one, or nil where the node has none
	refused    bool                   // the node's present version gives none
	text       *published.Text        // what is read in place
	content    *value.Content         // that was read last
	diagnostic *diagnostic.Diagnostic // nil where there was never anything to say of a version
}

// viewOf is a format's view of a node. A new view gets the value of what is known of the
// node, at once where that takes no time.
func viewOf(st *Store, all *nodes, n *node, format, key string) *view {
	for _, v := range n.views {
		if v.format == format && v.key == key {
			return v
		}
	}
	v := &view{format: format, key: key, users: map[*session.Listener]int{}, text: &published.Text{}}
	n.views = append(n.views, v)
	if n.content == nil {
		return v
	}
	known := contentOf(n)
	if format == value.FormatText {
		accept(all, n, v, known, value.Read(format, key, known))
	} else {
		go readViewLater(st, n, v)
	}
	return v
}

// readViewLater reads what is known of a node for a view that came after the node was read. It
// runs in a goroutine of its own.
func readViewLater(st *Store, n *node, v *view) {
	guard.Retry("cluster "+st.Name+": reading "+n.path, func() { readView(st, n, v) })
}

func readView(st *Store, n *node, v *view) {
	known := contentFor(st, n, v)
	if known == nil {
		return
	}
	r := value.Read(v.format, v.key, known)
	all := lock(st)
	defer unlock(st)
	accept(all, n, v, known, r)
	all.tell(usersOf([]*view{v})...)
}

// contentFor is the content that a view hasn't read yet. It is nil where there is none.
func contentFor(st *Store, n *node, v *view) *value.Content {
	st.mu.Lock()
	defer st.mu.Unlock()
	if n.content == nil || n.content.Number <= v.number || len(v.users) == 0 {
		return nil
	}
	return contentOf(n)
}

// readingsOf reads the contents for each view, outside of the lock, except for texts,
// which take no time.
func readingsOf(st *Store, nodes []*node, contents []*value.Content) map[*view]*value.Reading {
	viewed := map[*view]*value.Content{}
	st.mu.Lock()
	for i, n := range nodes {
		for _, v := range n.views {
			if v.format != value.FormatText {
				viewed[v] = contents[i]
			}
		}
	}
	st.mu.Unlock()
	readings := map[*view]*value.Reading{}
	for v, fresh := range viewed {
		readings[v] = value.Read(v.format, v.key, fresh)
	}
	return readings
}

// usersOf are the listeners of views, each once.
func usersOf(views []*view) []*session.Listener {
	seen := make(map[*session.Listener]bool)
	var users []*session.Listener
	for _, v := range views {
		for user := range v.users {
			if !seen[user] {
				seen[user] = true
				users = append(users, user)
			}
		}
	}
	return users
}

// accept gives a view what was read of a content. A version that can't be served is logged
// once, and leaves the last good value in its place.
func accept(all *nodes, n *node, v *view, content *value.Content, r *value.Reading) {
	if content.Number < v.number {
		return
	}
	published.Replace(v.text, v.value, r.Value, v.loaded && !v.refused && r.Refused == nil)
	v.number = content.Number
	v.content = content
	v.loaded = true
	v.refused = r.Refused != nil
	if !v.refused {
		v.value = r.Value
	}
	if !diagnostic.IsNeeded(v.diagnostic, r) {
		return
	}
	v.diagnostic = diagnostic.Of(v.diagnostic, &diagnostic.Subject{Cluster: all.name, Path: n.path, Format: v.format, Key: v.key, Refused: all.refused}, content.Version, r)
	if v.refused {
		n.problem = v.diagnostic.Refused
	}
}

// RefusedValues counts the versions of nodes that can't be used.
func RefusedValues(st *Store) *atomic.Int64 { return st.refused }
