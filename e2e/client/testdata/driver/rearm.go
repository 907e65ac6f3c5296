package driver

import (
	"fmt"
	"time"

	"github.com/go-zookeeper/zk"
)

// Rearmed breaks a connection with a recursive watch, and one-shot ones elsewhere,
// so many times. As soon as a request is answered in the next connection, the
// recursive watch has to tell everything again.
func Rearmed(addr, direct string, rounds int, broken func()) string {
	c, writer, err := connectBoth(addr, direct, 10*time.Second)
	if err != nil {
		return err.Error()
	}
	defer func() { c.conn.Close() }()
	defer func() { writer.conn.Close() }()
	watch, err := watchAround(c.conn, writer.conn)
	if err != nil {
		return err.Error()
	}
	for round := 0; round < rounds; round++ {
		mark := c.mark()
		broken()
		err := c.awaitState(mark, zk.StateHasSession)
		if err == nil {
			err = retried(func() error { return answered(c.conn) })
		}
		if err == nil {
			err = c.tells(writer.conn, fmt.Sprint("/rearmed/a/b-", round))
		}
		if err != nil {
			return fmt.Sprint("round ", round, ": ", err.Error())
		}
	}
	err = put(writer.conn, "/elsewhere", "changed")
	if err != nil {
		return err.Error()
	}
	_, err = next(watch)
	if err != nil {
		return err.Error()
	}
	return ""
}

func connectBoth(addr, direct string, timeout time.Duration) (*client, *client, error) {
	c, err := connect(addr, timeout)
	if err != nil {
		return nil, nil, err
	}
	writer, err := connect(direct, 10*time.Second)
	return c, writer, err
}

func watchAround(conn, writer *zk.Conn) (<-chan zk.Event, error) {
	for _, path := range []string{"/elsewhere", "/rearmed", "/rearmed/a"} {
		err := put(writer, path, "")
		if err != nil {
			return nil, err
		}
	}
	err := conn.AddRecursiveWatch("/rearmed")
	if err != nil {
		return nil, err
	}
	_, _, _, err = conn.ExistsW("/nowhere")
	if err != nil {
		return nil, err
	}
	_, _, _, err = conn.ChildrenW("/")
	if err != nil {
		return nil, err
	}
	_, _, watch, err := conn.GetW("/elsewhere")
	return watch, err
}

func answered(conn *zk.Conn) error {
	_, _, err := conn.Get("/")
	return err
}

// tells wants an event each of a node that is created, changed and deleted.
func (c *client) tells(writer *zk.Conn, path string) error {
	mark := c.mark()
	_, err := writer.Create(path, nil, 0, zk.WorldACL(zk.PermAll))
	if err != nil {
		return err
	}
	_, err = writer.Set(path, nil, -1)
	if err != nil {
		return err
	}
	err = writer.Delete(path, -1)
	if err != nil {
		return err
	}
	seen, err := c.awaitEventsOf(mark, path, 3)
	if err != nil {
		return fmt.Errorf("%q: %v", seen, err)
	}
	want := []string{"EventNodeCreated " + path, "EventNodeDataChanged " + path, "EventNodeDeleted " + path}
	if fmt.Sprint(seen) != fmt.Sprint(want) {
		return fmt.Errorf("%q, want %q", seen, want)
	}
	return nil
}

// awaitEventsOf waits for so many events of a node since a mark.
func (c *client) awaitEventsOf(mark int, path string, n int) ([]string, error) {
	for start := time.Now(); ; time.Sleep(time.Millisecond) {
		seen := c.eventsOf(mark, path)
		if len(seen) >= n {
			return seen, nil
		}
		if time.Since(start) > patience {
			return seen, fmt.Errorf("no event within %s", patience)
		}
	}
}

func (c *client) eventsOf(mark int, path string) []string {
	c.mu.Lock()
	defer c.mu.Unlock()
	var seen []string
	for i := mark; i < len(c.events); i++ {
		if c.events[i].Type != zk.EventSession && c.events[i].Path == path {
			seen = append(seen, c.events[i].Type.String()+" "+path)
		}
	}
	return seen
}

// RecursiveExpiry wants the end of a session told of a recursive watch, and the
// watch gone.
func RecursiveExpiry(addr, direct string, cut, restore func()) string {
	c, writer, err := connectBoth(addr, direct, time.Second)
	if err != nil {
		return err.Error()
	}
	defer func() { c.conn.Close() }()
	defer func() { writer.conn.Close() }()
	err = recursivelyExpired(c, writer.conn, cut, restore)
	if err != nil {
		return err.Error()
	}
	return ""
}

func recursivelyExpired(c *client, writer *zk.Conn, cut, restore func()) error {
	err := retried(func() error {
		_, err := c.conn.Create("/mine", nil, zk.FlagEphemeral, zk.WorldACL(zk.PermAll))
		return err
	})
	if err != nil {
		return err
	}
	err = c.conn.AddRecursiveWatch("/expired")
	if err != nil {
		return err
	}
	mark := c.mark()
	cut()
	err = awaitGone(writer, "/mine")
	if err != nil {
		return err
	}
	restore()
	err = c.awaitState(mark, zk.StateHasSession)
	if err != nil {
		return err
	}
	event, err := c.onlyNodeEvent(mark)
	if err != nil {
		return err
	}
	if event.Type != zk.EventNotWatching || event.Path != "/expired" || event.Err != zk.ErrSessionExpired {
		return fmt.Errorf("%s %s %v", event.Type, event.Path, event.Err)
	}
	err = put(writer, "/expired", "")
	if err != nil {
		return err
	}
	err = retried(func() error { return answered(c.conn) })
	if err != nil {
		return err
	}
	_, err = c.onlyNodeEvent(mark)
	return err
}

func (c *client) onlyNodeEvent(mark int) (zk.Event, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	var seen []zk.Event
	for i := mark; i < len(c.events); i++ {
		if c.events[i].Type != zk.EventSession {
			seen = append(seen, c.events[i])
		}
	}
	if len(seen) != 1 {
		return zk.Event{}, fmt.Errorf("%d events, want one: %v", len(seen), seen)
	}
	return seen[0], nil
}
