package driver

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"sync"
	"time"

	"github.com/go-zookeeper/zk"
	zookeeper "github.com/mod-zookeeper/traefik-zookeeper"
)

// Registration: names are unique, and known from then on.
func Registration(servers string) string {
	c := zookeeper.Cluster{Servers: []string{servers}, SessionTimeout: "2s"}
	if zookeeper.Lookup("registration") {
		return "found before it is registered"
	}
	_, err := acquire("registration")
	if !errors.Is(err, zookeeper.ErrNotFound) {
		return problem("Acquire of an unknown cluster: %v", err)
	}
	_, err = zookeeper.TryAcquire("registration")
	if !errors.Is(err, zookeeper.ErrNotFound) {
		return problem("TryAcquire of an unknown cluster: %v", err)
	}
	err = zookeeper.Register("registration", c)
	if err != nil || !zookeeper.Lookup("registration") {
		return problem("Register: %v", err)
	}
	err = zookeeper.Register("registration", c)
	if err != nil {
		return problem("the same once more: %v", err)
	}
	c.SessionTimeout = "3s"
	err = zookeeper.Register("registration", c)
	if !errors.Is(err, zookeeper.ErrInvalid) {
		return problem("other settings: %v", err)
	}
	err = zookeeper.Register("", c)
	if !errors.Is(err, zookeeper.ErrInvalid) {
		return problem("no name: %v", err)
	}
	_, err = acquire("")
	if !errors.Is(err, zookeeper.ErrInvalid) {
		return problem("Acquire without a name: %v", err)
	}
	_, err = zookeeper.Acquire(nil, "registration") //lint:ignore SA1012 a nil context is the mistake that is tried
	if !errors.Is(err, zookeeper.ErrInvalid) {
		return problem("Acquire without a context: %v", err)
	}
	return ""
}

// Refusal returns the error of Register for one cluster, given by its fields.
func Refusal(servers, timeout, username, password, file, variable, ca, cert, key string) string {
	c := zookeeper.Cluster{Servers: []string{servers}, SessionTimeout: timeout, Username: username, Password: password, PasswordFile: file, PasswordEnv: variable}
	if ca+cert+key != "" {
		c.TLS = &zookeeper.TLS{CA: ca, Cert: cert, Key: key}
	}
	err := zookeeper.Register("refusal", c)
	if err == nil {
		return ""
	}
	if !errors.Is(err, zookeeper.ErrInvalid) {
		return "not ErrInvalid"
	}
	return err.Error()
}

// Holders share a connection, and each releases its own hold once.
func Holders(servers string) string {
	const holders = 8
	problems := make(chan string, holders)
	first, err := registered("holders", servers)
	if err != nil {
		return err.Error()
	}
	if first.Name() != "holders" || len(first.Servers()) != 1 || first.Servers()[0] != servers {
		return problem("a handle of %s at %v", first.Name(), first.Servers())
	}
	if first.State() != zookeeper.StateConnected || time.Since(first.Since()) > patience {
		return problem("%s since %s", first.State(), first.Since())
	}
	if first.SessionTimeout() != 2*time.Second {
		return problem("session timeout %s", first.SessionTimeout())
	}
	err = put(first, "/holders", "shared")
	if err != nil {
		return err.Error()
	}
	var all sync.WaitGroup
	for i := 0; i < holders; i++ {
		all.Add(1)
		go hold(&all, first.Conn().SessionID(), problems)
	}
	all.Wait()
	close(problems)
	for text := range problems {
		return text
	}
	err = first.Release()
	if err != nil {
		return problem("Release: %v", err)
	}
	_, _, get := first.Get("/holders", nil)
	_, watch := first.NewWatch(nil, nil)
	if first.Release() != zookeeper.ErrReleased || get != zookeeper.ErrReleased || watch != zookeeper.ErrReleased || first.Conn() != nil {
		return problem("after Release: Get %v, NewWatch %v", get, watch)
	}
	return ""
}

func hold(all *sync.WaitGroup, session int64, problems chan string) {
	defer func() { recover() }()
	defer all.Done()
	for i := 0; i < 50; i++ {
		h, err := acquire("holders")
		if err != nil {
			problems <- err.Error()
			return
		}
		data, _, err := h.Get("/holders", nil)
		same := h.Conn().SessionID() == session
		if err != nil || string(data) != "shared" || !same || h.Release() != nil {
			problems <- problem("%q, %v, same session: %t", data, err, same)
			return
		}
	}
}

// Waiting: nothing listens until start is called.
func Waiting(servers string, start func()) string {
	err := zookeeper.Register("waiting", zookeeper.Cluster{Servers: []string{servers}, SessionTimeout: "500ms"})
	if err != nil {
		return err.Error()
	}
	_, err = zookeeper.TryAcquire("waiting")
	if !errors.Is(err, zookeeper.ErrBusy) {
		return problem("TryAcquire at first: %v", err)
	}
	ctx, cancel := context.WithTimeout(context.Background(), 100*time.Millisecond)
	defer cancel()
	_, err = zookeeper.Acquire(ctx, "waiting")
	if !errors.Is(err, context.DeadlineExceeded) {
		return problem("Acquire: %v", err)
	}
	if !eventually(func() bool {
		_, err := zookeeper.TryAcquire("waiting")
		return errors.Is(err, zookeeper.ErrConnectionAborted)
	}) {
		return "TryAcquire never gives up"
	}
	acquired := make(chan error, 1)
	go acquireInto("waiting", acquired)
	start()
	err = <-acquired
	if err != nil {
		return problem("Acquire once the server is there: %v", err)
	}
	return ""
}

func acquireInto(name string, result chan error) {
	defer func() { recover() }()
	h, err := acquire(name)
	if err == nil {
		err = h.Release()
	}
	result <- err
}

// Failure: a connection that has failed stays until its last holder releases it.
func Failure(servers string) string {
	h, err := registered("failure", servers)
	if err != nil {
		return err.Error()
	}
	text := passing(h)
	if text != "" {
		return text
	}
	other, err := acquire("failure")
	if err != nil {
		return err.Error()
	}
	session := h.Conn().SessionID()
	err = h.Check(zk.ErrAuthFailed, "reading")
	if !errors.Is(err, zookeeper.ErrConnectionAborted) || !errors.Is(err, zk.ErrAuthFailed) {
		return problem("authentication failed: %v", err)
	}
	_, err = zookeeper.TryAcquire("failure")
	if !errors.Is(err, zookeeper.ErrBusy) {
		return problem("TryAcquire of a failed connection: %v", err)
	}
	if h.Release() != nil {
		return "Release"
	}
	_, err = zookeeper.TryAcquire("failure")
	exists, _, used := other.Exists("/", nil)
	if !errors.Is(err, zookeeper.ErrBusy) || !exists || used != nil {
		return problem("while somebody holds it: %v; the holder: %v", err, used)
	}
	if other.Release() != nil {
		return "the last Release"
	}
	h, err = acquire("failure")
	if err != nil {
		return err.Error()
	}
	if h.Conn().SessionID() == session || h.State() != zookeeper.StateReconnected {
		return problem("after the failure: %s, session 0x%x was 0x%x", h.State(), h.Conn().SessionID(), session)
	}
	return closedByHand(h)
}

// passing: ordinary errors are no failures; those of the connection are, but the
// client recovers from most.
func passing(h *zookeeper.Handle) string {
	if h.Check(nil, "") != nil {
		return "no error is one"
	}
	_, _, err := h.Get("/does/not/exist", nil)
	if h.Check(err, "reading") != zk.ErrNoNode {
		return problem("no node: %v", h.Check(err, "reading"))
	}
	_, err = h.Conn().Set("/", nil, 12345)
	if h.Check(err, "writing") != zk.ErrBadVersion {
		return problem("bad version: %v", h.Check(err, "writing"))
	}
	for _, err := range []error{zk.ErrConnectionClosed, zk.ErrSessionExpired, zk.ErrNoServer, zk.ErrSessionMoved} {
		checked := h.Check(err, "reading")
		if !errors.Is(checked, zookeeper.ErrConnectionAborted) {
			return problem("%v: %v", err, checked)
		}
	}
	again, err := zookeeper.TryAcquire(h.Name())
	if err != nil {
		return problem("after errors that the client recovers from: %v", err)
	}
	again.Release()
	return ""
}

// closedByHand closes the client itself, under the feet of all.
func closedByHand(h *zookeeper.Handle) string {
	session := h.Conn().SessionID()
	h.Conn().Close()
	_, _, err := h.Get("/", nil)
	if !errors.Is(h.Check(err, "reading"), zookeeper.ErrConnectionAborted) {
		return problem("through a closed client: %v", err)
	}
	if h.Release() != nil {
		return "Release of a closed client"
	}
	if !eventually(func() bool { return renewed(h.Name(), session) }) {
		return "the closed client is still there"
	}
	return ""
}

// renewed tells whether a cluster has another session, and it works.
func renewed(name string, session int64) bool {
	h, err := acquire(name)
	if err != nil {
		return false
	}
	defer func() { h.Release() }()
	_, _, err = h.Get("/", nil)
	return err == nil && h.Conn().SessionID() != session
}

// GoTypes: durations and numbers may be Go's in what Go code fills in.
func GoTypes(servers string) string {
	err := zookeeper.Register("go-types", zookeeper.Cluster{Servers: []string{servers}, SessionTimeout: 3 * time.Second})
	if err != nil {
		return err.Error()
	}
	h, err := acquire("go-types")
	if err != nil {
		return err.Error()
	}
	defer func() { h.Release() }()
	if h.SessionTimeout() != 3*time.Second {
		return problem("session timeout %s", h.SessionTimeout())
	}
	err = zookeeper.Register("go-types", zookeeper.Cluster{Servers: []string{servers}, SessionTimeout: "3s"})
	if err != nil {
		return problem("the same as a text: %v", err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	gates := []zookeeper.Gate{{Path: []string{"/go-types/{header.X-User}"}, Cluster: "go-types", Status: http.StatusTeapot, RetryAfter: time.Minute, MaxNodes: 10}}
	handler, err := zookeeper.New(ctx, http.NotFoundHandler(), &zookeeper.Config{Gates: gates, StartupTimeout: 30 * time.Second, MaxStale: time.Hour, MaxNodes: 20}, "go-types")
	if err != nil {
		return err.Error()
	}
	r := httptest.NewRequest(http.MethodGet, "/", nil)
	w := httptest.NewRecorder()
	handler.ServeHTTP(w, r)
	if w.Code != http.StatusTeapot || w.Header().Get("Retry-After") != "60" {
		return problem("%d, retry after %s", w.Code, w.Header().Get("Retry-After"))
	}
	_, err = zookeeper.Read(&zookeeper.Config{Gates: gates, MaxStale: 4, MaxNodes: time.Second})
	if !contains(err, "maxStale: \"4\"") || !contains(err, "maxNodes: \"1s\"") {
		return problem("of the wrong types: %v", err)
	}
	return ""
}

// Negotiation: the server has its own idea of how long a session may be silent.
func Negotiation(servers string, least time.Duration) string {
	err := zookeeper.Register("negotiation", zookeeper.Cluster{Servers: []string{servers}, SessionTimeout: "1ms"})
	if err != nil {
		return err.Error()
	}
	h, err := acquire("negotiation")
	if err != nil {
		return err.Error()
	}
	defer func() { h.Release() }()
	if h.SessionTimeout() != least {
		return problem("session timeout %s, want the server's least, %s", h.SessionTimeout(), least)
	}
	return ""
}
