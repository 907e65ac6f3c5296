package ensemble

import (
	"errors"
	"math/rand"
	"sync"
	"time"

	"github.com/go-zookeeper/zk"
)

// hosts hands a client one server after the other. It hands out names, which Dial resolves
// for each attempt. It starts at any server, so that not all processes use the same one.
type hosts struct {
	mu       sync.Mutex
	servers  []string
	next     int // index of the server that comes next
	attempts int // since the last session that has lasted

	lasting time.Duration // how long a session has to last for that
	begun   time.Time     // when the session began; zero before
}

// HostProvider makes what hands the servers of a cluster to one client.
func HostProvider() zk.HostProvider { return asHostProvider(&hosts{}) }

// HostProviderForUpstream is HostProvider for upstream's client. That one asks for another
// session at once where a server ends each as soon as it has begun. With these hosts it pauses
// for a second after each round of such servers. The patched client has pauses of its own.
func HostProviderForUpstream() zk.HostProvider { return asHostProvider(&hosts{lasting: shortSession}) }

// shortSession is how long a session lasts at least at a server that has recovered.
const shortSession = time.Second

// Yaegi: converted in a function of its own, an interface never aliases a variable.
func asHostProvider(h *hosts) zk.HostProvider { return h }

// Init sets the servers.
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

// Next is the server to try now. The second result is true where the client should pause
// before, since it has tried all servers in vain.
func (h *hosts) Next() (string, bool) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if !h.begun.IsZero() && time.Since(h.begun) >= h.lasting {
		h.attempts = 0
	}
	h.begun = time.Time{}
	server := h.servers[h.next]
	h.next = (h.next + 1) % len(h.servers)
	pause := h.attempts > 0 && h.attempts%len(h.servers) == 0
	h.attempts++
	return server, pause
}

// Connected notes that there is a session.
func (h *hosts) Connected() {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.begun = time.Now()
}
