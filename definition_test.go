package zookeeper

import (
	"context"
	"net/http"
	"os"
	"testing"
	"time"
)

// canceledAndBack is an instance that Traefik gave up and took up again.
func canceledAndBack() (*instance, context.CancelFunc) {
	first, cancelFirst := context.WithCancel(context.Background())
	inst := &instance{rules: &rules{}, basis: &basis{rules: &rules{}}, loaded: make(chan struct{}), bindings: map[*binding]bool{}}
	openBinding(inst, &route{ctx: first, next: http.NotFoundHandler()})
	cancelFirst()
	second, cancelSecond := context.WithCancel(context.Background())
	openBinding(inst, &route{ctx: second, next: http.NotFoundHandler()})
	return inst, cancelSecond
}

// The cancellations of a reload are noted while the reload goes on. One that is noted
// after the instance is back is not the next one's time, which would be long ago then.
func TestCancellationThatIsNotedLate(t *testing.T) {
	inst, cancel := canceledAndBack()
	inst.noteCanceled()
	time.Sleep(20 * time.Millisecond)
	cancel()
	if got := inst.CanceledFor(); got != 0 {
		t.Errorf("it has been given up for %s, before that is noted", got)
	}
	inst.noteCanceled()
	if got := inst.CanceledFor(); got == 0 || got > 10*time.Millisecond {
		t.Errorf("it has been given up for %s", got)
	}
}

func newDefining(t *testing.T, name, cluster, servers string) context.CancelFunc {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	t.Cleanup(cancel)
	config := &Config{Clusters: map[string]Cluster{cluster: {Servers: []string{servers}}}, RequestHeaders: []HeaderRule{{Name: "X-Value", Path: []string{"/value"}}}}
	_, err := New(ctx, http.NotFoundHandler(), config, name)
	if err != nil {
		t.Fatal(err)
	}
	return cancel
}

// serversOf are the servers of the definition in force.
func serversOf(cluster string) []string {
	s := registry.clusters.lock()
	defer registry.clusters.unlock()
	return s.clusters[cluster].inForce().servers
}

// A definition that waits for another one takes over soon after that one can't come
// again any more, however late the cancellation is noted.
func TestDefinitionThatWaits(t *testing.T) {
	const cluster = "waits-for-another"
	cancel := newDefining(t, "before", cluster, "127.0.0.1:1")
	registry.groups.mu.Lock()
	cancel()
	began := time.Now()
	time.AfterFunc(300*time.Millisecond, registry.groups.mu.Unlock)
	newDefining(t, "after", cluster, "127.0.0.1:2")
	for serversOf(cluster)[0] != "127.0.0.1:2" {
		if time.Since(began) > reloadGrace+10*time.Second {
			t.Fatal("it still waits")
		}
		time.Sleep(10 * time.Millisecond)
	}
	if took := time.Since(began); took < reloadGrace {
		t.Errorf("it took over after %s", took)
	}
}

// What Register says stays, so a definition that waits and contradicts it is refused.
func TestDefinitionThatContradictsRegister(t *testing.T) {
	const cluster = "registered-meanwhile"
	cancel := newDefining(t, "before", cluster, "127.0.0.1:1")
	cancel()
	newDefining(t, "after", cluster, "127.0.0.1:2")
	err := Register(cluster, Cluster{Servers: []string{"127.0.0.1:1"}})
	if err != nil {
		t.Fatal(err)
	}
	for began := time.Now(); !hasFailed("after"); time.Sleep(10 * time.Millisecond) {
		if time.Since(began) > changeGrace+10*time.Second {
			t.Fatal("it is not refused")
		}
	}
}

// hasFailed tells whether an instance of a middleware has.
func hasFailed(middleware string) bool {
	for _, inst := range registry.liveInstances() {
		if inst.name == middleware && inst.hasFailure() {
			return true
		}
	}
	return false
}

// Who waits for a session of a cluster gets one of the ensemble that it means now.
func TestAcquireWhileTheEnsembleBecomesAnotherOne(t *testing.T) {
	const cluster = "moves-while-acquired"
	cancel := newDefining(t, "definer", cluster, "127.0.0.1:1")
	ctx, giveUp := context.WithTimeout(context.Background(), 10*time.Second)
	defer giveUp()
	acquired := make(chan error, 1)
	go func() {
		h, err := Acquire(ctx, cluster)
		if err == nil {
			err = h.Release()
		}
		acquired <- err
	}()
	time.Sleep(100 * time.Millisecond)
	cancel()
	newDefining(t, "definer", cluster, os.Getenv("ZOOKEEPER_TEST_SERVERS"))
	err := <-acquired
	if err != nil {
		t.Error(err)
	}
}

// A cluster that handles hold is still there when all middlewares have left that
// define it, and a new one shares the session.
func TestHeldClusterOutlivesItsMiddlewares(t *testing.T) {
	const cluster = "held-alone"
	servers := os.Getenv(serversVariable)
	cancel := newDefining(t, "definer", cluster, servers)
	held := acquire(t, cluster)
	cancel()
	leaveAll(cluster)
	again := acquire(t, cluster)
	newDefining(t, "another", cluster, servers)
	shared := acquire(t, cluster)
	for _, h := range []*Handle{again, shared} {
		if h.Conn() != held.Conn() {
			t.Error("there is a second session")
		}
		releaseHandle(t, h)
	}
	leaveAll(cluster)
	releaseHandle(t, held)
	endLeaseNow(held.leased)
	if Lookup(cluster) {
		t.Error("the cluster stays when nobody defines, uses or holds it")
	}
}

func acquire(t *testing.T, cluster string) *Handle {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	h, err := Acquire(ctx, cluster)
	if err != nil {
		t.Fatal(err)
	}
	return h
}

func releaseHandle(t *testing.T, h *Handle) {
	t.Helper()
	err := h.Release()
	if err != nil {
		t.Error(err)
	}
}

// endLeaseNow has the linger be over, which is too long for a test.
func endLeaseNow(p *sharedPool) {
	registry.clusters.lock()
	p.idleSince = time.Now().Add(-lingerTime())
	registry.clusters.unlock()
	registry.clusters.endLease(p)
}
