//go:build hooks

package panics

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/go-zookeeper/zk"
	"github.com/mod-zookeeper/traefik-zookeeper/e2e/internal/plugin"
	"github.com/mod-zookeeper/traefik-zookeeper/e2e/internal/zkserver"
)

func TestRightsTakenAndGivenBackCompiled(t *testing.T) { rightsComeBack(t, plugin.Compiled()) }

func TestRightsTakenAndGivenBackInterpreted(t *testing.T) {
	rightsComeBack(t, plugin.Interpreted(t))
}

// A server tells nothing of changes that the client may not read, and forgets the
// watch. The plugin finds out, and follows the node again.
func rightsComeBack(t *testing.T, p plugin.Plugin) {
	plugin.RecheckEvery(t, p, 200*time.Millisecond)
	server := zkserver.Start(t)
	admin := server.Client(t)
	admin.Authenticate("owner", "secret")
	everyone := zk.WorldACL(zk.PermAll)
	owner := zk.DigestACL(zk.PermAll, "owner", "secret")
	admin.PutACL("/value", []byte("one"), everyone)
	admin.PutACL("/list", nil, everyone)
	admin.Put("/tenants/ann/plan", []byte("one"))

	decoded, err := plugin.FromYAML(fmt.Sprintf(`
clusters: {rights: {servers: '%s'}}
requestHeaders:
  - {name: X-Value, path: /value}
  - {name: X-List, path: /list, format: children}
  - {name: X-Ann, path: '/tenants/{header.X-A}/plan'}
  - {name: X-Bob, path: '/tenants/{header.X-B}/plan'}
`, server.Addr()))
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	handler, err := p.New(ctx, http.NotFoundHandler(), decoded, t.Name())
	if err != nil {
		t.Fatal(err)
	}
	await := func(value, list string) {
		t.Helper()
		for deadline := time.Now().Add(patience); ; time.Sleep(time.Millisecond) {
			r := httptest.NewRequest(http.MethodGet, "/", nil)
			handler.ServeHTTP(httptest.NewRecorder(), r)
			if r.Header.Get("X-Value") == value && r.Header.Get("X-List") == list {
				return
			}
			if time.Now().After(deadline) {
				t.Fatalf("%q and %q; want %q and %q", r.Header.Get("X-Value"), r.Header.Get("X-List"), value, list)
			}
		}
	}
	await("one", "")
	tenants := func(ann, bob string) {
		t.Helper()
		for deadline := time.Now().Add(patience); ; time.Sleep(time.Millisecond) {
			r := httptest.NewRequest(http.MethodGet, "/", nil)
			r.Header = http.Header{"X-A": {"ann"}, "X-B": {"bob"}}
			handler.ServeHTTP(httptest.NewRecorder(), r)
			if r.Header.Get("X-Ann") == ann && r.Header.Get("X-Bob") == bob {
				return
			}
			if time.Now().After(deadline) {
				t.Fatalf("%q and %q; want %q and %q", r.Header.Get("X-Ann"), r.Header.Get("X-Bob"), ann, bob)
			}
		}
	}
	tenants("one", "")
	// The server tells nothing of these at all, nor that the rights come back.
	admin.PutACL("/tenants/ann/plan", []byte("two"), owner)
	admin.PutACL("/tenants/bob", nil, owner)
	admin.PutACL("/tenants/bob/plan", []byte("his"), owner)
	for _, path := range []string{"/tenants/ann/plan", "/tenants/bob", "/tenants/bob/plan"} {
		if _, err := admin.Conn.SetACL(path, everyone, -1); err != nil {
			t.Fatal(err)
		}
	}
	tenants("two", "his")

	// The server takes the watches with these changes, whether they are told or not.
	admin.PutACL("/value", []byte("two"), owner)
	admin.PutACL("/list", nil, owner)
	admin.Put("/list/a", nil)
	await("one", "")
	admin.PutACL("/value", []byte("three"), everyone)
	admin.PutACL("/list", nil, everyone)
	await("three", "a")

	// Watches are there again: those tell at once what the recheck would tell later.
	plugin.RecheckEvery(t, p, time.Hour)
	time.Sleep(time.Second) // until the last short pause is over
	admin.PutACL("/value", []byte("four"), everyone)
	admin.Put("/list/b", nil)
	await("four", "a,b")
}
