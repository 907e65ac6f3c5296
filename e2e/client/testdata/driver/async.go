package driver

import (
	"fmt"
	"net"
	"sync"
	"time"

	"github.com/go-zookeeper/zk"
)

// follower reads a node anew in each event of it, without waiting.
type follower struct {
	client  *client
	mu      sync.Mutex
	asked   int
	given   int // answers and errors
	failed  int
	instead int // read with waiting
	latest  string
}

func (f *follower) follow(e zk.Event) {
	f.client.note(e)
	if e.Type != zk.EventNodeDataChanged {
		return
	}
	if f.client.conn.GetAsync(e.Path, f.take) {
		f.count(1, 0, 0)
		return
	}
	go readInstead(f, e.Path)
}

// readInstead is for what may not be asked for without waiting.
func readInstead(f *follower, path string) {
	defer func() { recover() }()
	data, stat, _, err := f.client.conn.GetW(path)
	f.count(1, 0, 0)
	f.take(data, stat, err)
	f.mu.Lock()
	defer f.mu.Unlock()
	f.instead++
}

func (f *follower) count(asked, given, failed int) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.asked += asked
	f.given += given
	f.failed += failed
}

func (f *follower) take(data []byte, _ *zk.Stat, err error) {
	if err != nil {
		f.count(0, 1, 1)
		return
	}
	f.count(0, 1, 0)
	f.mu.Lock()
	defer f.mu.Unlock()
	f.latest = string(data)
}

// awaitLatest waits until the node's value was read, and each request has its one answer.
func (f *follower) awaitLatest(value string) error {
	for start := time.Now(); ; time.Sleep(time.Millisecond) {
		f.mu.Lock()
		latest, open := f.latest, f.asked-f.given
		f.mu.Unlock()
		if latest == value && open == 0 {
			return nil
		}
		if time.Since(start) > patience {
			return fmt.Errorf("%s was read last, not %s, and %d requests have no answer", latest, value, open)
		}
	}
}

func (f *follower) connect(addr string, dial func(string, string, time.Duration) (net.Conn, error)) error {
	f.client = &client{}
	mark := 0
	conn, _, err := zk.Connect([]string{addr}, patience,
		zk.WithEventCallback(f.follow), zk.WithLogger(asLogger(&silent{})), zk.WithHostProvider(asHostProvider(&eager{})), zk.WithDialer(dial))
	if err != nil {
		return err
	}
	f.client.conn = conn
	return f.client.awaitState(mark, zk.StateHasSession)
}

// AsyncFollows reads a node without waiting whenever it changes, so many times, also
// after its connection broke. It returns what it missed, or an empty text.
func AsyncFollows(addr, direct string, rounds int, broken func()) string {
	writer, err := connect(direct, 10*time.Second)
	if err != nil {
		return err.Error()
	}
	defer func() { writer.conn.Close() }()
	f := &follower{}
	err = put(writer.conn, "/followed", "first")
	if err == nil {
		err = f.connect(addr, net.DialTimeout)
	}
	if err != nil {
		return err.Error()
	}
	defer func() { f.client.conn.Close() }()
	for round := 0; round < rounds; round++ {
		err = retried(func() error {
			_, _, _, err := f.client.conn.GetW("/followed") // where a break took the request, nobody watches
			return err
		})
		value := fmt.Sprint("value ", round)
		if err == nil {
			err = put(writer.conn, "/followed", value)
		}
		if err == nil {
			err = f.awaitLatest(value)
		}
		if err != nil {
			return fmt.Sprint("round ", round, ": ", err.Error())
		}
		if round%10 == 9 {
			broken()
		}
	}
	if f.instead > rounds/4 {
		return fmt.Sprint("of ", f.asked, " requests ", f.instead, " had to wait")
	}
	return ""
}

// AsyncEnds asks without waiting where that can't be: while another request is being
// sent, and where no answer comes before the connection ends. stop has writes wait,
// stuck returns when one does, and wake ends that; silence has the server's answers
// wait, and cut ends the connection.
func AsyncEnds(addr string, dial func(string, string, time.Duration) (net.Conn, error), stop, stuck, wake, silence, cut func()) string {
	f := &follower{}
	err := f.connect(addr, dial)
	if err != nil {
		return err.Error()
	}
	defer func() { f.client.conn.Close() }()
	stop()
	waiting := make(chan error, 1)
	go exists(f.client.conn, waiting)
	stuck()
	sent := f.client.conn.GetAsync("/", f.take)
	wake()
	if sent {
		return "a request is sent in the middle of another one"
	}
	err = <-waiting
	if err != nil {
		return "the request that had to wait: " + err.Error()
	}
	silence()
	if !f.client.conn.GetAsync("/", f.take) {
		return "it is not sent, though nothing else is"
	}
	f.count(1, 0, 0)
	cut()
	return f.awaitEnd()
}

func exists(conn *zk.Conn, done chan error) {
	defer func() { recover() }()
	_, _, err := conn.Exists("/")
	done <- err
}

func (f *follower) awaitEnd() string {
	for start := time.Now(); ; time.Sleep(time.Millisecond) {
		f.mu.Lock()
		asked, given, failed := f.asked, f.given, f.failed
		f.mu.Unlock()
		if given == asked && failed > 0 {
			return ""
		}
		if time.Since(start) > patience {
			return fmt.Sprint(asked, " requests had ", given, " answers, ", failed, " of them errors")
		}
	}
}
