package clusters

import (
	"fmt"
	"testing"
	"time"

	"github.com/mod-zookeeper/traefik-zookeeper/internal/cache"
	"github.com/mod-zookeeper/traefik-zookeeper/internal/ensemble"
	"github.com/mod-zookeeper/traefik-zookeeper/internal/session"
)

// A fakeMember notes what a registry of clusters tells it.
type fakeMember struct {
	isLive      bool
	canceledFor time.Duration
	bound       map[string]*cache.Cache
	failure     error
	refusal     error
	asked       int // how often it was asked whether it is live
}

func (m *fakeMember) IsLive() bool {
	m.asked++
	return m.isLive
}

func (m *fakeMember) CanceledFor() time.Duration { return m.canceledFor }

func (m *fakeMember) ReadFrom(cluster string, c *cache.Cache) { m.bound[cluster] = c }

func (m *fakeMember) Fail(err error) { m.failure = err }

func (m *fakeMember) Refuse(err error) { m.refusal = err }

func (m *fakeMember) Resume() { m.refusal = nil }

// settingsAt are those of an ensemble of one server.
func settingsAt(server string) *ensemble.Settings {
	return &ensemble.Settings{ID: server, Servers: []string{server}}
}

// defining is a live member that defines a cluster.
func defining(t *testing.T, r *Registry, middleware, cluster, server string) (*fakeMember, *Membership) {
	t.Helper()
	who := &fakeMember{isLive: true, bound: map[string]*cache.Cache{}}
	m, err := r.Join(&JoinRequest{
		Member: who, Middleware: middleware, Defines: map[string]*ensemble.Settings{cluster: settingsAt(server)}, Uses: []string{cluster}, Accepted: func() {},
	})
	if err != nil {
		t.Fatal(err)
	}
	return who, m
}

// using is a live member that uses a cluster which others define.
func using(t *testing.T, r *Registry, cluster string) (*fakeMember, *Membership) {
	t.Helper()
	who := &fakeMember{isLive: true, bound: map[string]*cache.Cache{}}
	m, err := r.Join(&JoinRequest{Member: who, Middleware: "user", Uses: []string{cluster}, Accepted: func() {}})
	if err != nil {
		t.Fatal(err)
	}
	return who, m
}

func TestMembersShareThePool(t *testing.T) {
	r := NewRegistry()
	early, earlyMembership := using(t, r, "main")
	if early.bound["main"] != nil || len(r.Undefined(earlyMembership)) != 1 {
		t.Error("a cluster that nobody defines has a pool")
	}
	definer, definerMembership := defining(t, r, "definer", "main", "a:1")
	late, lateMembership := using(t, r, "main")
	p := poolOf(r, definerMembership, "main")
	if definer.bound["main"] != p.cache() || early.bound["main"] != p.cache() || late.bound["main"] != p.cache() || len(r.Undefined(earlyMembership)) != 0 {
		t.Error("members of a cluster don't share its pool")
	}
	for _, m := range []*Membership{definerMembership, earlyMembership, lateMembership} {
		if isClosed(p.session()) {
			t.Error("the pool is closed while somebody uses it")
		}
		r.Leave(m)
	}
	if !isClosed(p.session()) || len(r.state.clusters) != 0 || len(r.state.members) != 0 {
		t.Error("something is left when all have gone")
	}
}

func TestDefinitionThatContradictsALiveOne(t *testing.T) {
	r := NewRegistry()
	defining(t, r, "first", "main", "a:1")
	_, err := r.Join(&JoinRequest{
		Member: &fakeMember{isLive: true}, Middleware: "second", Defines: map[string]*ensemble.Settings{"main": settingsAt("b:1")},
		Accepted: func() { t.Error("it is accepted") },
	})
	if err == nil {
		t.Error("there is no error")
	}
}

func TestDefinitionTakesOverWhenNobodyHoldsTheOther(t *testing.T) {
	r := NewRegistry()
	before, _ := defining(t, r, "before", "main", "a:1")
	before.isLive = false
	after, _ := defining(t, r, "after", "main", "b:1")
	decideWaiting(r)
	if after.bound["main"] != nil {
		t.Error("it doesn't wait for the one that may come again")
	}
	before.canceledFor = reloadGrace
	decideWaiting(r)
	if after.bound["main"] == nil || after.bound["main"] == before.bound["main"] {
		t.Error("it has not taken over")
	}
}

func TestWhatRegisterSaysRefusesTheOther(t *testing.T) {
	r := NewRegistry()
	before, _ := defining(t, r, "before", "main", "a:1")
	before.isLive = false
	after, _ := defining(t, r, "after", "main", "b:1")
	err := r.Register("main", settingsAt("a:1"))
	if err != nil {
		t.Fatal(err)
	}
	if after.refusal == nil {
		t.Error("the middleware's definition is not refused")
	}
}

func TestOnlyClusterThatIsNoLongerTheOnlyOne(t *testing.T) {
	r := NewRegistry()
	nameless, _ := using(t, r, ensemble.OnlyCluster)
	defining(t, r, "first", "main", "a:1")
	if nameless.bound[ensemble.OnlyCluster] == nil || nameless.failure != nil {
		t.Error("it doesn't get the only cluster")
	}
	defining(t, r, "second", "other", "b:1")
	if nameless.failure == nil {
		t.Error("it isn't told that there are two")
	}
}

func TestOnlyCurrentMembersRejoin(t *testing.T) {
	r := NewRegistry()
	who, m := defining(t, r, "same", "main", "a:1")
	who.isLive = false
	if !r.Rejoin(m, func() { who.isLive = true }) || !who.isLive {
		t.Error("a member with the pool in force can't rejoin")
	}
	who.isLive = false
	who.canceledFor = reloadGrace
	defining(t, r, "another", "main", "b:1")
	if r.Rejoin(m, func() { t.Error("it is revived") }) {
		t.Error("a member with another pool rejoins")
	}
}

func TestLeasedSessionStays(t *testing.T) {
	r := NewRegistry()
	_, m := defining(t, r, "definer", "main", "a:1")
	leased := r.Acquire("main")
	r.Leave(m)
	if isClosed(leased.Session) || !r.Knows("main") {
		t.Fatal("a cluster that is leased has gone with its member")
	}
	_, next := defining(t, r, "next", "main", "a:1")
	again := r.Acquire("main")
	if poolOf(r, next, "main") != leased.pool || again.Session != leased.Session {
		t.Error("there is a second session")
	}
	r.Release(again)
	r.Leave(next)
	r.Release(leased)
	leased.pool.idleSince = time.Now().Add(-LingerTime())
	r.closeIdle(leased.pool)
	if !isClosed(leased.Session) || r.Knows("main") {
		t.Error("the session stays when nobody holds it")
	}
	if r.Acquire("main") != nil || r.Acquire(ensemble.OnlyCluster) != nil {
		t.Error("there is a lease of a cluster that nobody defines")
	}
}

// poolOf is the pool that a member has for a cluster.
func poolOf(r *Registry, m *Membership, cluster string) *pool {
	s := lock(r)
	defer unlock(r)
	return s.clusters[cluster].uses[m].pool
}

// isClosed tells whether nobody will ever have a session: where one may come, there is
// something to wait for.
func isClosed(s *session.Session) bool {
	c, next, _ := s.TryAcquireForHandle()
	return c == nil && next == nil
}

// However many members linger, a reload asks each of them but once or twice whether it is live:
// as many members as there are would otherwise be asked for each that comes.
func TestReloadAsksFewMembers(t *testing.T) {
	const members = 100
	r := NewRegistry()
	var all []*fakeMember
	for range 3 {
		for _, m := range all {
			m.isLive = false
		}
		for i := range members {
			m, _ := defining(t, r, fmt.Sprint("m", i), "main", "a:1")
			all = append(all, m)
			using(t, r, "main")
			using(t, r, ensemble.OnlyCluster)
		}
	}
	asked := 0
	for _, m := range all {
		asked += m.asked
	}
	if asked > 10*len(all) {
		t.Errorf("%d members were asked %d times", len(all), asked)
	}
}

// A cluster is defined as long as one of those who define it is live, whoever was found to be so
// before.
func TestDefinedByWhoeverIsLive(t *testing.T) {
	r := NewRegistry()
	first, firstMembership := defining(t, r, "first", "main", "a:1")
	second, secondMembership := defining(t, r, "second", "main", "a:1")
	isDefined := func(want bool) {
		t.Helper()
		if got := len(r.Defined()) > 0; got != want {
			t.Errorf("defined: %t", got)
		}
	}
	isDefined(true)
	second.isLive = false
	isDefined(true)
	first.isLive = false
	isDefined(false)
	if !r.Rejoin(secondMembership, func() { second.isLive = true }) {
		t.Fatal("it can't come back")
	}
	isDefined(true)
	r.Leave(secondMembership)
	isDefined(false)
	first.isLive = true
	isDefined(true)
	r.Leave(firstMembership)
	isDefined(false)
}
