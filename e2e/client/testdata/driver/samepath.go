package driver

import (
	"fmt"
	"time"

	"github.com/go-zookeeper/zk"
)

// SamePath has one-shot watches and a recursive one at the same node: whichever
// came first, whether the connection broke meanwhile or the recursive one was
// removed, each tells what it has to.
func SamePath(addr, direct string, broken func()) string {
	c, writer, err := connectBoth(addr, direct, 10*time.Second)
	if err != nil {
		return err.Error()
	}
	defer func() { c.conn.Close() }()
	defer func() { writer.conn.Close() }()
	cases := []struct {
		name  string
		steps string
	}{
		{"one-shot first", "oneshot recursive fire tell"},
		{"recursive first", "recursive oneshot tell fire tell"},
		{"broken", "recursive oneshot break tell fire tell"},
		{"broken the other way around", "oneshot recursive break tell fire"},
		{"removed", "recursive oneshot remove silent fire"},
		{"removed, and broken", "recursive oneshot remove break silent fire"},
		{"one-shot first, removed", "oneshot recursive remove fire silent"},
		{"changed while down", "recursive oneshot down fire tell"},
		{"taken back", "recursive shared takeback tell"},
		{"taken back, while others wait", "shared oneshot takeback fire"},
		{"taken back, while others wait, and broken", "shared oneshot takeback break fire"},
		{"taken back below a recursive one, while others wait", "recursive shared oneshot takeback tell fire"},
		{"added twice", "recursive recursive oneshot tell recursive fire tell remove silent"},
	}
	for i, test := range cases {
		s := &samePath{c: c, writer: writer.conn, root: fmt.Sprint("/same-", i), broken: broken}
		err := s.run(test.steps)
		if err != nil {
			return test.name + ": " + err.Error()
		}
	}
	return ""
}

// samePath is a node, and one that isn't there, with the watches of both.
type samePath struct {
	c             *client
	writer        *zk.Conn
	root          string
	broken        func()
	data, exists  <-chan zk.Event
	children      <-chan zk.Event
	created, told int
}

func (s *samePath) run(steps string) error {
	err := put(s.writer, s.root, "")
	if err != nil {
		return err
	}
	for i, step := range words(steps) {
		err := retried(func() error { return s.step(step) })
		if err != nil {
			return fmt.Errorf("step %d, %s: %v", i, step, err)
		}
	}
	s.c.conn.RemoveRecursiveWatch(s.root)
	s.c.conn.RemoveRecursiveWatch(s.missing())
	return nil
}

func words(text string) []string {
	var all []string
	start := 0
	for i := 0; i <= len(text); i++ {
		if i == len(text) || text[i] == ' ' {
			all = append(all, text[start:i])
			start = i + 1
		}
	}
	return all
}

func (s *samePath) missing() string { return s.root + "-missing" }

func (s *samePath) step(name string) error {
	switch name {
	case "recursive":
		err := s.c.conn.AddRecursiveWatch(s.missing())
		if err != nil {
			return err
		}
		return s.c.conn.AddRecursiveWatch(s.root)
	case "remove":
		err := s.c.conn.RemoveRecursiveWatch(s.missing())
		if err != nil {
			return err
		}
		return s.c.conn.RemoveRecursiveWatch(s.root)
	case "oneshot":
		return s.oneShot()
	case "shared":
		return s.shared()
	case "takeback":
		err := s.c.conn.RemoveWatches(s.root, true, nobody)
		if err != nil {
			return err
		}
		err = s.c.conn.RemoveWatches(s.missing(), false, nobody)
		if err != nil {
			return err
		}
		return s.c.conn.RemoveWatches(s.root, false, nobody)
	case "break", "down":
		return s.reconnect()
	case "tell":
		s.told++
		return s.c.tells(s.writer, fmt.Sprint(s.root, "/tell-", s.told))
	case "silent":
		return s.silent()
	case "fire":
		return s.fire()
	}
	return fmt.Errorf("no such step")
}

func (s *samePath) oneShot() error {
	_, _, watch, err := s.c.conn.GetW(s.root)
	if err != nil {
		return err
	}
	s.data = watch
	_, _, watch, err = s.c.conn.ExistsW(s.missing())
	if err != nil {
		return err
	}
	s.exists = watch
	_, _, watch, err = s.c.conn.ChildrenW(s.root)
	s.children = watch
	return err
}

func nobody() bool { return false }

// shared has watches of the event callback.
func (s *samePath) shared() error {
	_, _, err := s.c.conn.GetShared(s.root)
	if err != nil {
		return err
	}
	_, _, err = s.c.conn.ExistsShared(s.missing())
	if err != nil {
		return err
	}
	_, _, err = s.c.conn.ChildrenShared(s.root)
	return err
}

func (s *samePath) reconnect() error {
	mark := s.c.mark()
	s.broken()
	err := s.c.awaitState(mark, zk.StateHasSession)
	if err != nil {
		return err
	}
	return retried(func() error { return answered(s.c.conn) })
}

// silent wants no recursive event any more.
func (s *samePath) silent() error {
	mark := s.c.mark()
	s.created++
	path := fmt.Sprint(s.root, "/silent-", s.created)
	err := put(s.writer, path, "")
	if err != nil {
		return err
	}
	err = answered(s.c.conn) // what the server had to tell would be here by now
	for _, event := range s.c.nodeEvents(mark) {
		if event == "EventNodeCreated "+path {
			return fmt.Errorf("%s", event)
		}
	}
	return err
}

// fire changes what the one-shot watches are for, and wants an event from each of
// them that is for it.
func (s *samePath) fire() error {
	s.created++
	_, err := s.writer.Create(fmt.Sprint(s.root, "/fire-", s.created), nil, 0, zk.WorldACL(zk.PermAll))
	if err != nil {
		return err
	}
	_, err = s.writer.Set(s.root, []byte("changed"), -1)
	if err != nil {
		return err
	}
	_, err = s.writer.Create(s.missing(), nil, 0, zk.WorldACL(zk.PermAll))
	if err != nil {
		return err
	}
	err = wantEvent(s.children, zk.EventNodeChildrenChanged)
	if err != nil {
		return err
	}
	err = wantEvent(s.data, zk.EventNodeDataChanged)
	if err != nil {
		return err
	}
	err = wantEvent(s.exists, zk.EventNodeCreated)
	if err != nil {
		return err
	}
	return answered(s.c.conn)
}

func wantEvent(watch <-chan zk.Event, kind zk.EventType) error {
	event, err := next(watch)
	if err != nil {
		return fmt.Errorf("%s: %v", kind, err)
	}
	if event.Type != kind || event.Err != nil {
		return fmt.Errorf("%s, %v, want %s", event.Type, event.Err, kind)
	}
	return nil
}
