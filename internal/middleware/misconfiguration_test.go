package middleware

import (
	"context"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/mod-zookeeper/traefik-zookeeper/config"
)

// What is wrong with a middleware is known until its router is given up.
func TestMisconfiguredMiddlewares(t *testing.T) {
	r := newRegistry()
	ctx, cancel := context.WithCancel(context.Background())
	r.NoteMisconfigured(ctx, &Misconfigured{Middleware: "shop", Problem: "it has no path"})
	r.NoteMisconfigured(context.Background(), &Misconfigured{Middleware: "blog", Problem: "it has no name"})
	if all := r.Misconfigured(); len(all) != 2 {
		t.Errorf("%d are misconfigured", len(all))
	}
	cancel()
	for began := time.Now(); len(r.Misconfigured()) != 1; time.Sleep(time.Millisecond) {
		if time.Since(began) > 10*time.Second {
			t.Fatal("what is wrong with a router that is gone is still known")
		}
	}
	if left := r.Misconfigured()[0]; left.Middleware != "blog" || left.Problem != "it has no name" {
		t.Errorf("%+v", left)
	}
}

// A configuration with a mistake, or one that contradicts another middleware, has no
// handler, and leaves nothing behind.
func TestConfigurationsWithoutAHandler(t *testing.T) {
	r := newRegistry()
	route(t, r, "first", headerFrom("main", "zk1", "X-A"))
	for want, c := range map[string]*config.Config{
		"another middleware defines this cluster": headerFrom("main", "zk2", "X-A"),
		`"zk1:99999"`: headerFrom("other", "zk1:99999", "X-A"),
	} {
		handler, err := r.NewHandler(c, &Route{Context: context.Background(), Next: http.HandlerFunc(service), Middleware: "second"})
		if handler != nil || err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v, %v, want %s", handler, err, want)
		}
	}
	if len(r.state.instances) != 1 || r.Clusters.Knows("other") {
		t.Errorf("%d instances", len(r.state.instances))
	}
}
