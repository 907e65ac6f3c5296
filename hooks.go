//go:build hooks

package zookeeper

import "time"

// What tests need, and nobody else.

// ForcePanics has a function called before all guarded work, in its goroutine, with
// what the work is. It is to be set before the first New.
func ForcePanics(force func(what string)) { beforeWork = force }

// AuditEvery has nodes read again after other pauses.
func AuditEvery(pause time.Duration) { auditEvery.Store(int64(pause)) }

// Linger has instances and pools go sooner. It is to be set before the first New.
func Linger(time time.Duration) { linger = time }

// CloseClients closes the clients of all clusters, so that each of them is replaced.
func CloseClients() {
	clusters.mu.Lock()
	defer clusters.mu.Unlock()
	for _, c := range clusters.clusters {
		if c.latest != nil {
			closeClientOf(c.latest)
		}
	}
}

func closeClientOf(p *pool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.connection.client != nil {
		go closeClient(p.connection.client)
	}
}
