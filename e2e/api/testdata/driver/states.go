package driver

import (
	"context"
	"net/http"
	"net/http/httptest"
	"time"

	zookeeper "github.com/mod-zookeeper/traefik-zookeeper"
)

// States that a connection comes into: suspended while the server is away for
// less than the session timeout, lost when it is for longer, and reconnected.
func States(servers string, stop, start func()) string {
	err := zookeeper.Register("states", zookeeper.Cluster{Servers: []string{servers}, SessionTimeout: "10s"})
	if err != nil {
		return err.Error()
	}
	h, err := acquire("states")
	if err != nil {
		return err.Error()
	}
	defer func() { h.Release() }()
	seen := &states{}
	stopListening := h.Listen(seen.note)
	began := h.Since()
	stop()
	if !eventually(func() bool { return h.State() == zookeeper.StateSuspended }) || !h.Since().After(began) {
		return problem("%s since %s while the server is away", h.State(), h.Since())
	}
	_, err = zookeeper.TryAcquire("states")
	if err == nil {
		return "a suspended connection can be acquired"
	}
	start()
	if !eventually(func() bool { return h.State() == zookeeper.StateReconnected }) {
		return problem("%s when the server is back", h.State())
	}
	stop()
	if !eventually(func() bool { return h.State() == zookeeper.StateLost }) {
		return problem("%s when the server has been away", h.State())
	}
	if away := time.Since(h.Since()); away > patience {
		return problem("lost for %s", away)
	}
	start()
	const want = "[suspended reconnected suspended lost reconnected]"
	if !eventually(func() bool { return seen.text() == want }) {
		return problem("states %s, want %s", seen.text(), want)
	}
	stopListening()
	return ""
}

// Sharing: a middleware and other code use one session, whoever defines it.
func Sharing(servers string) string {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	h, err := registered("sharing", servers)
	if err != nil {
		return err.Error()
	}
	defer func() { h.Release() }()
	err = put(h, "/sharing", "shared")
	if err != nil {
		return err.Error()
	}
	rules := []zookeeper.HeaderRule{{Name: "X-Shared", Path: []string{"/sharing"}}}
	user, err := served(ctx, &zookeeper.Config{Cluster: "sharing", RequestHeaders: rules})
	if user != "shared" {
		return problem("a middleware that uses what is registered: %q, %v", user, err)
	}
	same := map[string]zookeeper.Cluster{"sharing": {Servers: []string{servers}, SessionTimeout: "2s"}}
	definer, err := served(ctx, &zookeeper.Config{Clusters: same, RequestHeaders: rules})
	if definer != "shared" {
		return problem("a middleware that defines the same: %q, %v", definer, err)
	}
	other := map[string]zookeeper.Cluster{"sharing": {Servers: []string{servers}, SessionTimeout: "3s"}}
	_, err = served(ctx, &zookeeper.Config{Clusters: other, RequestHeaders: rules})
	if err == nil {
		return "a middleware may define it otherwise"
	}
	own := map[string]zookeeper.Cluster{"sharing-of-middleware": {Servers: []string{servers}}}
	_, err = served(ctx, &zookeeper.Config{Clusters: own, RequestHeaders: rules})
	if err != nil || !zookeeper.Lookup("sharing-of-middleware") {
		return problem("a middleware's cluster isn't found: %v", err)
	}
	theirs, err := acquire("sharing-of-middleware")
	if err != nil {
		return problem("a middleware's cluster: %v", err)
	}
	err = theirs.Release()
	if err != nil {
		return err.Error()
	}
	return ""
}

func served(ctx context.Context, config *zookeeper.Config) (string, error) {
	seen := make([]string, 1)
	next := func(_ http.ResponseWriter, r *http.Request) { seen[0] = r.Header.Get("X-Shared") }
	config.StartupTimeout = "30s"
	handler, err := zookeeper.New(ctx, http.HandlerFunc(next), config, "sharing")
	if err != nil {
		return "", err
	}
	handler.ServeHTTP(httptest.NewRecorder(), httptest.NewRequest(http.MethodGet, "/", nil))
	return seen[0], nil
}

// ReadOnly: with one server left that is cut off from the others, values can still
// be read, and nothing be written.
func ReadOnly(servers string, cut, restore func()) string {
	err := zookeeper.Register("read-only", zookeeper.Cluster{Servers: []string{servers}, SessionTimeout: "4s"})
	if err != nil {
		return err.Error()
	}
	h, err := acquire("read-only")
	if err != nil {
		return err.Error()
	}
	defer func() { h.Release() }()
	if !eventually(func() bool { return put(h, "/read-only", "known") == nil }) {
		return "the node can't be written"
	}
	cut()
	if !eventually(func() bool { return h.State() == zookeeper.StateReadOnly }) {
		return problem("%s where one server is left", h.State())
	}
	late, err := acquire("read-only")
	if err != nil {
		return problem("a read-only connection can't be acquired: %v", err)
	}
	late.Release()
	value, _, err := h.Get("/read-only", nil)
	written := put(h, "/read-only", "written")
	if string(value) != "known" || err != nil || written == nil || h.Check(written, "writing") != written {
		return problem("read %q, %v; written: %v", value, err, written)
	}
	restore()
	if !eventually(func() bool { return h.State() == zookeeper.StateReconnected && put(h, "/read-only", "again") == nil }) {
		return problem("%s when the others are back", h.State())
	}
	return ""
}
