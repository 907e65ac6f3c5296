package driver

import (
	"fmt"
	"sync"
	"time"

	"github.com/go-zookeeper/zk"
)

// probeWorkers is how many goroutines probe, each with a node of its own.
const probeWorkers = 4

// Probe uses a server until all that it asks is answered with what the real
// server has. It tells report of every operation: the node, the operation, how
// long it took, and what came of it.
func Probe(addr string, longestPacket int, report func(line string)) string {
	conn, _, err := zk.Connect([]string{addr}, time.Second, zk.WithLogger(asLogger(&silent{})),
		zk.WithMaxBufferSize(longestPacket), zk.WithEventCallback(panicking))
	if err != nil {
		return err.Error()
	}
	var working sync.WaitGroup
	for i := 0; i < probeWorkers; i++ {
		working.Add(1)
		go probe(conn, fmt.Sprintf("/probe/%d", i), report, &working)
	}
	working.Wait()
	conn.Close()
	return ""
}

// panicking is an event callback as nobody wants it.
func panicking(e zk.Event) { panic("event callback") }

func probe(conn *zk.Conn, path string, report func(string), working *sync.WaitGroup) {
	defer working.Done()
	for real := false; !real; time.Sleep(10 * time.Millisecond) {
		real = true
		for op := 0; op < 5; op++ {
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
	if op < 2 {
		return word + path
	}
	if op == 3 {
		return "[child]"
	}
	return "there"
}

func operate(conn *zk.Conn, op int, path string) (string, error) {
	switch op {
	case 0:
		data, _, err := conn.Get(path)
		return string(data), err
	case 1:
		data, _, _, err := conn.GetW(path)
		return string(data), err
	case 2:
		there, _, err := conn.Exists(path)
		return word(there, "there"), err
	case 3:
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
