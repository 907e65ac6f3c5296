package driver

import (
	"errors"
	"fmt"
	"net"
	"sync"
	"time"

	"github.com/go-zookeeper/zk"
)

// absent dials a server that isn't there, and notes when.
type absent struct {
	mu    sync.Mutex
	tries []time.Time
}

func (a *absent) dial(_, _ string, _ time.Duration) (net.Conn, error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.tries = append(a.tries, time.Now())
	return nil, errors.New("no such server")
}

func (a *absent) count() int {
	a.mu.Lock()
	defer a.mu.Unlock()
	return len(a.tries)
}

// Rounds has a client try a server that isn't there so many times again, and
// returns its pauses. All the while it has requests, each of which has to learn
// that there is no server. What went wrong is returned, too.
func Rounds(rounds int) ([]time.Duration, string) {
	a := &absent{}
	conn, _, err := zk.Connect([]string{"127.0.0.1:1"}, 10*time.Second, zk.WithDialer(a.dial), zk.WithLogger(asLogger(&silent{})))
	if err != nil {
		return nil, err.Error()
	}
	defer conn.Close()
	for a.count() <= rounds {
		if _, _, err := conn.Get("/"); err != zk.ErrNoServer {
			return nil, fmt.Sprintf("a request without a server: %v", err)
		}
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	var pauses []time.Duration
	for i := 1; i <= rounds; i++ {
		pauses = append(pauses, a.tries[i].Sub(a.tries[i-1]))
	}
	return pauses, ""
}

// Connect connects to a server and returns what closes the connection.
func Connect(addr string) (func(), string) {
	c, err := connect(addr, 10*time.Second)
	if err != nil {
		return nil, err.Error()
	}
	return func() { c.conn.Close() }, ""
}
