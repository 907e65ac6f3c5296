package main

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"time"

	zookeeper "github.com/mod-zookeeper/traefik-zookeeper"
)

// serve serves requests of tenants, each of which has a greeting in a node of its own. It
// prints a line when all have the one, and when all have the other one.
func serve(addr string, tenants int) error {
	var greeting string
	next := http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { greeting = r.Header.Get("X-Greeting") })
	handler, err := zookeeper.New(context.Background(), next, &zookeeper.Config{
		Clusters:       map[string]zookeeper.Cluster{"main": {Servers: []string{addr}}},
		RequestHeaders: []zookeeper.HeaderRule{{Name: "X-Greeting", Path: []string{"/greetings/{header.X-Tenant}"}}},
	}, "greetings")
	if err != nil {
		return err
	}
	for _, wanted := range []string{"hello", "welcome"} {
		for tenant := 0; tenant < tenants; {
			r := httptest.NewRequest(http.MethodGet, "/", nil)
			r.Header.Set("X-Tenant", fmt.Sprint(tenant))
			handler.ServeHTTP(httptest.NewRecorder(), r)
			if greeting == wanted {
				tenant++
			} else {
				time.Sleep(10 * time.Millisecond)
			}
		}
		fmt.Println(wanted)
	}
	return nil
}
