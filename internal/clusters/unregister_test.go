package clusters

import (
	"testing"
	"time"
)

// What is registered keeps its session once somebody has used it, until it is unregistered.
func TestRegisteredSessionStays(t *testing.T) {
	r := NewRegistry()
	err := r.Register("main", settingsAt("a:1"))
	if err != nil {
		t.Fatal(err)
	}
	if len(r.Sessions()) != 0 {
		t.Error("there is a session that nobody has used")
	}
	leased := r.Acquire("main")
	r.Release(leased)
	expire(r, leased)
	if isClosed(leased.Session) {
		t.Error("the session has ended with its last holder")
	}
	_, m := using(t, r, "main")
	r.Leave(m)
	if isClosed(leased.Session) {
		t.Error("the session has ended with a middleware")
	}
	if !r.Unregister("main") || r.Unregister("main") || !isClosed(leased.Session) || r.Knows("main") {
		t.Error("the session stays when it is unregistered")
	}
	if len(r.state.clusters) != 0 {
		t.Error("something is left")
	}
}

// expire has a pool's last lease be a linger ago.
func expire(r *Registry, l *Lease) {
	l.pool.idleSince = time.Now().Add(-LingerTime())
	r.closeIdle(l.pool)
}

// A handle keeps the session of a cluster that is unregistered, and so does a middleware.
func TestUnregisteredWhileInUse(t *testing.T) {
	r := NewRegistry()
	defining(t, r, "definer", "other", "b:1")
	r.Register("main", settingsAt("a:1"))
	leased := r.Acquire("main")
	_, m := using(t, r, "main")
	r.Unregister("main")
	if isClosed(leased.Session) {
		t.Error("the session is closed while somebody holds it")
	}
	r.Release(leased)
	expire(r, leased)
	if isClosed(leased.Session) {
		t.Error("the session is closed while a middleware uses it")
	}
	r.Leave(m)
	if !isClosed(leased.Session) {
		t.Error("the session stays when nobody uses it")
	}
}

// Close ends what Go code has, whoever holds it, and nothing of middlewares.
func TestClose(t *testing.T) {
	r := NewRegistry()
	_, m := defining(t, r, "definer", "theirs", "b:1")
	theirs := r.Acquire("theirs")
	r.Register("ours", settingsAt("a:1"))
	ours := r.Acquire("ours")
	r.Close()
	if !isClosed(ours.Session) || isClosed(theirs.Session) || r.Knows("ours") || !r.Knows("theirs") {
		t.Error("not what Go code has alone is closed")
	}
	r.Release(ours)
	r.Release(theirs)
	expire(r, ours)
	expire(r, theirs)
	if isClosed(theirs.Session) {
		t.Error("a middleware's session is closed when handles are released that Close has let go")
	}
	r.Leave(m)
	if !isClosed(theirs.Session) {
		t.Error("a middleware's session stays without it")
	}
}

// A cluster that middlewares have defined before keeps its session when it is registered.
func TestRegisteredLater(t *testing.T) {
	r := NewRegistry()
	_, m := defining(t, r, "definer", "main", "a:1")
	leased := r.Acquire("main")
	r.Release(leased)
	expire(r, leased)
	r.Register("main", settingsAt("a:1"))
	r.Leave(m)
	if isClosed(leased.Session) {
		t.Error("the session has ended with the middleware")
	}
	r.Unregister("main")
	if !isClosed(leased.Session) {
		t.Error("the session stays when it is unregistered")
	}
}
