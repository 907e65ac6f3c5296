package ensemble

import (
	"slices"
	"testing"
)

func hostsOf(t *testing.T, servers ...string) *hosts {
	t.Helper()
	h := (&hosts{})
	if err := h.Init(servers); err != nil {
		t.Fatal(err)
	}
	return h
}

// The servers come in their order, from any of them on. There is a pause after each
// round, and none before the first one.
func TestHostsInTheirOrder(t *testing.T) {
	servers := []string{"a:1", "b:1", "c:1"}
	h := hostsOf(t, servers...)
	first, _ := h.Next()
	at := slices.Index(servers, first)
	for attempt := 2; attempt <= 10; attempt++ {
		at = (at + 1) % len(servers)
		server, pause := h.Next()
		if wanted := attempt == 4 || attempt == 7 || attempt == 10; server != servers[at] || pause != wanted {
			t.Errorf("attempt %d is %s, pause %t; want %s, %t", attempt, server, pause, servers[at], wanted)
		}
	}
}

func TestSingleHost(t *testing.T) {
	h := hostsOf(t, "a:1")
	for attempt := range 3 {
		if server, pause := h.Next(); server != "a:1" || pause != (attempt > 0) {
			t.Errorf("attempt %d is %s, pause %t", attempt+1, server, pause)
		}
	}
}

// After a session has ended, the next servers are tried at once.
func TestHostsAfterASession(t *testing.T) {
	h := hostsOf(t, "a:1", "b:1")
	h.Next()
	h.Next()
	h.Connected()
	for attempt, wanted := range []bool{false, false, true} {
		if _, pause := h.Next(); pause != wanted {
			t.Errorf("attempt %d, pause %t", attempt+1, pause)
		}
	}
}

// With upstream's client, a session that has not lasted is another attempt in vain.
func TestHostsForUpstream(t *testing.T) {
	h := HostProviderForUpstream().(*hosts)
	if err := h.Init([]string{"a:1", "b:1"}); err != nil {
		t.Fatal(err)
	}
	for attempt, wanted := range []bool{false, false, true, false, true} {
		if _, pause := h.Next(); pause != wanted {
			t.Errorf("attempt %d after short sessions, pause %t", attempt+1, pause)
		}
		h.Connected()
	}
	h.begun = h.begun.Add(-shortSession)
	for attempt, wanted := range []bool{false, false, true} {
		if _, pause := h.Next(); pause != wanted {
			t.Errorf("attempt %d after a session that has lasted, pause %t", attempt+1, pause)
		}
	}
}

// Many processes don't all start at the same server.
func TestHostsStartAnywhere(t *testing.T) {
	first := map[string]bool{}
	for range 1000 {
		server, _ := hostsOf(t, "a:1", "b:1", "c:1").Next()
		first[server] = true
	}
	if len(first) != 3 {
		t.Errorf("only %v are the first", first)
	}
}

func TestHostsAreCopied(t *testing.T) {
	servers := []string{"a:1"}
	h := hostsOf(t, servers...)
	servers[0] = "changed:1"
	if server, _ := h.Next(); server != "a:1" || h.Len() != 1 {
		t.Errorf("of %d servers, the first is %s", h.Len(), server)
	}
}

func TestNoHosts(t *testing.T) {
	if (&hosts{}).Init(nil) == nil {
		t.Error("there are no servers, and no error")
	}
}
