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

// An asyncGet asks for a node's data with a watch, and doesn't wait for the answer.
type asyncGet func(path string, take func([]byte, *zk.Stat, error)) bool

type asyncGetter interface {
	GetAsync(path string, take func([]byte, *zk.Stat, error)) bool
}

// asyncGetOf is nil for a client that can't.
func asyncGetOf(client *zk.Conn) asyncGet {
	able, isAble := asReader(client).(asyncGetter)
	if !isAble {
		return nil
	}
	return able.GetAsync
}

// A promptRead is the reading of a node on account of an event.
type promptRead struct {
	node       *node
	connection *connection
	key        pointKey
	point      *watchpoint
	heard      bool // the event has been passed on
}

// An answer is what came of a prompt reading.
type answer struct {
	connection int      // its number
	content    *content // nil where it failed
}

// mostAnswers can be there before they are taken: that of the client, and that of the
// pool when it gives the client up, of two connections.
const mostAnswers = 4

// answersOf makes what the client calls with each answer.
func (p *pool) answersOf(c *connection) func([]byte, *zk.Stat, error) {
	return func(data []byte, stat *zk.Stat, err error) {
		if err != nil {
			p.answers <- &answer{connection: c.number}
			return
		}
		p.answers <- &answer{connection: c.number, content: &content{exists: true, data: data, stat: stat, version: stat.Mzxid}}
	}
}

// askPromptly asks for the node that an event tells a change of, unless that is left
// to the queue.
func askPromptly(p *pool, c *connection, e zk.Event) {
	if c.getAsync == nil || e.Type != zk.EventNodeDataChanged || !beginPrompt(p, c, pointKey{path: e.Path}) {
		return
	}
	if !c.getAsync(e.Path, c.take) {
		p.answers <- &answer{connection: c.number}
	}
}

// beginPrompt reserves the node for a prompt reading, if it can have one.
func beginPrompt(p *pool, c *connection, key pointKey) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	n := p.data[key.path]
	point := p.points[key]
	if p.prompt != nil || n == nil || point == nil || !point.set || !hasWatcher(point, p.nodeWatcher) || n.reading || n.queued || n.audited || c != p.connection {
		return false
	}
	n.reading = true
	n.asked = time.Now()
	c.holders++
	p.prompt = &promptRead{node: n, connection: c, key: key, point: &watchpoint{asking: 1}}
	return true
}

// isPrompt tells whether the event that is being passed on is the one that a prompt
// reading is on account of, whose watch is spent now; p.mu is held.
func isPrompt(p *pool, n *node) bool {
	if p.prompt == nil || p.prompt.node != n || p.prompt.heard {
		return false
	}
	p.prompt.heard = true
	p.points[p.prompt.key] = p.prompt.point // which is being set
	return true
}

// takeAnswers is the work of a goroutine until the pool is closed.
//
// Yaegi: calls nest deep. A goroutine that is there already has the stack for that,
// a new one has to let it grow, for up to a tenth of a millisecond.
func (p *pool) takeAnswers() {
	for a := range p.answers {
		if a == nil {
			return
		}
		takeAnswer(p, a)
	}
}

func takeAnswer(p *pool, a *answer) {
	read := promptOf(p, a)
	if read == nil {
		return
	}
	delays := []time.Duration{lastRetry}
	guarded("cluster "+p.name+": reading "+read.key.path, func() {
		if a.content != nil {
			deliver(p, []*node{read.node}, []*content{a.content})
		}
		delays[0] = 0
	})
	if a.content != nil {
		arm(p, read.connection, read.key, read.point, p.nodeWatcher, true)
	} else {
		p.unasked(read.key, read.point)
	}
	p.endPrompt(a.content == nil)
	tell(p.done([]*node{read.node}, read.connection, delays))
}

// promptOf is the reading that an answer is for; nil where it was given up.
func promptOf(p *pool, a *answer) *promptRead {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.prompt == nil || p.prompt.connection.number != a.connection {
		return nil
	}
	return p.prompt
}

func (p *pool) endPrompt(failed bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if failed {
		p.prompt.node.again = true
	}
	p.prompt = nil
}

// abandonPrompt gives up what the connection is asked for, before it is dropped; p.mu
// is held.
func (p *pool) abandonPrompt() {
	if p.prompt != nil && p.prompt.connection == p.connection {
		p.answers <- &answer{connection: p.connection.number}
	}
}
