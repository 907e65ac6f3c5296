package zookeeper

import (
	"context"
	"net/http"
	"net/http/httptest"
	"os"
	"testing"
	"time"

	"github.com/go-zookeeper/zk"
)

// An instance that has left still answers requests that come late by what it knew,
// also where each has a node of its own.
func TestRetiredInstanceKeepsItsGatesClosed(t *testing.T) {
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
	for inst := range clusters.clusters["retirement"].members {
		clusters.leave(inst)
	}
	if got := status(); got != http.StatusForbidden {
		t.Errorf("after its instance has left, the gate answers %d", got)
	}
}

// serversVariable has the address of the tests' server.
const serversVariable = "ZOOKEEPER_TEST_SERVERS"
