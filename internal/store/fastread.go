package store

import (
	"time"

	"github.com/go-zookeeper/zk"

	"github.com/mod-zookeeper/traefik-zookeeper/internal/guard"
	"github.com/mod-zookeeper/traefik-zookeeper/internal/published"
	"github.com/mod-zookeeper/traefik-zookeeper/internal/session"
	"github.com/mod-zookeeper/traefik-zookeeper/internal/value"
)

// A changed node is asked for as soon as its event comes, in the client's goroutine.
// Another goroutine waits for the answer and takes it. By way of the queue and its readers,
// interpreted, a change takes longer than ZooKeeper needs for it. One node at a time is read
// so. All others go into the queue, and so does a node whose fast read fails.
//
// Yaegi: a method costs several times as much as a function. So what brings a change
// from its event to the requests are functions, and it takes the lock without any.

// A fastRead is the reading of a node on account of an event.
type fastRead struct {
	node       *node
	connection *session.Connection
	key        session.NodeKey
	trigger    *session.Trigger
	noted      bool // the event was noted: the node needn't be read for it once more
}

// An answer is what came of a fast read.
type answer struct {
	connection int            // its number
	content    *value.Content // nil where it failed
}

// mostAnswers can be there before they are taken: for each of two connections the client's
// answer, and the store's own when the connection is given up.
const mostAnswers = 4

// answersOf makes what a client calls with each answer. The answer is passed on whatever goes wrong
// before, since the node isn't read in any other way until then.
func answersOf(st *Store, connection int) func([]byte, *zk.Stat, error) {
	return func(data []byte, stat *zk.Stat, err error) {
		a := &answer{connection: connection}
		defer func() { st.answers <- a }()
		if err == nil {
			a.content = &value.Content{Exists: true, Data: data, Stat: stat, Version: stat.Mzxid}
			publishInPlace(st, a)
		}
	}
}

// publishInPlace shows an answer to all who read the node's text in place. What else is done about
// it is left to the goroutine that takes the answer.
func publishInPlace(st *Store, a *answer) {
	st.mu.Lock()
	defer st.mu.Unlock()
	read := fastOf(st.nodes, a)
	if read == nil {
		return
	}
	for _, v := range read.node.views {
		if v.format == value.FormatText && published.IsReadInPlace(v.text) {
			r := value.Read(v.format, v.key, a.content)
			published.Replace(v.text, v.value, r.Value, v.loaded && !v.refused && r.Refused == nil)
		}
	}
}

// readFast asks for the node that an event tells a change of, unless that is left
// to the queue. It is called in the client's goroutine, without the lock.
func readFast(st *Store, connection int, e zk.Event) {
	if e.Type != zk.EventNodeDataChanged {
		return
	}
	conn := beginFast(st, connection, session.NodeKey{Path: e.Path})
	if conn != nil && !conn.GetAsync(e.Path, conn.OnAnswer) {
		st.answers <- &answer{connection: connection}
	}
}

// beginFast reserves the node for a fast read, and returns the connection for it. It is nil
// where the node can't have one.
func beginFast(st *Store, connection int, key session.NodeKey) *session.Connection {
	st.mu.Lock()
	defer st.mu.Unlock()
	all := st.nodes
	n, conn := all.data[key.Path], all.session.Connection
	if conn.GetAsync == nil || all.fast != nil || n == nil || n.reading || n.queued || n.rechecked || conn.Number != connection || !session.IsWatching(all.session, key, st.watcher) {
		return nil
	}
	n.reading = true
	n.askedAt = time.Now()
	conn.Holders++
	all.fast = &fastRead{node: n, connection: conn, key: key, trigger: &session.Trigger{Asking: 1}}
	return conn
}

// isFast tells whether a node's event is the one that its fast read began with. The watch
// that told of the event is used up now, and the fast read sets the next one.
func isFast(all *nodes, n *node) bool {
	if all.fast == nil || all.fast.node != n || all.fast.noted {
		return false
	}
	all.fast.noted = true
	all.session.Triggers[all.fast.key] = all.fast.trigger
	return true
}

// takeAnswers takes answers until the session is closed.
//
// Yaegi: calls nest deep. A goroutine that is there already has the stack for that,
// a new one has to let it grow, for up to a tenth of a millisecond.
func takeAnswers(st *Store) {
	for a := range st.answers {
		if a == nil {
			return
		}
		takeAnswer(st, a)
	}
}

func takeAnswer(st *Store, a *answer) {
	st.mu.Lock()
	read := fastOf(st.nodes, a)
	st.mu.Unlock()
	if read == nil {
		return
	}
	delays := []time.Duration{lastRetry}
	guard.Try("cluster "+st.Name+": reading "+read.key.Path, func() {
		if a.content != nil {
			deliver(st, []*node{read.node}, []*value.Content{a.content})
		}
		delays[0] = 0
	})
	watched := &session.WatchedRead{Connection: read.connection, Key: read.key, Trigger: read.trigger, SetsWatch: true, Watcher: st.watcher}
	if a.content != nil {
		session.FinishWatchedRead(st.Session, watched)
	} else {
		session.FailWatchedRead(st.Session, watched)
	}
	st.mu.Lock()
	st.nodes.fast = nil                                   // another node may be read fast
	read.node.again = read.node.again || a.content == nil // what failed is read by the queue
	st.mu.Unlock()
	done(st, []*node{read.node}, read.connection, delays)
}

// fastOf is the fast read that an answer is for. It is nil where that was given up. It is called
// with the lock held.
func fastOf(all *nodes, a *answer) *fastRead {
	if all.fast == nil || all.fast.connection.Number != a.connection {
		return nil
	}
	return all.fast
}

// abandonFast gives up what is being read through the connection, before that is dropped. It
// is called with the lock held.
func abandonFast(st *Store, all *nodes) {
	conn := all.session.Connection
	if all.fast != nil && all.fast.connection == conn {
		st.answers <- &answer{connection: conn.Number}
	}
}
