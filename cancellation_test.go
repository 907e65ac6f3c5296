package zookeeper

import (
	"context"
	"net/http"
	"net/http/httptest"
	"os"
	"reflect"
	"sort"
	"testing"
	"time"

	"github.com/go-zookeeper/zk"
)

// An instance that has left still answers requests that come late by what it knew,
// also where each has a node of its own.
func TestInstanceThatLeftKeepsItsGatesClosed(t *testing.T) {
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	handler, err := New(ctx, http.NotFoundHandler(), &Config{
		Clusters: map[string]Cluster{"retirement": {Servers: []string{os.Getenv(serversVariable)}}},
		Gates:    []Gate{{Path: []string{"/retirement/{header.X-User}"}, BlockWhen: "on"}},
	}, "retirement")
	if err != nil {
		t.Fatal(err)
	}
	h, err := Acquire(ctx, "retirement")
	if err != nil {
		t.Fatal(err)
	}
	defer h.Release()
	for _, path := range []string{"/retirement", "/retirement/ann"} {
		if _, err := h.Conn().Create(path, []byte("on"), 0, zk.WorldACL(zk.PermAll)); err != nil {
			t.Fatal(err)
		}
	}
	status := func() int {
		r := httptest.NewRequest(http.MethodGet, "/", nil)
		r.Header.Set("X-User", "ann")
		w := httptest.NewRecorder()
		handler.ServeHTTP(w, r)
		return w.Code
	}
	for status() != http.StatusForbidden {
		if ctx.Err() != nil {
			t.Fatal("the gate never closes")
		}
		time.Sleep(time.Millisecond)
	}
	leaveAll("retirement")
	if got := status(); got != http.StatusForbidden {
		t.Errorf("after its instance has left, the gate answers %d", got)
	}
}

// Of routers that share an instance, one that has left before anything was known
// gives no way past the gate either, and takes nothing from the others.
func TestBindingThatLeft(t *testing.T) {
	config := &Config{Decoded: map[string]any{
		"clusters":       map[string]any{"outlets": map[string]any{"servers": "127.0.0.1:1"}},
		"startupTimeout": "1h",
		"gates":          []any{map[string]any{"path": "/closed"}},
	}}
	leaving, cancel := context.WithCancel(context.Background())
	defer cancel()
	staying, cancel := context.WithCancel(context.Background())
	defer cancel()
	start := func(ctx context.Context) http.Handler {
		handler, err := New(ctx, http.NotFoundHandler(), config, "outlets")
		if err != nil {
			t.Fatal(err)
		}
		return handler
	}
	left, other := start(leaving), start(staying)
	members := instancesAt("outlets")
	if len(members) != 1 {
		t.Fatalf("two routers with the same configuration have %d instances", len(members))
	}
	for b := range members[0].bindings {
		if b.ctx == leaving {
			registry.leave(members[0], b)
		}
	}
	w := httptest.NewRecorder()
	left.ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/", nil))
	if w.Code != http.StatusForbidden {
		t.Errorf("the router that has left answers %d", w.Code)
	}
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Millisecond)
	defer cancel()
	w = httptest.NewRecorder()
	other.ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/", nil).WithContext(ctx))
	if ctx.Err() == nil {
		t.Errorf("the other one doesn't wait for the first values, but answers %d", w.Code)
	}
}

// Bindings whose contexts are done through one channel leave together, and leave the
// others alone. The linger between is too long for a test.
func TestBindingsLeaveWithTheirContext(t *testing.T) {
	leaving, cancel := context.WithCancel(context.Background())
	defer cancel()
	staying, cancel := context.WithCancel(context.Background())
	defer cancel()
	start := func(parent context.Context, name string) {
		config := &Config{Decoded: map[string]any{
			"clusters":       map[string]any{"groups": map[string]any{"servers": "127.0.0.1:1"}},
			"requestHeaders": []any{map[string]any{"name": "X-" + name, "path": "/a"}},
		}}
		type key struct{}
		if _, err := New(context.WithValue(parent, key{}, name), http.NotFoundHandler(), config, name); err != nil {
			t.Fatal(err)
		}
	}
	for _, name := range []string{"a", "b", "c"} {
		start(leaving, name)
	}
	start(staying, "d")
	start(context.Background(), "e")
	group := registry.groups.remove(reflect.ValueOf(leaving.Done()).Pointer())
	if len(group.bindings) != 3 {
		t.Fatalf("%d leave together; want 3", len(group.bindings))
	}
	start(leaving, "f") // which comes later, and is in another group
	leaveTogether(registry, group)
	var left []string
	for _, inst := range instancesAt("groups") {
		left = append(left, inst.name)
	}
	sort.Strings(left)
	if want := []string{"d", "e", "f"}; !reflect.DeepEqual(left, want) {
		t.Errorf("there are %q; want %q", left, want)
	}
}

// serversVariable has the address of the tests' server.
const serversVariable = "ZOOKEEPER_TEST_SERVERS"

// instancesAt are those that define or use a cluster.
func instancesAt(cluster string) []*instance {
	s := registry.clusters.lock()
	defer registry.clusters.unlock()
	var all []*instance
	for m := range s.clusters[cluster].uses {
		all = append(all, m.who.(*instance))
	}
	return all
}

// leaveAll has them leave, as they do some time after their contexts are cancelled.
func leaveAll(cluster string) {
	for _, inst := range instancesAt(cluster) {
		for b := range inst.bindings {
			registry.leave(inst, b)
		}
	}
}
