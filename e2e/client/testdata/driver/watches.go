package driver

import (
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"github.com/go-zookeeper/zk"
)

// Watches breaks a connection so many times, changes every watched node through
// another one while it is down, and wants each watch to tell. Meanwhile requests
// wait in the client: their answers come as soon as it is back, and must not
// hide the changes. The nodes' paths are long, so that many of them don't fit
// one packet. It returns what went wrong.
func Watches(addr, direct, root string, nodes, rounds int, cut, restore func()) string {
	writer, err := connect(direct, 20*time.Second)
	if err != nil {
		return err.Error()
	}
	defer writer.conn.Close()
	c, err := connect(addr, 20*time.Second)
	if err != nil {
		return err.Error()
	}
	defer c.conn.Close()
	if err := change(writer.conn, root, nodes, 0); err != nil {
		return err.Error()
	}
	stop := make([]int32, 1)
	for i := 0; i < 4; i++ {
		go keepReading(c.conn, root, stop)
	}
	defer atomic.StoreInt32(&stop[0], 1)
	for round := 1; round <= rounds; round++ {
		if err := missNothing(c, writer.conn, root, nodes, round, cut, restore); err != nil {
			return fmt.Sprintf("round %d: %v", round, err)
		}
	}
	return ""
}

func keepReading(conn *zk.Conn, path string, stop []int32) {
	for atomic.LoadInt32(&stop[0]) == 0 {
		conn.Get(path)
		time.Sleep(time.Millisecond)
	}
}

func node(root string, i int) string { return fmt.Sprintf("%s/%0200d", root, i) }

// fresh is a node that doesn't exist before its round.
func fresh(root string, round int) string { return fmt.Sprintf("%s/fresh-%d", root, round) }

// forEach calls do for each number below n, from a few goroutines.
func forEach(n int, do func(i int) error) error {
	const goroutines = 16
	var working sync.WaitGroup
	errs := make([]error, goroutines)
	for g := 0; g < goroutines; g++ {
		working.Add(1)
		go everyNth(g, goroutines, n, do, errs, &working)
	}
	working.Wait()
	for g := range errs {
		if errs[g] != nil {
			return errs[g]
		}
	}
	return nil
}

func everyNth(first, nth, n int, do func(i int) error, errs []error, working *sync.WaitGroup) {
	defer working.Done()
	for i := first; i < n && errs[first] == nil; i += nth {
		errs[first] = do(i)
	}
}

func change(conn *zk.Conn, root string, nodes, round int) error {
	if err := put(conn, root, ""); err != nil {
		return err
	}
	err := forEach(nodes, func(i int) error { return put(conn, node(root, i), fmt.Sprint(round)) })
	if err != nil {
		return err
	}
	return put(conn, fresh(root, round), "")
}

func missNothing(c *client, writer *zk.Conn, root string, nodes, round int, cut, restore func()) error {
	watches, err := watchAll(c.conn, root, nodes, round)
	if err != nil {
		return err
	}
	mark := c.mark()
	cut()
	if err := c.awaitState(mark, zk.StateDisconnected); err != nil {
		return err
	}
	if err := change(writer, root, nodes, round); err != nil {
		return err
	}
	restore()
	for i := range watches {
		event, err := next(watches[i])
		if err != nil {
			return fmt.Errorf("watch %d: %v", i, err)
		}
		if event.Err != nil {
			return fmt.Errorf("watch %d: %v", i, event.Err)
		}
	}
	return nil
}

// watchAll watches every node's data, a node that isn't there yet, and the
// children of the root.
func watchAll(conn *zk.Conn, root string, nodes, round int) ([]<-chan zk.Event, error) {
	watches := make([]<-chan zk.Event, nodes+2)
	err := forEach(nodes, func(i int) error { return watchNode(conn, root, round, watches, i) })
	if err != nil {
		return nil, err
	}
	err = retried(func() error {
		there, _, watch, err := conn.ExistsW(fresh(root, round))
		if there {
			return fmt.Errorf("%s is there already", fresh(root, round))
		}
		watches[nodes] = watch
		return err
	})
	if err != nil {
		return nil, err
	}
	err = retried(func() error {
		_, _, watch, err := conn.ChildrenW(root)
		watches[nodes+1] = watch
		return err
	})
	return watches, err
}

func watchNode(conn *zk.Conn, root string, round int, watches []<-chan zk.Event, i int) error {
	return retried(func() error {
		data, _, watch, err := conn.GetW(node(root, i))
		if err == nil && string(data) != fmt.Sprint(round-1) {
			return fmt.Errorf("%s is %q before round %d", node(root, i), data, round)
		}
		watches[i] = watch
		return err
	})
}
