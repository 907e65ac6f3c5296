package driver

import (
	"context"
	"net/http"
	"net/http/httptest"
	"time"

	zookeeper "github.com/mod-zookeeper/traefik-zookeeper"
)

// nowhere is an address at which nothing listens.
const nowhere = "127.0.0.1:1"

func definition(cluster, servers string) map[string]zookeeper.Cluster {
	return map[string]zookeeper.Cluster{cluster: {Servers: []string{servers}, SessionTimeout: "2s"}}
}

// defining makes a middleware that defines a cluster.
func defining(ctx context.Context, name, cluster, servers string) error {
	rules := []zookeeper.HeaderRule{{Name: "X-Value", Path: []string{"/value"}}}
	_, err := zookeeper.New(ctx, http.NotFoundHandler(), &zookeeper.Config{Clusters: definition(cluster, servers), RequestHeaders: rules}, name)
	return err
}

// Leaving: a middleware that has left still answers requests that come late by what it
// knew, also where each has a node of its own.
func Leaving(servers string) string {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	gates := []zookeeper.Gate{{Path: []string{"/leaving/{header.X-User}"}, BlockWhen: "on"}}
	handler, err := zookeeper.New(ctx, http.NotFoundHandler(), &zookeeper.Config{Clusters: definition("leaving", servers), Gates: gates}, "leaving")
	if err != nil {
		return err.Error()
	}
	h, err := acquire("leaving")
	if err != nil {
		return err.Error()
	}
	for _, path := range []string{"/leaving", "/leaving/ann"} {
		err = put(h, path, "on")
		if err != nil {
			return err.Error()
		}
	}
	closed := func() bool { return statusFor(handler, "ann") == http.StatusForbidden }
	if !eventually(closed) {
		return "the gate never closes"
	}
	cancel()
	err = h.Release()
	if err != nil {
		return err.Error()
	}
	if !eventually(func() bool { return !zookeeper.Lookup("leaving") }) {
		return "the middleware doesn't leave"
	}
	if !closed() {
		return "after its middleware has left, the gate is open"
	}
	return ""
}

func statusFor(handler http.Handler, user string) int {
	r := httptest.NewRequest(http.MethodGet, "/", nil)
	r.Header.Set("X-User", user)
	w := httptest.NewRecorder()
	handler.ServeHTTP(w, r)
	return w.Code
}

// Outliving: a cluster that handles hold is still there when all middlewares have left
// that define it, and a new one shares the session.
func Outliving(servers string) string {
	leave, err := definingTwo("outliving-first", servers)
	if err != nil {
		return err.Error()
	}
	h, err := acquire("outliving")
	if err != nil {
		return err.Error()
	}
	if !leave() {
		return "the middleware doesn't leave"
	}
	text := sharedWith(h)
	if text != "" {
		return "when its middleware has left: " + text
	}
	leave, err = definingTwo("outliving-second", servers)
	if err != nil {
		return err.Error()
	}
	text = sharedWith(h)
	if text != "" {
		return "when another middleware defines it: " + text
	}
	if !leave() || !zookeeper.Lookup("outliving") {
		return "the cluster doesn't outlive the other middleware"
	}
	err = h.Release()
	if err != nil {
		return err.Error()
	}
	if !eventually(func() bool { return !zookeeper.Lookup("outliving") }) {
		return "the cluster stays when nobody defines, uses or holds it"
	}
	return ""
}

// definingTwo makes a middleware that defines the cluster and one that nobody holds. So
// it shows when the middleware has left, which the returned function waits for.
func definingTwo(name, servers string) (func() bool, error) {
	ctx, cancel := context.WithCancel(context.Background())
	clusters := definition("outliving", servers)
	clusters[name] = zookeeper.Cluster{Servers: []string{nowhere}}
	rules := []zookeeper.HeaderRule{{Name: "X-Value", Path: []string{"/value"}, Cluster: "outliving"}}
	_, err := zookeeper.New(ctx, http.NotFoundHandler(), &zookeeper.Config{Clusters: clusters, RequestHeaders: rules}, name)
	leave := func() bool {
		cancel()
		return zookeeper.Lookup(name) && eventually(func() bool { return !zookeeper.Lookup(name) })
	}
	return leave, err
}

// sharedWith acquires a handle's cluster once more, for a moment.
func sharedWith(h *zookeeper.Handle) string {
	again, err := acquire(h.Name())
	if err != nil {
		return err.Error()
	}
	shared := again.Conn() == h.Conn()
	err = again.Release()
	if err != nil {
		return err.Error()
	}
	if !shared {
		return "there is a second session"
	}
	return ""
}

// Moving: who waits for a session of a cluster gets one of the ensemble that the name
// means now.
func Moving(servers string) string {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	err := defining(ctx, "moving", "moving", nowhere)
	if err != nil {
		return err.Error()
	}
	acquired := make(chan error, 1)
	go acquireInto("moving", acquired)
	time.Sleep(100 * time.Millisecond)
	cancel()
	ctx, cancelSecond := context.WithCancel(context.Background())
	defer cancelSecond()
	err = defining(ctx, "moving", "moving", servers)
	if err != nil {
		return err.Error()
	}
	err = <-acquired
	if err != nil {
		return problem("Acquire while the ensemble becomes another one: %v", err)
	}
	return ""
}
