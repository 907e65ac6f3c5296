package zookeeper_test

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"

	zookeeper "github.com/mod-zookeeper/traefik-zookeeper"
)

// Without ZooKeeper in reach, defaults apply once the startup timeout is over.
func ExampleNew() {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	next := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		fmt.Printf("release %q\n", r.Header.Get("X-Release"))
	})
	handler, err := zookeeper.New(ctx, next, &zookeeper.Config{
		Clusters:       map[string]zookeeper.Cluster{"main": {Servers: []string{"zk1.example.com:2181"}}},
		RequestHeaders: []zookeeper.HeaderRule{{Name: "X-Release", Path: []string{"/release/current"}, Default: "none"}},
		StartupTimeout: "10ms",
	}, "release")
	if err != nil {
		fmt.Println(err)
		return
	}
	r := httptest.NewRequest(http.MethodGet, "/", nil)
	r.Header.Set("X-Release", "forged")
	handler.ServeHTTP(httptest.NewRecorder(), r)
	// Output: release "none"
}

// The messages go to a function of one's own.
func ExampleSetLogger() {
	zookeeper.SetLogger(func(level, message string) { fmt.Println(level+":", message) })
	defer zookeeper.SetLogger(nil)
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	_, err := zookeeper.New(ctx, http.NotFoundHandler(), &zookeeper.Config{Gates: []zookeeper.Gate{{Path: []string{"checkout"}}}}, "shop")
	fmt.Println(err)
	// Output:
	// error: middleware shop: answers 503 to everything, since its gates can't be asked: gates[0].path: "checkout": a node's path has to start with a slash
	// <nil>
}
