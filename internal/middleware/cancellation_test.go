package middleware

import (
	"context"
	"net/http"
	"reflect"
	"sort"
	"testing"
	"time"

	"github.com/mod-zookeeper/traefik-zookeeper/internal/rules"
)

// Of routers that share an instance, one that has left before anything was known
// gives no way past the gate either, and takes nothing from the others.
func TestBindingThatLeft(t *testing.T) {
	r := newRegistry()
	left, other := route(t, r, "a", gateOf("main", nowhere, "1h")), route(t, r, "a", gateOf("main", nowhere, "1h"))
	if left.inst != other.inst {
		t.Fatal("two routers with the same configuration have two instances")
	}
	r.leave(left.inst, left.binding)
	if got := left.ask(time.Minute); got != http.StatusForbidden {
		t.Errorf("the router that has left answers %d", got)
	}
	if got := other.ask(10 * time.Millisecond); got != 0 {
		t.Errorf("the other one doesn't wait for the first values, but answers %d", got)
	}
}

// An instance whose last router has left still answers requests that come late.
func TestInstanceThatLeft(t *testing.T) {
	r := newRegistry()
	m := route(t, r, "a", gateOf("main", nowhere, "1ms"))
	m.await(http.StatusForbidden)
	r.leave(m.inst, m.binding)
	if !stateOf(m.inst).isClosed || r.Clusters.Knows("main") {
		t.Error("it holds on to its cluster")
	}
	m.inst.update()
	if got := m.ask(time.Minute); got != http.StatusForbidden {
		t.Errorf("it answers %d", got)
	}
}

// Bindings whose contexts are done through one channel leave together, and leave the
// others alone. The linger between is too long for a test.
func TestBindingsLeaveWithTheirContext(t *testing.T) {
	r := newRegistry()
	leaving, cancel := context.WithCancel(context.Background())
	defer cancel()
	start := func(parent context.Context, name string) {
		type key struct{}
		routeUntil(context.WithValue(parent, key{}, name), t, r, name, headerFrom("main", nowhere, "X-"+name), cancel)
	}
	for _, name := range []string{"a", "b", "c"} {
		start(leaving, name)
	}
	route(t, r, "d", headerFrom("main", nowhere, "X-D"))
	start(context.Background(), "e")
	group := r.groups.remove(reflect.ValueOf(leaving.Done()).Pointer())
	if len(group.bindings) != 3 {
		t.Fatalf("%d leave together; want 3", len(group.bindings))
	}
	start(leaving, "f") // which comes later, and is in another group
	leaveTogether(r, group)
	var left []string
	for inst := range r.state.instances {
		left = append(left, inst.name)
	}
	sort.Strings(left)
	if want := []string{"d", "e", "f"}; !reflect.DeepEqual(left, want) {
		t.Errorf("there are %q; want %q", left, want)
	}
}

// canceledAndBack is an instance that Traefik gave up and took up again.
func canceledAndBack() (*instance, context.CancelFunc) {
	first, cancelFirst := context.WithCancel(context.Background())
	inst := newInstance("a", &rules.Rules{}, nil)
	open(inst, &Route{Context: first, Next: http.NotFoundHandler()})
	cancelFirst()
	second, cancelSecond := context.WithCancel(context.Background())
	open(inst, &Route{Context: second, Next: http.NotFoundHandler()})
	return inst, cancelSecond
}

// The cancellations of a reload are noted while the reload goes on. One that is noted
// after the instance is back is not the next one's time, which would be long ago then.
func TestCancellationThatIsNotedLate(t *testing.T) {
	inst, cancel := canceledAndBack()
	noteCanceled(inst)
	time.Sleep(20 * time.Millisecond)
	cancel()
	if got := inst.CanceledFor(); got != 0 {
		t.Errorf("it has been given up for %s, before that is noted", got)
	}
	noteCanceled(inst)
	if got := inst.CanceledFor(); got == 0 || got > 10*time.Millisecond {
		t.Errorf("it has been given up for %s", got)
	}
}
