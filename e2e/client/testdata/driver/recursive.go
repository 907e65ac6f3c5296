package driver

import (
	"fmt"
	"sync"
	"time"

	"github.com/go-zookeeper/zk"
)

// Recursive adds a watch at a node that is not there yet, and looks at what it
// tells of changes far below it: once each, until it is removed, or the
// connection breaks.
func Recursive(addr, direct string, broken func()) string {
	c, writer, err := connectBoth(addr, direct, 10*time.Second)
	if err != nil {
		return err.Error()
	}
	defer func() { c.conn.Close() }()
	defer func() { writer.conn.Close() }()
	for round := 0; round < 3; round++ {
		root := fmt.Sprint("/recursive-", round)
		problem := recursiveRound(c, writer.conn, root)
		if problem != "" {
			return fmt.Sprint("round ", round, ": ", problem)
		}
		mark := c.mark()
		broken()
		err = c.awaitState(mark, zk.StateHasSession)
		if err != nil {
			return err.Error()
		}
	}
	return ""
}

func recursiveRound(c *client, writer *zk.Conn, root string) string {
	err := retried(func() error { return c.conn.AddRecursiveWatch(root) })
	if err != nil {
		return "adding: " + err.Error()
	}
	mark := c.mark()
	steps := []struct {
		event string
		do    func() error
	}{
		{"EventNodeCreated " + root, func() error { return put(writer, root, "") }},
		{"EventNodeCreated " + root + "/a", func() error { return put(writer, root+"/a", "") }},
		{"EventNodeCreated " + root + "/a/b", func() error { return put(writer, root+"/a/b", "1") }},
		{"EventNodeDataChanged " + root + "/a/b", func() error { return put(writer, root+"/a/b", "2") }},
		{"EventNodeDataChanged " + root + "/a/b", func() error { return put(writer, root+"/a/b", "3") }},
		{"EventNodeDeleted " + root + "/a/b", func() error { return writer.Delete(root+"/a/b", -1) }},
	}
	for i, step := range steps {
		err := step.do()
		if err != nil {
			return err.Error()
		}
		seen, err := c.awaitNodeEvents(mark, i+1)
		if err != nil || seen[i] != step.event {
			return fmt.Sprintf("events %q, %v, want %s", seen, err, step.event)
		}
	}
	err = retried(func() error { return c.conn.RemoveRecursiveWatch(root) })
	if err != nil {
		return "removing: " + err.Error()
	}
	err = put(writer, root, "unseen")
	if err != nil {
		return err.Error()
	}
	_, _, err = c.conn.Get(root) // what the server had to tell would be here by now
	if seen := c.nodeEvents(mark); err != nil || len(seen) != len(steps) {
		return fmt.Sprintf("events after the removal: %q, %v", seen, err)
	}
	return ""
}

// nodeEvents are those since a mark that aren't the session's.
func (c *client) nodeEvents(mark int) []string {
	c.mu.Lock()
	defer c.mu.Unlock()
	var seen []string
	for i := mark; i < len(c.events); i++ {
		if c.events[i].Type != zk.EventSession {
			seen = append(seen, c.events[i].Type.String()+" "+c.events[i].Path)
		}
	}
	return seen
}

func (c *client) awaitNodeEvents(mark, n int) ([]string, error) {
	for start := time.Now(); ; time.Sleep(time.Millisecond) {
		seen := c.nodeEvents(mark)
		if len(seen) >= n {
			return seen, nil
		}
		if time.Since(start) > patience {
			return append(seen, "nothing"), fmt.Errorf("no event within %s", patience)
		}
	}
}

// MultiGets reads nodes together, from many goroutines, and compares with what is
// in them: many, none, missing ones, and more than a megabyte of them.
func MultiGets(addr string, goroutines int) string {
	c, err := connect(addr, 10*time.Second)
	if err != nil {
		return err.Error()
	}
	defer func() { c.conn.Close() }()
	var paths []string
	large := make([]byte, 500000)
	for i := 0; i < 200; i++ {
		path := fmt.Sprint("/multi-", i)
		value := path
		if i >= 195 {
			value = string(large)
		}
		err := put(c.conn, path, value)
		if err != nil {
			return err.Error()
		}
		paths = append(paths, path, path+"-missing")
	}
	_, _, err = c.conn.Get("/multi-0")
	if err != nil {
		return err.Error()
	}
	data, _, _, err := c.conn.MultiGet(nil)
	if err != nil || len(data) != 0 {
		return fmt.Sprintf("nothing: %d values, %v", len(data), err)
	}
	_, _, _, err = c.conn.MultiGet([]string{"/multi-0", "bad"})
	if err != zk.ErrInvalidPath {
		return fmt.Sprintf("a bad path: %v", err)
	}
	problems := make(chan string, goroutines)
	var all sync.WaitGroup
	for i := 0; i < goroutines; i++ {
		all.Add(1)
		go multiGets(&all, c.conn, paths, problems)
	}
	all.Wait()
	close(problems)
	for problem := range problems {
		return problem
	}
	return ""
}

func multiGets(all *sync.WaitGroup, conn *zk.Conn, paths []string, problems chan string) {
	defer func() { recover() }()
	defer all.Done()
	for i := 0; i < 10; i++ {
		data, stats, errs, err := conn.MultiGet(paths)
		if err != nil {
			problems <- err.Error()
			return
		}
		for j, path := range paths {
			if j%2 == 1 && errs[j] == zk.ErrNoNode {
				continue
			}
			if j%2 == 1 || errs[j] != nil || int(stats[j].DataLength) != len(data[j]) || j < 390 && string(data[j]) != path {
				problems <- fmt.Sprintf("%s: %.40q, %v", path, data[j], errs[j])
				return
			}
		}
	}
}

// MultiGetOnce asks a server that can't be trusted; whatever it says is an error.
func MultiGetOnce(addr string) string {
	c, err := connect(addr, 10*time.Second)
	if err != nil {
		return err.Error()
	}
	defer func() { c.conn.Close() }()
	data, _, errs, err := c.conn.MultiGet([]string{"/a", "/b"})
	if err == nil {
		return fmt.Sprintf("it is taken for an answer: %q, %v", data, errs)
	}
	return ""
}
