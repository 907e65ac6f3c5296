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
	inst := &instance{rules: &rules{}, loaded: make(chan struct{}), outlets: map[*outlet]bool{}}
	inst.open(first, http.NotFoundHandler())
	cancelFirst()
	second, cancelSecond := context.WithCancel(context.Background())
	inst.open(second, http.NotFoundHandler())
	return inst, cancelSecond
}

// The cancellations of a reload are noted while the reload goes on. One that is noted
// after the instance is back is not the next one's time, which would be long ago then.
func TestCancellationThatIsNotedLate(t *testing.T) {
	inst, cancel := canceledAndBack()
	inst.noteCanceled()
	time.Sleep(20 * time.Millisecond)
	cancel()
	if got := inst.canceledFor(); got != 0 {
		t.Errorf("it has been given up for %s, before that is noted", got)
	}
	inst.noteCanceled()
	if got := inst.canceledFor(); got == 0 || got > 10*time.Millisecond {
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
	clusters.mu.Lock()
	defer clusters.mu.Unlock()
	return clusters.clusters[cluster].inForce().servers
}

// A definition that waits for another one takes over soon after that one can't come
// again any more, however late the cancellation is noted.
func TestDefinitionThatWaits(t *testing.T) {
	const cluster = "waits-for-another"
	cancel := newDefining(t, "before", cluster, "127.0.0.1:1")
	outletGroups.mu.Lock()
	cancel()
	began := time.Now()
	time.AfterFunc(300*time.Millisecond, outletGroups.mu.Unlock)
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
	for _, inst := range clusters.liveInstances() {
		if inst.name == middleware && inst.failed() {
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
