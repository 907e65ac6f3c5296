package zookeeper

import (
	"time"

	"github.com/go-zookeeper/zk"
)

// A changed node is asked for as soon as its event comes, in the client's goroutine,
// and one that waits for it takes the answer. By way of the queue and its readers,
// interpreted, that takes longer than ZooKeeper does. One node at a time is asked for
// so; the queue gets the others, and what fails.
//
// Yaegi: a method costs several times as much as a function. So what brings a change
// from its event to the requests are functions.

// A fastRead is the reading of a node on account of an event.
type fastRead struct {
	node       *node
	connection *connection
	key        pointKey
	point      *watchpoint
	told       bool // the event has been passed on
}

// An answer is what came of a fast read.
type answer struct {
	connection int      // its number
	content    *content // nil where it failed
}

// mostAnswers can be there before they are taken: that of the client, and that of the
// cache when the client is given up, of two connections.
const mostAnswers = 4

// answersOf makes what the client calls with each answer.
func answersOf(c *cache, client *connection) func([]byte, *zk.Stat, error) {
	return func(data []byte, stat *zk.Stat, err error) {
		if err != nil {
			c.answers <- &answer{connection: client.number}
			return
		}
		c.answers <- &answer{connection: client.number, content: &content{exists: true, data: data, stat: stat, version: stat.Mzxid}}
	}
}

// readFast asks for the node that an event tells a change of, unless that is left
// to the queue.
func readFast(c *cache, client *connection, e zk.Event) {
	if client.getAsync == nil || e.Type != zk.EventNodeDataChanged || !beginFast(c, client, pointKey{path: e.Path}) {
		return
	}
	if !client.getAsync(e.Path, client.answer) {
		c.answers <- &answer{connection: client.number}
	}
}

// beginFast reserves the node for a fast read, if it can have one.
func beginFast(c *cache, client *connection, key pointKey) bool {
	all := lock(c)
	defer c.mu.Unlock()
	n := all.data[key.path]
	if all.fast != nil || n == nil || n.reading || n.queued || n.rechecked || client != all.session.connection || !isWatched(all.session, key, c.watcher) {
		return false
	}
	n.reading = true
	n.asked = time.Now()
	client.holders++
	all.fast = &fastRead{node: n, connection: client, key: key, point: &watchpoint{asking: 1}}
	return true
}

// isFast tells whether the event that is being passed on is the one that a fast read is
// on account of, whose watch is used up now.
func isFast(all *nodes, n *node) bool {
	if all.fast == nil || all.fast.node != n || all.fast.told {
		return false
	}
	all.fast.told = true
	all.session.points[all.fast.key] = all.fast.point // which is being set
	return true
}

// takeAnswers is the work of a goroutine until the session is closed.
//
// Yaegi: calls nest deep. A goroutine that is there already has the stack for that,
// a new one has to let it grow, for up to a tenth of a millisecond.
func takeAnswers(c *cache) {
	for a := range c.answers {
		if a == nil {
			return
		}
		takeAnswer(c, a)
	}
}

func takeAnswer(c *cache, a *answer) {
	read := fastOf(c, a)
	if read == nil {
		return
	}
	delays := []time.Duration{lastRetry}
	guarded("cluster "+c.name+": reading "+read.key.path, func() {
		if a.content != nil {
			deliver(c, []*node{read.node}, []*content{a.content})
		}
		delays[0] = 0
	})
	if a.content != nil {
		wait(c.session, read.connection, pointAnswer{key: read.key, point: read.point, asked: true}, c.watcher)
	} else {
		notSet(c.session, read.key, read.point)
	}
	endFast(c, a.content == nil)
	done(c, []*node{read.node}, read.connection, delays)
}

// fastOf is the fast read that an answer is for; nil where it was given up.
func fastOf(c *cache, a *answer) *fastRead {
	all := lock(c)
	defer c.mu.Unlock()
	if all.fast == nil || all.fast.connection.number != a.connection {
		return nil
	}
	return all.fast
}

func endFast(c *cache, failed bool) {
	all := lock(c)
	defer c.mu.Unlock()
	if failed {
		all.fast.node.again = true
	}
	all.fast = nil
}

// abandonFast gives up what a connection is asked for, before it is dropped.
func abandonFast(c *cache, all *nodes, client *connection) {
	if all.fast != nil && all.fast.connection == client {
		c.answers <- &answer{connection: client.number}
	}
}
