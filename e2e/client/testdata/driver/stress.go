package driver

import (
	"fmt"
	"sync"
	"time"

	"github.com/go-zookeeper/zk"
)

// worker uses one node, whose values tell whose they are and of which step.
type worker struct {
	conn *zk.Conn
	path string

	mu    sync.Mutex
	steps int
	doing string
	since time.Time
	err   error
	done  bool
}

// Stress uses connections with many goroutines each, for so long. It returns
// how many operations were done, and what went wrong: an answer that belongs to
// somebody else, an error, or an operation that never ends.
func Stress(addr string, connections, goroutines int, length time.Duration) (int, string) {
	var workers []*worker
	for c := 0; c < connections; c++ {
		team, err := assemble(addr, fmt.Sprintf("/stress-%d", c), goroutines)
		if err != nil {
			return 0, err.Error()
		}
		workers = append(workers, team...)
	}
	end := time.Now().Add(length)
	for i := range workers {
		go work(workers[i], end)
	}
	total, problem := supervise(workers)
	for i := 0; i < len(workers); i += goroutines {
		workers[i].conn.Close()
	}
	return total, problem
}

// assemble makes a connection and workers that use it.
func assemble(addr, root string, goroutines int) ([]*worker, error) {
	c, err := connect(addr, 20*time.Second)
	if err != nil {
		return nil, err
	}
	if err := put(c.conn, root, ""); err != nil {
		return nil, err
	}
	var team []*worker
	for g := 0; g < goroutines; g++ {
		team = append(team, &worker{conn: c.conn, path: fmt.Sprintf("%s/%d", root, g)})
	}
	return team, nil
}

// supervise waits for the workers, and looks for one that waits for ever.
func supervise(workers []*worker) (int, string) {
	for {
		time.Sleep(100 * time.Millisecond)
		total, running := 0, 0
		for i := range workers {
			steps, done, problem := workers[i].look()
			if problem != "" {
				return total, problem
			}
			total += steps
			if !done {
				running++
			}
		}
		if running == 0 {
			return total, ""
		}
	}
}

func (w *worker) look() (int, bool, string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.err != nil {
		return w.steps, w.done, fmt.Sprintf("%s: %s: %v", w.path, w.doing, w.err)
	}
	if !w.done && w.doing != "" && time.Since(w.since) > patience {
		return w.steps, w.done, fmt.Sprintf("%s: %s has not ended after %s", w.path, w.doing, patience)
	}
	return w.steps, w.done, ""
}

func work(w *worker, end time.Time) {
	err := w.prepare()
	for step := 1; err == nil && time.Now().Before(end); step++ {
		err = w.step(step)
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.err = err
	w.done = true
}

// begin notes what the worker does from now on.
func (w *worker) begin(doing string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.doing = doing
	w.since = time.Now()
	w.steps++
}

func (w *worker) prepare() error {
	w.begin("prepare")
	if err := put(w.conn, w.path, w.value(0)); err != nil {
		return err
	}
	return put(w.conn, w.child(), "")
}

func (w *worker) value(step int) string { return fmt.Sprintf("%s step %d", w.path, step) }

// child is a name that no other node's child has.
func (w *worker) child() string { return w.path + "/of" + flat(w.path) }

func flat(path string) string {
	name := []byte(path)
	for i := range name {
		if name[i] == '/' {
			name[i] = '-'
		}
	}
	return string(name)
}

func (w *worker) step(step int) error {
	w.begin("GetW")
	data, _, watch, err := w.conn.GetW(w.path)
	if err == nil {
		err = w.same(string(data), w.value(step-1))
	}
	if err != nil {
		return err
	}
	w.begin("Set")
	stat, err := w.conn.Set(w.path, []byte(w.value(step)), -1)
	if err != nil {
		return err
	}
	w.begin("event")
	event, err := next(watch)
	if err != nil {
		return err
	}
	if err := w.same(fmt.Sprint(event.Type, event.Path), fmt.Sprint(zk.EventNodeDataChanged, w.path)); err != nil {
		return err
	}
	return w.compare(step, stat.Version)
}

func (w *worker) compare(step int, version int32) error {
	w.begin("Get")
	data, stat, err := w.conn.Get(w.path)
	if err != nil {
		return err
	}
	if err := w.same(fmt.Sprint(string(data), stat.Version), fmt.Sprint(w.value(step), version)); err != nil {
		return err
	}
	w.begin("Children")
	names, _, err := w.conn.Children(w.path)
	if err != nil {
		return err
	}
	if err := w.same(fmt.Sprint(names), fmt.Sprint([]string{"of" + flat(w.path)})); err != nil {
		return err
	}
	w.begin("Exists")
	there, _, err := w.conn.Exists(w.child())
	if err != nil {
		return err
	}
	w.begin("Exists of no node")
	missing, _, err := w.conn.Exists(w.path + "/missing")
	if err != nil {
		return err
	}
	return w.same(fmt.Sprint(there, missing), fmt.Sprint(true, false))
}

func (w *worker) same(got, want string) error {
	if got != want {
		return fmt.Errorf("%q, want %q", got, want)
	}
	return nil
}
