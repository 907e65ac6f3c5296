package driver

import (
	"context"
	"fmt"
	"net/http"
	"os"

	"github.com/go-zookeeper/zk"

	zookeeper "github.com/mod-zookeeper/traefik-zookeeper"
)

// What a user does with the client by himself, beside all that the package does with it.

// Credentials that a user has added stay when those of the cluster change in their file.
func Credentials(servers, passwordFile string, reconnect func()) string {
	err := os.WriteFile(passwordFile, []byte("first"), 0o600)
	if err != nil {
		return err.Error()
	}
	c := zookeeper.Cluster{Servers: []string{servers}, Username: "app", PasswordFile: passwordFile}
	err = zookeeper.Register("credentials", c)
	if err != nil {
		return err.Error()
	}
	h, err := acquire("credentials")
	if err != nil {
		return err.Error()
	}
	defer func() { h.Release() }()
	err = h.Conn().AddAuth("digest", []byte("ann:hers"))
	if err != nil {
		return err.Error()
	}
	_, err = h.Create("/credentials-ann", []byte("hers"), 0, zk.DigestACL(zk.PermAll, "ann", "hers")...)
	if err != nil {
		return err.Error()
	}
	_, err = h.Create("/credentials-app", []byte("second"), 0, zk.DigestACL(zk.PermAll, "app", "second")...)
	if err != nil {
		return err.Error()
	}
	err = os.WriteFile(passwordFile, []byte("second"), 0o600)
	if err != nil {
		return err.Error()
	}
	if !eventually(func() bool { _, _, err := h.Get("/credentials-app", nil); return err == nil }) {
		return "the new password isn't presented"
	}
	before := h.Since()
	reconnect()
	if !eventually(func() bool { return h.Since().After(before) && h.State() == zookeeper.StateReconnected }) {
		return problem("%s after the reconnect", h.State())
	}
	for _, path := range []string{"/credentials-app", "/credentials-ann"} {
		_, _, err = h.Get(path, nil)
		if err != nil {
			return problem("%s after a reconnect: %v", path, err)
		}
	}
	return ""
}

// ClosedByUser: a user closes the client and keeps his handle. A middleware goes on following
// its node, in another session.
func ClosedByUser(servers string) string {
	h, err := registered("closed", servers)
	if err != nil {
		return err.Error()
	}
	defer func() { h.Release() }()
	other, err := acquire("closed")
	if err != nil {
		return err.Error()
	}
	defer func() { other.Release() }()
	err = put(h, "/closed", "before")
	if err != nil {
		return err.Error()
	}
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	handler, seen, err := following(ctx, "closed", "/closed")
	if err != nil {
		return err.Error()
	}
	w, err := h.NewWatch(nil, nil)
	if err != nil {
		return err.Error()
	}
	_, _, err = h.Get("/closed", w)
	if err != nil {
		return err.Error()
	}
	h.Conn().Close()
	text := outlived(h, w)
	if text != "" {
		return text
	}
	again, err := acquire("closed")
	if err != nil {
		return err.Error()
	}
	defer func() { again.Release() }()
	if again.Conn() == h.Conn() || again.State() != zookeeper.StateReconnected {
		return problem("another handle is %s", again.State())
	}
	err = put(again, "/closed", "after")
	if err != nil {
		return err.Error()
	}
	if !eventually(func() bool { return seen(handler) == "after" }) {
		return "the middleware has stopped following: " + seen(handler)
	}
	return ""
}

// outlived: a handle whose connection was replaced tells its own state, and everything that is
// done with it says that it was replaced.
func outlived(h *zookeeper.Handle, w *zookeeper.Watch) string {
	_, err := wait(w)
	if !isAborted(err) {
		return problem("a watch of a connection that was replaced: %v", err)
	}
	if !eventually(func() bool { return h.State() == zookeeper.StateLost }) || h.Since().IsZero() || h.SessionTimeout() == 0 {
		return problem("a handle that outlives its connection is %s since %s", h.State(), h.Since())
	}
	_, err = h.NewWatch(nil, nil)
	if !isAborted(err) {
		return problem("NewWatch of a handle that outlives its connection: %v", err)
	}
	_, _, err = h.Get("/", nil)
	if !isAborted(h.Check(err, "")) {
		return problem("Get through a handle that outlives its connection: %v", err)
	}
	return ""
}

// following makes a middleware that sets a header from a node, and a function that asks it.
func following(ctx context.Context, cluster, path string) (http.Handler, func(http.Handler) string, error) {
	value := make([]string, 1)
	next := func(_ http.ResponseWriter, r *http.Request) { value[0] = r.Header.Get("X-Value") }
	rules := []zookeeper.HeaderRule{{Name: "X-Value", Path: []string{path}, Cluster: cluster}}
	handler, err := zookeeper.New(ctx, http.HandlerFunc(next), &zookeeper.Config{RequestHeaders: rules, StartupTimeout: "30s"}, "following "+cluster)
	seen := func(handler http.Handler) string {
		statusFor(handler, "")
		return value[0]
	}
	return handler, seen, err
}

// Ephemeral nodes, and the session that they belong to, stay for as long as their handle is held, also when
// other settings of the cluster take over. Its handle tells its own state and timeout.
func Ephemeral(servers string) string {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	err := defining(ctx, "ephemeral", "ephemeral", servers)
	if err != nil {
		return err.Error()
	}
	h, err := acquire("ephemeral")
	if err != nil {
		return err.Error()
	}
	_, err = h.Create("/ephemeral", nil, zk.FlagEphemeral)
	if err != nil {
		return err.Error()
	}
	cancel()
	clusters := map[string]zookeeper.Cluster{"ephemeral": {Servers: []string{servers}, SessionTimeout: "3s"}}
	rules := []zookeeper.HeaderRule{{Name: "X-Value", Path: []string{"/value"}}}
	ctx, cancelSecond := context.WithCancel(context.Background())
	defer cancelSecond()
	_, err = zookeeper.New(ctx, http.NotFoundHandler(), &zookeeper.Config{Clusters: clusters, RequestHeaders: rules}, "ephemeral")
	if err != nil {
		return err.Error()
	}
	other, err := acquireOther(h)
	if err != nil {
		return err.Error()
	}
	defer func() { other.Release() }()
	exists, _, err := other.Exists("/ephemeral", nil)
	if !exists || err != nil {
		return problem("the node is gone when other settings take over: %v", err)
	}
	if h.State() != zookeeper.StateConnected || h.SessionTimeout().String() != "2s" || other.SessionTimeout().String() != "3s" {
		return problem("the handle from before: %s, %s; the new one: %s", h.State(), h.SessionTimeout(), other.SessionTimeout())
	}
	h.Release()
	if !eventually(func() bool { exists, _, err := other.Exists("/ephemeral", nil); return !exists && err == nil }) {
		return "the node stays when its handle is released"
	}
	return ""
}

// acquireOther acquires a handle's cluster until there is another session.
func acquireOther(h *zookeeper.Handle) (*zookeeper.Handle, error) {
	others := make([]*zookeeper.Handle, 1)
	if !eventually(func() bool { return isOther(h, others) }) {
		return nil, fmt.Errorf("no other session")
	}
	return others[0], nil
}

func isOther(h *zookeeper.Handle, others []*zookeeper.Handle) bool {
	other, err := acquire(h.Name())
	if err != nil {
		return false
	}
	if other.Conn() == h.Conn() {
		other.Release()
		return false
	}
	others[0] = other
	return true
}
