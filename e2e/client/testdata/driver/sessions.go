package driver

import (
	"fmt"
	"runtime"
	"time"

	"github.com/go-zookeeper/zk"
)

// Credentials gives a connection credentials, breaks it so many times, and
// wants the node that only they open each time. It returns what went wrong.
func Credentials(addr string, breaks int, breakIt func()) string {
	owner, err := connect(addr, 20*time.Second)
	if err != nil {
		return err.Error()
	}
	defer owner.conn.Close()
	stranger, err := connect(addr, 20*time.Second)
	if err != nil {
		return err.Error()
	}
	defer stranger.conn.Close()
	const path = "/private"
	for _, user := range []string{"first:secret", "second:secret"} {
		if err := owner.conn.AddAuth("digest", []byte(user)); err != nil {
			return "AddAuth: " + err.Error()
		}
	}
	if _, err := owner.conn.Create(path, []byte("value"), 0, zk.DigestACL(zk.PermAll, "second", "secret")); err != nil {
		return "Create: " + err.Error()
	}
	for i := 0; i < breaks; i++ {
		mark := owner.mark()
		breakIt()
		if err := owner.awaitState(mark, zk.StateHasSession); err != nil {
			return err.Error()
		}
		if err := retried(func() error { return readPrivate(owner.conn, path) }); err != nil {
			return fmt.Sprintf("after break %d: %v", i+1, err)
		}
		err := retried(func() error { return readPrivate(stranger.conn, path) })
		if err != zk.ErrNoAuth {
			return fmt.Sprintf("without credentials: %v", err)
		}
	}
	return ""
}

func readPrivate(conn *zk.Conn, path string) error {
	data, _, err := conn.Get(path)
	if err == nil && string(data) != "value" {
		return fmt.Errorf("%s is %q", path, data)
	}
	return err
}

// Expiry loses a connection twice: once for a moment, when the session and its
// watch have to survive, and once until the server has ended the session, which
// direct sees. It returns what went wrong.
func Expiry(addr, direct string, cut, restore func()) string {
	witness, err := connect(direct, 20*time.Second)
	if err != nil {
		return err.Error()
	}
	defer witness.conn.Close()
	if err := put(witness.conn, "/watched", "before"); err != nil {
		return err.Error()
	}
	c, err := connect(addr, 6*time.Second)
	if err != nil {
		return err.Error()
	}
	defer c.conn.Close()
	const mine = "/mine"
	if _, err := c.conn.Create(mine, nil, zk.FlagEphemeral, zk.WorldACL(zk.PermAll)); err != nil {
		return err.Error()
	}
	_, _, watch, err := c.conn.GetW("/watched")
	if err != nil {
		return err.Error()
	}
	if err := disconnected(c, watch, cut, restore); err != nil {
		return "disconnected: " + err.Error()
	}
	gone := func() error { return awaitGone(witness.conn, mine) }
	if err := expired(c, watch, cut, gone, restore); err != nil {
		return "expired: " + err.Error()
	}
	return ""
}

func disconnected(c *client, watch <-chan zk.Event, cut, restore func()) error {
	mark, id := c.mark(), c.conn.SessionID()
	cut()
	if err := c.awaitState(mark, zk.StateDisconnected); err != nil {
		return err
	}
	restore()
	if err := c.awaitState(mark, zk.StateHasSession); err != nil {
		return err
	}
	if n := c.saw(mark, zk.StateExpired); n > 0 {
		return fmt.Errorf("%d StateExpired", n)
	}
	if now := c.conn.SessionID(); now != id {
		return fmt.Errorf("session %x became %x", id, now)
	}
	if len(watch) > 0 {
		return fmt.Errorf("an event of a node that hasn't changed")
	}
	return nil
}

func expired(c *client, watch <-chan zk.Event, cut func(), gone func() error, restore func()) error {
	mark, id := c.mark(), c.conn.SessionID()
	cut()
	if err := gone(); err != nil {
		return err
	}
	if n := c.saw(mark, zk.StateExpired); n > 0 {
		return fmt.Errorf("the client can't know yet")
	}
	restore()
	if err := c.awaitState(mark, zk.StateExpired); err != nil {
		return err
	}
	if err := c.awaitState(mark, zk.StateHasSession); err != nil {
		return err
	}
	if c.conn.SessionID() == id {
		return fmt.Errorf("the session is the one that expired")
	}
	event, err := next(watch)
	if err != nil {
		return err
	}
	if event.Type != zk.EventNotWatching || event.Err != zk.ErrSessionExpired {
		return fmt.Errorf("the watch said %s, %v", event.Type, event.Err)
	}
	return nil
}

func awaitGone(conn *zk.Conn, path string) error {
	for start := time.Now(); time.Since(start) < patience; time.Sleep(20 * time.Millisecond) {
		there, _, err := conn.Exists(path)
		if err != nil || !there {
			return err
		}
	}
	return fmt.Errorf("%s is still there", path)
}

// Names returns what the constants with negative values are called, and their
// values: the interpreter takes them for zero where they stand in the wrong file.
func Names() string {
	return fmt.Sprint(zk.EventSession, int(zk.EventSession), zk.EventNotWatching, int(zk.EventNotWatching),
		zk.StateUnknown, int(zk.StateUnknown), zk.StateExpired, int(zk.StateExpired))
}

// Closings opens and closes connections, and returns what went wrong: a channel
// of events that stays open, or goroutines that stay. The servers may be there,
// or away, or silent.
func Closings(addrs []string, each int) string {
	before := runtime.NumGoroutine()
	for i := 0; i < each; i++ {
		for _, addr := range addrs {
			if err := openAndClose(addr); err != nil {
				return addr + ": " + err.Error()
			}
		}
	}
	for start := time.Now(); runtime.NumGoroutine() > before; time.Sleep(20 * time.Millisecond) {
		if time.Since(start) > patience {
			return fmt.Sprintf("%d goroutines before, %d after", before, runtime.NumGoroutine())
		}
	}
	return ""
}

func openAndClose(addr string) error {
	conn, events, err := zk.Connect([]string{addr}, time.Second, zk.WithLogger(asLogger(&silent{})))
	if err != nil {
		return err
	}
	asked := make(chan bool)
	go func() {
		conn.Exists("/")
		close(asked)
	}()
	conn.Close()
	<-asked
	for open := true; open; {
		_, open, err = nextOf(events)
		if err != nil {
			return err
		}
	}
	return nil
}
