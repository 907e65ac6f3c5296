package faults

import (
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/mod-zookeeper/traefik-zookeeper/e2e/internal/zkserver"
)

const (
	valuePath   = "/faults/value"
	numberPath  = "/faults/number"
	gatePath    = "/faults/gate"
	flickerPath = "/faults/flicker"
	missingPath = "/faults/missing"
	tenantsPath = "/faults/tenants"
	tenantPath  = tenantsPath + "/a"

	writePause = 50 * time.Millisecond
)

// writer changes the nodes all the time. It may be stopped, and goes on later.
type writer struct {
	admin *zkserver.Admin

	value, number, tenant, gate, flicker history

	mu      sync.Mutex
	n       int
	stop    chan struct{}
	stopped chan struct{}
}

func newWriter(t *testing.T, addr string) *writer {
	t.Helper()
	admin, err := zkserver.ConnectWithin(addr, adminTimeout, func(err error) { t.Error(err) })
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(admin.Close)
	w := &writer{admin: admin}
	w.flicker.begin("none")
	w.write()
	w.admin.Put(flickerPath, nil) // an empty node has no value
	return w
}

// write changes every node once, and returns the states of those that have another
// one each time, when the ensemble has acknowledged them.
func (w *writer) write() map[*history]int {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.n++
	written := map[*history]int{
		&w.value:  w.put(&w.value, valuePath, fmt.Sprint("v", w.n), "%s"),
		&w.number: w.put(&w.number, numberPath, fmt.Sprint(w.n), `{"n":%s}`),
		&w.tenant: w.put(&w.tenant, tenantPath, fmt.Sprint("t", w.n), "%s"),
	}
	if w.n%5 == 1 {
		w.put(&w.gate, gatePath, []string{"on", "off"}[w.n/5%2], "%s")
	}
	return written
}

// put is called with the lock held: what is written second is newer.
func (w *writer) put(h *history, path, state, format string) int {
	i := h.begin(state)
	w.admin.Put(path, fmt.Appendf(nil, format, state))
	return i
}

func (w *writer) start() {
	stop, stopped := make(chan struct{}), make(chan struct{})
	w.stop, w.stopped = stop, stopped
	go func() {
		defer close(stopped)
		for {
			select {
			case <-stop:
				return
			case <-time.After(writePause):
				w.write()
			}
		}
	}()
}

// finish stops the writer, if it isn't stopped.
func (w *writer) finish() {
	if w.stop == nil {
		return
	}
	close(w.stop)
	<-w.stopped
	w.stop = nil
}
