package zookeeper

import (
	"errors"
	"math/rand"
	"sync"

	"github.com/go-zookeeper/zk"
)

// hosts hands the client one server after the other, by name: each attempt to
// connect resolves the name anew. Every process starts at another server.
type hosts struct {
	mu       sync.Mutex
	servers  []string
	next     int
	attempts int // since the last session
}

// hostProvider hands a client the servers of a cluster.
func hostProvider() zk.HostProvider { return asHostProvider(&hosts{}) }

// Yaegi: converted in a function of its own, an interface never aliases a variable.
func asHostProvider(h *hosts) zk.HostProvider { return h }

// Init takes the servers.
func (h *hosts) Init(servers []string) error {
	if len(servers) == 0 {
		return errors.New("no servers")
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	h.servers = append([]string{}, servers...)
	h.next = rand.Intn(len(servers))
	return nil
}

// Len is the number of servers.
func (h *hosts) Len() int {
	h.mu.Lock()
	defer h.mu.Unlock()
	return len(h.servers)
}

// Next returns the server to try, and whether the client should pause first:
// after a round without success.
func (h *hosts) Next() (string, bool) {
	h.mu.Lock()
	defer h.mu.Unlock()
	server := h.servers[h.next]
	h.next = (h.next + 1) % len(h.servers)
	pause := h.attempts > 0 && h.attempts%len(h.servers) == 0
	h.attempts++
	return server, pause
}

// Connected notes a session.
func (h *hosts) Connected() {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.attempts = 0
}
