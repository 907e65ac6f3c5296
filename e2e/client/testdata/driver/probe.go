package driver

import (
	"fmt"
	"sync"
	"time"

	"github.com/go-zookeeper/zk"
)

// The operations that Probe uses. One goroutine begins with each of them, and has
// a node of its own.
const (
	Get = iota
	GetW
	Exists
	Children
	GetACL
	operations
)

// Probe uses a server until all that it asks is answered with what the real
// server has. It tells report of every operation: the node, the operation, how
// long it took, and what came of it.
// What the client calls back may panic each time.
func Probe(addr string, longestPacket int, panics bool, report func(line string)) string {
	callbacks := &callbacks{panics: panics}
	conn, _, err := zk.Connect([]string{addr}, time.Second, zk.WithMaxBufferSize(longestPacket),
		zk.WithLogger(callbacks.asLogger()), zk.WithEventCallback(callbacks.event))
	if err != nil {
		return err.Error()
	}
	var working sync.WaitGroup
	for first := 0; first < operations; first++ {
		working.Add(1)
		go probe(conn, first, fmt.Sprintf("/probe/%d", first), report, &working)
	}
	working.Wait()
	conn.Close()
	return ""
}

type callbacks struct{ panics bool }

func (c *callbacks) asLogger() zk.Logger { return c }

func (c *callbacks) Printf(string, ...interface{}) {
	if c.panics {
		panic("logger")
	}
}

func (c *callbacks) event(zk.Event) {
	if c.panics {
		panic("event callback")
	}
}

func probe(conn *zk.Conn, first int, path string, report func(string), working *sync.WaitGroup) {
	defer working.Done()
	for real := false; !real; time.Sleep(10 * time.Millisecond) {
		real = true
		for i := 0; i < operations; i++ {
			op := (first + i) % operations
			start := time.Now()
			value, err := operate(conn, op, path)
			report(fmt.Sprintf("%s\t%d\t%d\t%s\t%v", path, op, time.Since(start).Milliseconds(), value, err))
			real = real && err == nil && value == Answer(op, path, "real")
		}
	}
}

// Answer is what an operation returns where a server tells the truth about a
// node whose value is word and its path.
func Answer(op int, path, word string) string {
	switch op {
	case Get, GetW:
		return word + path
	case Children:
		return "[child]"
	}
	return "there"
}

func operate(conn *zk.Conn, op int, path string) (string, error) {
	switch op {
	case Get:
		data, _, err := conn.Get(path)
		return string(data), err
	case GetW:
		data, _, _, err := conn.GetW(path)
		return string(data), err
	case Exists:
		there, _, err := conn.Exists(path)
		return word(there, "there"), err
	case Children:
		names, _, err := conn.Children(path)
		return fmt.Sprint(names), err
	}
	acl, _, err := conn.GetACL(path)
	return word(len(acl) == 1 && acl[0].Scheme == "world", "there"), err
}

func word(yes bool, text string) string {
	if yes {
		return text
	}
	return "no"
}
