package zookeeper

import (
	"fmt"
	"net"
	"sync"
	"time"

	"github.com/go-zookeeper/zk"
)

const (
	dialTimeout = 3 * time.Second
	// A request without an answer means a connection that is worth nothing,
	// even where its pings are answered.
	answerTimeout = 10 * time.Second
	// The client insists on the last state it saw: an ensemble that was set up
	// anew refuses it for ever. So some time after the session must have expired
	// the client is replaced.
	renewAfter = 10 * time.Second
	// One node and what surrounds it on the wire: ZooKeeper's own limit is 1 MB.
	longestPacket = 64 << 20
)

// connect makes the client, which connects by itself from then on; p.mu is held.
func (p *pool) connect() {
	p.clientSince = time.Now()
	conn, _, err := zk.Connect(p.settings.servers, p.settings.sessionTimeout,
		zk.WithEventCallback(p.callback(p.clientNo)),
		zk.WithHostProvider(asHostProvider(newHosts())),
		zk.WithLogger(asLogger(p.log)),
		zk.WithLogInfo(false),
		zk.WithDialer(dial),
		zk.WithMaxBufferSize(longestPacket))
	if err != nil {
		logError("cluster %s: no client: %s", p.name, err.Error())
		return
	}
	p.conn = conn
}

// dropConn gives the client up; p.mu is held.
func (p *pool) dropConn() {
	p.clientNo++
	p.up = false
	if p.conn != nil {
		go closeConn(p.conn)
	}
	p.conn = nil
}

func closeConn(conn *zk.Conn) {
	guarded("closing a connection", conn.Close)
}

// renew replaces a client that gets nowhere.
func (p *pool) renew() {
	tell(p.replaceClient())
}

// replaceClient returns who is to be told that values became stale.
func (p *pool) replaceClient() []*listener {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.closed {
		return nil
	}
	affected := p.wentDown()
	p.dropConn()
	p.connect()
	return affected
}

// The answers to names are asked for at every attempt, since addresses change.
func dial(network, address string, _ time.Duration) (net.Conn, error) {
	return net.DialTimeout(network, address, dialTimeout)
}

func (p *pool) callback(clientNo int) zk.EventCallback {
	return func(e zk.Event) { p.event(clientNo, e) }
}

// event runs in the client's goroutines, and must not block them.
func (p *pool) event(clientNo int, e zk.Event) {
	affected := p.affectedBy(clientNo, e)
	if len(affected) > 0 {
		go tell(affected)
	}
}

func (p *pool) affectedBy(clientNo int, e zk.Event) []*listener {
	p.mu.Lock()
	defer p.mu.Unlock()
	if clientNo != p.clientNo || p.closed {
		return nil
	}
	return p.apply(e)
}

// tell calls listeners, none of which can keep the others from being called.
func tell(listeners []*listener) {
	for _, l := range listeners {
		guarded("listener", l.changed)
	}
}

// apply takes an event and returns who is to be told that values became stale
// or fresh; p.mu is held.
func (p *pool) apply(e zk.Event) []*listener {
	if e.Type != zk.EventSession {
		p.changed(e.Path)
		return nil
	}
	switch e.State {
	case zk.StateHasSession:
		p.cameUp(e.Server)
		return p.staleSensitive()
	case zk.StateDisconnected, zk.StateExpired, zk.StateAuthFailed:
		return p.wentDown()
	}
	return nil
}

func (p *pool) changed(path string) {
	if n := p.data[path]; n != nil {
		p.enqueue(n)
	}
	if n := p.children[path]; n != nil {
		p.enqueue(n)
	}
}

// cameUp notes a session. After a mere reconnect the client has its watches
// again, and what changed meanwhile arrives as events; in a new session every
// node is read and watched anew.
func (p *pool) cameUp(server string) {
	id := p.conn.SessionID()
	renewed := id != p.sessionID
	first := p.sessionID == 0
	p.sessionID = id
	p.up = true
	p.downSince = time.Time{}
	p.lost = false
	for _, n := range p.allNodes() {
		if renewed || n.retries > 0 {
			n.retries = 0
			p.enqueue(n)
		} else {
			n.stale = time.Time{}
		}
	}
	p.wake.Broadcast()
	word := "reconnected"
	if first {
		word = "connected"
	}
	logInfo("cluster %s: %s to %s, session 0x%x", p.name, word, server, id)
}

// wentDown notes that the session is not to be had, and returns who is to be told;
// nobody where that is no news.
func (p *pool) wentDown() []*listener {
	if !p.up {
		return nil
	}
	p.up = false
	p.downSince = time.Now()
	for _, n := range p.allNodes() {
		if n.stale.IsZero() {
			n.stale = p.downSince
		}
	}
	logInfo("cluster %s: suspended: %s", p.name, p.log.latest())
	return p.staleSensitive()
}

func (p *pool) allNodes() []*node {
	var all []*node
	for _, n := range p.data {
		all = append(all, n)
	}
	for _, n := range p.children {
		all = append(all, n)
	}
	return all
}

// staleSensitive are the listeners that don't serve values for ever.
func (p *pool) staleSensitive() []*listener {
	var views []*view
	for _, n := range p.allNodes() {
		views = append(views, n.views...)
	}
	var sensitive []*listener
	for _, user := range usersOf(views) {
		if user.staleness {
			sensitive = append(sensitive, user)
		}
	}
	return sensitive
}

// watchdog runs once a tick: it calls a session lost that is away for longer
// than its timeout, and replaces a client that gets no answer or no session.
func (p *pool) watchdog() {
	if p.isClosed() {
		return
	}
	after(tick, "cluster "+p.name+": watchdog", p.watchdog)
	if p.isStuck() {
		p.renew()
	}
}

func (p *pool) isClosed() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.closed
}

func (p *pool) isStuck() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return !p.closed && p.stuck(time.Now())
}

func (p *pool) stuck(now time.Time) bool {
	if p.up {
		for n, since := range p.active {
			if now.Sub(since) > answerTimeout {
				logError("cluster %s: connecting anew: no answer for %s within %s", p.name, n.path, answerTimeout)
				return true
			}
		}
		return false
	}
	away := now.Sub(p.downSince)
	if away > p.settings.sessionTimeout && !p.lost {
		p.lost = true
		logError("cluster %s: lost: no session for %s with %v: %s", p.name, away.Round(time.Second), p.settings.servers, p.log.latest())
	}
	return now.Sub(p.clientSince) > renewAfter && away > renewAfter+p.settings.sessionTimeout
}

// clientLog keeps the client's last message, for the line about the transition
// that it explains. The client logs each attempt; the log is for transitions.
type clientLog struct {
	mu   sync.Mutex
	last string
}

// Printf is the client's logger.
func (l *clientLog) Printf(format string, args ...any) {
	text := fmt.Sprintf(format, args...)
	l.mu.Lock()
	defer l.mu.Unlock()
	l.last = text
}

func (l *clientLog) latest() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.last
}

// Yaegi: converted in a function of its own, an interface never aliases a variable.
func asLogger(l *clientLog) zk.Logger { return l }

func connectionFailed(err error) bool {
	switch err {
	case zk.ErrConnectionClosed, zk.ErrSessionExpired, zk.ErrSessionMoved, zk.ErrNoServer, zk.ErrClosing:
		return true
	}
	return false
}
