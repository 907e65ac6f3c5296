package zookeeper

import (
	"testing"
	"time"
)

// A fakeMember notes what a registry of clusters tells it.
type fakeMember struct {
	isLive      bool
	canceledFor time.Duration
	bound       map[string]*cache
	failure     error
	refusal     error
}

func (m *fakeMember) IsLive() bool                  { return m.isLive }
func (m *fakeMember) CanceledFor() time.Duration    { return m.canceledFor }
func (m *fakeMember) Bind(cluster string, c *cache) { m.bound[cluster] = c }
func (m *fakeMember) Fail(err error)                { m.failure = err }
func (m *fakeMember) Refuse(err error)              { m.refusal = err }
func (m *fakeMember) Resume()                       { m.refusal = nil }

// settingsAt are those of an ensemble of one server.
func settingsAt(server string) *settings { return &settings{id: server, servers: []string{server}} }

// defining is a live member that defines a cluster.
func defining(t *testing.T, r *clusterRegistry, middleware, cluster, server string) (*fakeMember, *membership) {
	t.Helper()
	who := &fakeMember{isLive: true, bound: map[string]*cache{}}
	m, err := r.join(&joining{
		who: who, middleware: middleware, defines: map[string]*settings{cluster: settingsAt(server)}, uses: []string{cluster}, accepted: func() {},
	})
	if err != nil {
		t.Fatal(err)
	}
	return who, m
}

// using is a live member that uses a cluster which others define.
func using(t *testing.T, r *clusterRegistry, cluster string) (*fakeMember, *membership) {
	t.Helper()
	who := &fakeMember{isLive: true, bound: map[string]*cache{}}
	m, err := r.join(&joining{who: who, middleware: "user", uses: []string{cluster}, accepted: func() {}})
	if err != nil {
		t.Fatal(err)
	}
	return who, m
}

func TestMembersShareThePool(t *testing.T) {
	r := newClusterRegistry()
	early, earlyOne := using(t, r, "main")
	if early.bound["main"] != nil || len(r.lacking(earlyOne)) != 1 {
		t.Error("a cluster that nobody defines has a pool")
	}
	definer, definerOne := defining(t, r, "definer", "main", "a:1")
	late, lateOne := using(t, r, "main")
	p := definer.bound["main"]
	if p == nil || early.bound["main"] != p || late.bound["main"] != p || len(r.lacking(earlyOne)) != 0 {
		t.Error("members of a cluster don't share its pool")
	}
	for _, m := range []*membership{definerOne, earlyOne, lateOne} {
		if isClosed(p.session) {
			t.Error("the pool is closed while somebody uses it")
		}
		r.leave(m)
	}
	if !isClosed(p.session) || len(r.state.clusters) != 0 || len(r.state.members) != 0 {
		t.Error("something is left when all have gone")
	}
}

func TestDefinitionThatContradictsALiveOne(t *testing.T) {
	r := newClusterRegistry()
	defining(t, r, "first", "main", "a:1")
	_, err := r.join(&joining{
		who: &fakeMember{isLive: true}, middleware: "second", defines: map[string]*settings{"main": settingsAt("b:1")},
		accepted: func() { t.Error("it is accepted") },
	})
	if err == nil {
		t.Error("there is no error")
	}
}

func TestDefinitionTakesOverWhenNobodyHoldsTheOther(t *testing.T) {
	r := newClusterRegistry()
	before, _ := defining(t, r, "before", "main", "a:1")
	before.isLive = false
	after, _ := defining(t, r, "after", "main", "b:1")
	settleInTime(r)
	if after.bound["main"] != nil {
		t.Error("it doesn't wait for the one that may come again")
	}
	before.canceledFor = reloadGrace
	settleInTime(r)
	if after.bound["main"] == nil || after.bound["main"] == before.bound["main"] {
		t.Error("it has not taken over")
	}
}

func TestWhatRegisterSaysRefusesTheOther(t *testing.T) {
	r := newClusterRegistry()
	before, _ := defining(t, r, "before", "main", "a:1")
	before.isLive = false
	after, _ := defining(t, r, "after", "main", "b:1")
	err := r.register("main", settingsAt("a:1"))
	if err != nil {
		t.Fatal(err)
	}
	if after.refusal == nil {
		t.Error("the middleware's definition is not refused")
	}
}

func TestOnlyClusterThatIsNoLongerTheOnlyOne(t *testing.T) {
	r := newClusterRegistry()
	nameless, _ := using(t, r, onlyCluster)
	defining(t, r, "first", "main", "a:1")
	if nameless.bound[onlyCluster] == nil || nameless.failure != nil {
		t.Error("it doesn't get the only cluster")
	}
	defining(t, r, "second", "other", "b:1")
	if nameless.failure == nil {
		t.Error("it isn't told that there are two")
	}
}

func TestOnlyCurrentMembersRejoin(t *testing.T) {
	r := newClusterRegistry()
	who, m := defining(t, r, "same", "main", "a:1")
	who.isLive = false
	if !r.rejoin(m, func() { who.isLive = true }) || !who.isLive {
		t.Error("a member with the pool in force can't rejoin")
	}
	who.isLive = false
	who.canceledFor = reloadGrace
	defining(t, r, "another", "main", "b:1")
	if r.rejoin(m, func() { t.Error("it is revived") }) {
		t.Error("a member with another pool rejoins")
	}
}

func TestLeasedPoolStays(t *testing.T) {
	r := newClusterRegistry()
	who, m := defining(t, r, "definer", "main", "a:1")
	leased := r.lease("main")
	r.leave(m)
	if isClosed(who.bound["main"].session) || !r.knows("main") {
		t.Fatal("a cluster that is leased has gone with its member")
	}
	r.giveBack(leased)
	leased.idleSince = time.Now().Add(-lingerTime())
	r.endLease(leased)
	if !isClosed(leased.session) || r.knows("main") {
		t.Error("the pool stays when nobody holds it")
	}
	if r.lease("main") != nil || r.lease(onlyCluster) != nil {
		t.Error("there is a lease of a cluster that nobody defines")
	}
}

// isClosed tells whether nobody will ever have a session: where one may come, there is
// something to wait for.
func isClosed(s *session) bool {
	c, next, _ := s.tryHold()
	return c == nil && next == nil
}
