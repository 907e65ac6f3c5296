// Package driver uses the client in ways that tests look at from outside. Its
// functions run compiled and interpreted, so they are written as a plugin is:
// no select, nothing generic, results without names.
package driver

import (
	"fmt"
	"reflect"
	"sync"
	"time"

	"github.com/go-zookeeper/zk"
)

// patience is how long anything may take that isn't meant to hang. It is far
// from what a busy machine needs.
const patience = 30 * time.Second

// client is a connection with the events that it told.
type client struct {
	conn   *zk.Conn
	mu     sync.Mutex
	events []zk.Event
}

func connect(addr string, timeout time.Duration) (*client, error) {
	c := &client{}
	conn, _, err := zk.Connect([]string{addr}, timeout,
		zk.WithEventCallback(c.note), zk.WithLogger(asLogger(&silent{})), zk.WithHostProvider(asHostProvider(&eager{})))
	if err != nil {
		return nil, err
	}
	c.conn = conn
	return c, nil
}

func (c *client) note(e zk.Event) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.events = append(c.events, e)
}

// mark is a place in the client's events: those from there on come later.
func (c *client) mark() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return len(c.events)
}

// saw counts the session events of a state since a mark.
func (c *client) saw(mark int, state zk.State) int {
	c.mu.Lock()
	defer c.mu.Unlock()
	n := 0
	for i := mark; i < len(c.events); i++ {
		if c.events[i].Type == zk.EventSession && c.events[i].State == state {
			n++
		}
	}
	return n
}

func (c *client) awaitState(mark int, state zk.State) error {
	for start := time.Now(); c.saw(mark, state) == 0; time.Sleep(5 * time.Millisecond) {
		if time.Since(start) > patience {
			return fmt.Errorf("no %s", state)
		}
	}
	return nil
}

// retried does an operation again while the connection is away.
func retried(operation func() error) error {
	for start := time.Now(); ; time.Sleep(5 * time.Millisecond) {
		err := operation()
		away := err == zk.ErrConnectionClosed || err == zk.ErrNoServer || err == zk.ErrSessionExpired
		if !away || time.Since(start) > patience {
			return err
		}
	}
}

// put makes a node with that value.
func put(conn *zk.Conn, path, value string) error {
	return retried(func() error {
		_, err := conn.Set(path, []byte(value), -1)
		if err == zk.ErrNoNode {
			_, err = conn.Create(path, []byte(value), 0, zk.WorldACL(zk.PermAll))
		}
		return err
	})
}

// next is the event of a watch. It fails where none comes.
func next(watch <-chan zk.Event) (zk.Event, error) {
	event, _, err := nextOf(watch)
	return event, err
}

// nextOf also tells whether the channel is still open.
func nextOf(events <-chan zk.Event) (zk.Event, bool, error) {
	chosen, value, open := reflect.Select([]reflect.SelectCase{
		{Dir: reflect.SelectRecv, Chan: reflect.ValueOf(events)},
		{Dir: reflect.SelectRecv, Chan: reflect.ValueOf(time.After(patience))},
	})
	if chosen == 1 {
		return zk.Event{}, false, fmt.Errorf("no event within %s", patience)
	}
	return value.Interface().(zk.Event), open, nil
}

// eager tries its one server again without a pause, so that tests get through
// many reconnects in little time.
type eager struct{ server string }

func asHostProvider(e *eager) zk.HostProvider { return e }

func (e *eager) Init(servers []string) error {
	e.server = servers[0]
	return nil
}

func (e *eager) Len() int { return 1 }

func (e *eager) Next() (string, bool) {
	time.Sleep(10 * time.Millisecond)
	return e.server, false
}

func (e *eager) Connected() {}

type silent struct{}

func asLogger(s *silent) zk.Logger { return s }

func (s *silent) Printf(string, ...interface{}) {}
