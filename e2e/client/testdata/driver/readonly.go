package driver

import (
	"fmt"
	"net"
	"strings"
	"sync"
	"time"

	"github.com/go-zookeeper/zk"
)

// turns hands out several servers, one after the other.
type turns struct {
	mu      sync.Mutex
	servers []string
	next    int
	failed  int // attempts since the last session
}

func asTurns(t *turns) zk.HostProvider { return t }

func (t *turns) Init(servers []string) error {
	t.servers = servers
	return nil
}

func (t *turns) Len() int { return len(t.servers) }

func (t *turns) Next() (string, bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	server := t.servers[t.next]
	t.next = (t.next + 1) % len(t.servers)
	t.failed++
	return server, t.failed > 1 && t.failed%len(t.servers) == 1
}

func (t *turns) Connected() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.failed = 0
}

// notes keeps what the client logs.
type notes struct {
	mu    sync.Mutex
	lines string
}

func (n *notes) asLogger() zk.Logger { return n }

func (n *notes) Printf(format string, args ...interface{}) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.lines += fmt.Sprintf(format, args...) + "\n"
}

func (n *notes) String() string {
	n.mu.Lock()
	defer n.mu.Unlock()
	return n.lines
}

// doors are servers under names that only the client's dialer knows.
type doors struct{ addrs map[string]string }

func (d *doors) dial(_, name string, timeout time.Duration) (net.Conn, error) {
	return net.DialTimeout("tcp", d.addrs[name], timeout)
}

// member connects to some server of several, and keeps what the client logs.
func member(addrs []string, timeout time.Duration) (*client, *notes, error) {
	c := &client{}
	n := &notes{}
	d := &doors{addrs: map[string]string{}}
	var names []string
	for i := range addrs {
		name := fmt.Sprintf("server-%d:1", i)
		names = append(names, name)
		d.addrs[name] = addrs[i]
	}
	conn, _, err := zk.Connect(names, timeout, zk.WithEventCallback(c.note), zk.WithLogger(n.asLogger()),
		zk.WithHostProvider(asTurns(&turns{})), zk.WithDialer(d.dial))
	c.conn = conn
	return c, n, err
}

// ReadOnly uses an ensemble with local sessions, whose servers but for one go
// away and come back. It returns what went wrong.
func ReadOnly(addrs []string, cut, restore func()) string {
	c, _, err := member(addrs, 10*time.Second)
	if err != nil {
		return err.Error()
	}
	defer c.conn.Close()
	if err := put(c.conn, "/node", "before"); err != nil {
		return err.Error()
	}
	_, _, first, err := c.conn.GetW("/node")
	if err != nil {
		return err.Error()
	}
	mark := c.mark()
	cut()
	if err := onlyReads(c, mark, first); err != nil {
		return "cut off: " + err.Error()
	}
	watches, err := watchThree(c.conn)
	if err != nil {
		return "watching while cut off: " + err.Error()
	}
	mark = c.mark()
	id := c.conn.SessionID()
	restore()
	if err := moved(c, mark, id); err != nil {
		return "restored: " + err.Error()
	}
	if err := told(c.conn, watches); err != nil {
		return "watches that were set while cut off: " + err.Error()
	}
	return ""
}

// onlyReads wants the client at the server that is left. That one doesn't know
// the local session of before, so the watch is told.
func onlyReads(c *client, mark int, first <-chan zk.Event) error {
	if err := c.awaitState(mark, zk.StateConnectedReadOnly); err != nil {
		return err
	}
	if state := c.conn.State(); state != zk.StateConnectedReadOnly {
		return fmt.Errorf("the state is %s", state)
	}
	event, err := next(first)
	if err != nil {
		return err
	}
	if event.Type != zk.EventNotWatching || event.Err != zk.ErrSessionExpired {
		return fmt.Errorf("the watch of the session before said %s, %v", event.Type, event.Err)
	}
	data, _, err := c.conn.Get("/node")
	if err != nil || string(data) != "before" {
		return fmt.Errorf("read %q, %v", data, err)
	}
	if _, err := c.conn.Set("/node", []byte("mine"), -1); err != zk.ErrNotReadOnly {
		return fmt.Errorf("written: %v", err)
	}
	if _, err := c.conn.Create("/mine", nil, 0, zk.WorldACL(zk.PermAll)); err != zk.ErrNotReadOnly {
		return fmt.Errorf("created: %v", err)
	}
	return nil
}

func watchThree(conn *zk.Conn) ([]<-chan zk.Event, error) {
	_, _, data, err := conn.GetW("/node")
	if err != nil {
		return nil, err
	}
	_, _, children, err := conn.ChildrenW("/node")
	if err != nil {
		return nil, err
	}
	_, _, missing, err := conn.ExistsW("/node/child")
	return []<-chan zk.Event{data, children, missing}, err
}

// moved wants a session that takes writes, and that the client has not asked for
// the one that only the read-only server knew.
func moved(c *client, mark int, id int64) error {
	if err := c.awaitState(mark, zk.StateHasSession); err != nil {
		return err
	}
	if n := c.saw(mark, zk.StateExpired); n > 0 {
		return fmt.Errorf("%d StateExpired", n)
	}
	if now := c.conn.SessionID(); now == id {
		return fmt.Errorf("the session is still %x", id)
	}
	return nil
}

// told changes what is watched, with the client's own connection, and wants each
// watch to tell.
func told(conn *zk.Conn, watches []<-chan zk.Event) error {
	if err := put(conn, "/node", "after"); err != nil {
		return err
	}
	if err := put(conn, "/node/child", ""); err != nil {
		return err
	}
	want := []zk.EventType{zk.EventNodeDataChanged, zk.EventNodeChildrenChanged, zk.EventNodeCreated}
	for i := range watches {
		event, err := next(watches[i])
		if err != nil {
			return fmt.Errorf("watch %d: %v", i, err)
		}
		if event.Type != want[i] {
			return fmt.Errorf("watch %d said %s, %v", i, event.Type, event.Err)
		}
	}
	return nil
}

// KeepsSession uses an ensemble without local sessions. The server that is left
// admits nobody, neither a client with a session nor a new one, and the session
// is there again when the others are. It returns what went wrong.
func KeepsSession(addrs []string, cut, restore func()) string {
	c, _, err := member(addrs, 30*time.Second)
	if err != nil {
		return err.Error()
	}
	defer c.conn.Close()
	if err := put(c.conn, "/node", "before"); err != nil {
		return err.Error()
	}
	watches, err := watchThree(c.conn)
	if err != nil {
		return err.Error()
	}
	mark := c.mark()
	id := c.conn.SessionID()
	cut()
	if err := c.awaitState(mark, zk.StateDisconnected); err != nil {
		return err.Error()
	}
	if err := refused(addrs); err != nil {
		return err.Error()
	}
	if n := c.saw(mark, zk.StateConnectedReadOnly) + c.saw(mark, zk.StateExpired); n > 0 {
		return "the session was given up"
	}
	restore()
	if err := c.awaitState(mark, zk.StateHasSession); err != nil {
		return err.Error()
	}
	if now := c.conn.SessionID(); now != id {
		return fmt.Sprintf("session %x became %x", id, now)
	}
	if err := told(c.conn, watches); err != nil {
		return err.Error()
	}
	return ""
}

func refused(addrs []string) error {
	c, notes, err := member(addrs, 10*time.Second)
	if err != nil {
		return err
	}
	defer c.conn.Close()
	for start := time.Now(); !strings.Contains(notes.String(), zk.ErrNotReadOnly.Error()); time.Sleep(5 * time.Millisecond) {
		if time.Since(start) > patience {
			return fmt.Errorf("a new client isn't told why it is refused: %s", notes)
		}
	}
	return nil
}

// Moves has a read-only server beside one that takes writes, which goes away and
// comes back. The read-only one admits everybody, and stays as it is. A session
// from before has to survive the stay there, and one that began there has to be
// given up. It returns what went wrong.
func Moves(addrs []string, cut, restore func()) string {
	c, _, err := member(addrs, 30*time.Second)
	if err != nil {
		return err.Error()
	}
	defer c.conn.Close()
	if err := c.awaitState(0, zk.StateHasSession); err != nil {
		return err.Error()
	}
	id := c.conn.SessionID()
	mark := c.mark()
	cut()
	if err := c.awaitState(mark, zk.StateConnectedReadOnly); err != nil {
		return err.Error()
	}
	late, _, err := member(addrs, 30*time.Second)
	if err != nil {
		return err.Error()
	}
	defer late.conn.Close()
	if err := late.awaitState(0, zk.StateConnectedReadOnly); err != nil {
		return "late: " + err.Error()
	}
	if now := c.conn.SessionID(); now != id {
		return fmt.Sprintf("session %x became %x", id, now)
	}
	mark, lateMark, lateID := c.mark(), late.mark(), late.conn.SessionID()
	restore()
	if err := moved(late, lateMark, lateID); err != nil {
		return "late: " + err.Error()
	}
	if err := c.awaitState(mark, zk.StateHasSession); err != nil {
		return err.Error()
	}
	if now := c.conn.SessionID(); now != id || c.saw(mark, zk.StateExpired) > 0 {
		return fmt.Sprintf("session %x became %x", id, now)
	}
	return ""
}
