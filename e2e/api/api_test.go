// Package api tests what the plugin offers other Go code: compiled, and interpreted
// as part of a plugin that vendors it.
package api

import (
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/mod-zookeeper/traefik-zookeeper/e2e/api/testdata/driver"
	"github.com/mod-zookeeper/traefik-zookeeper/e2e/internal/parts"
	"github.com/mod-zookeeper/traefik-zookeeper/e2e/internal/plugin"
	"github.com/mod-zookeeper/traefik-zookeeper/e2e/internal/relay"
	"github.com/mod-zookeeper/traefik-zookeeper/e2e/internal/zkserver"
)

const driverModule = plugin.Module + "/e2e/api/testdata/driver"

// suite is the driver's functions in one mode, and a server.
type suite struct {
	call func(t *testing.T, name string, args ...any) string
	zk   *zkserver.Server
}

var functions = map[string]any{
	"Registration": driver.Registration,
	"Refusal":      driver.Refusal,
	"Holders":      driver.Holders,
	"Waiting":      driver.Waiting,
	"Failure":      driver.Failure,
	"Negotiation":  driver.Negotiation,
	"Watching":     driver.Watching,
	"Destruction":  driver.Destruction,
	"Callbacks":    driver.Callbacks,
	"Expiry":       driver.Expiry,
	"Crowd":        driver.Crowd,
	"States":       driver.States,
	"Sharing":      driver.Sharing,
	"ReadOnly":     driver.ReadOnly,
	"OwnWatches":   driver.OwnWatches,
	"Credentials":  driver.Credentials,
	"ClosedByUser": driver.ClosedByUser,
	"OldWatch":     driver.OldWatch,
	"Strictness":   driver.Strictness,
	"LateWaits":    driver.LateWaits,
	"Below":        driver.Below,
	"Hanging":      driver.Hanging,
	"GoTypes":      driver.GoTypes,
	"FollowValues": driver.FollowValues,
	"FollowOutage": driver.FollowOutage,
	"FollowTrees":  driver.FollowTrees,
	"FollowFlags":  driver.FollowFlags,
	"FollowOnce":   driver.FollowOnce,
	"FollowMirror": driver.FollowMirror,
}

func TestCompiled(t *testing.T) {
	run(t, func(_ *testing.T, name string) reflect.Value { return reflect.ValueOf(functions[name]) })
}

func TestInterpreted(t *testing.T) {
	p := interpreted(t)
	run(t, func(t *testing.T, name string) reflect.Value {
		return reflect.ValueOf(plugin.Function(t, p, driverModule, name, functions[name]))
	})
}

// interpreted is the plugin with the driver beside it.
func interpreted(t *testing.T) plugin.Plugin {
	t.Helper()
	gopath := plugin.GoPath(t)
	source := os.DirFS(filepath.Join(parts.Root(), "e2e", "api", "testdata", "driver"))
	if err := os.CopyFS(filepath.Join(gopath, "src", driverModule), source); err != nil {
		t.Fatal(err)
	}
	return plugin.Load(t, gopath)
}

func run(t *testing.T, load func(t *testing.T, name string) reflect.Value) {
	s := &suite{zk: zkserver.Start(t)}
	s.call = func(t *testing.T, name string, args ...any) string {
		t.Helper()
		var values []reflect.Value
		for _, arg := range args {
			values = append(values, reflect.ValueOf(arg))
		}
		return load(t, name).Call(values)[0].String()
	}
	s.zk.Client(t).Put("/chroot", nil)
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			test.run(t, s)
		})
	}
}

// does calls a function of the driver and fails with what it says.
func (s *suite) does(t *testing.T, name string, args ...any) {
	t.Helper()
	if problem := s.call(t, name, args...); problem != "" {
		t.Error(problem)
	}
}

var tests = []struct {
	name string
	run  func(t *testing.T, s *suite)
}{
	{"Registration", func(t *testing.T, s *suite) { s.does(t, "Registration", s.zk.Addr()) }},
	{"Refusals", refusals},
	{"Holders", func(t *testing.T, s *suite) { s.does(t, "Holders", s.zk.Addr()) }},
	{"Waiting", func(t *testing.T, s *suite) {
		server := zkserver.Prepare(t)
		s.does(t, "Waiting", server.Addr(), func() {
			if err := server.Start(); err != nil {
				t.Error(err)
			}
		})
	}},
	{"Failure", func(t *testing.T, s *suite) { s.does(t, "Failure", s.zk.Addr()) }},
	{"Negotiation", func(t *testing.T, s *suite) { s.does(t, "Negotiation", s.zk.Addr(), 100*time.Millisecond) }},
	{"Watching", func(t *testing.T, s *suite) { s.does(t, "Watching", s.zk.Addr()) }},
	{"Destruction", func(t *testing.T, s *suite) { s.does(t, "Destruction", s.zk.Addr()) }},
	{"Callbacks", func(t *testing.T, s *suite) {
		server := zkserver.Start(t)
		s.does(t, "Callbacks", server.Addr(), func() {
			server.Kill()
			if err := server.Start(); err != nil {
				t.Error(err)
			}
		})
	}},
	{"Expiry", expiry},
	{"Crowd", crowd},
	{"States", func(t *testing.T, s *suite) {
		server := zkserver.Start(t)
		s.does(t, "States", server.Addr(), server.Kill, func() {
			if err := server.Start(); err != nil {
				t.Error(err)
			}
		})
	}},
	{"Sharing", func(t *testing.T, s *suite) {
		server := zkserver.Start(t)
		s.does(t, "Sharing", server.Addr())
		if sessions, err := server.Sessions(); sessions != 2 || err != nil {
			t.Errorf("%d sessions, %v", sessions, err)
		}
	}},
	{"ReadOnly", func(t *testing.T, s *suite) {
		e := zkserver.StartEnsemble(t, zkserver.ReadOnly(), zkserver.Configuration("localSessionsEnabled=true"))
		cut := func() {
			e.Servers[0].Kill()
			e.Servers[1].Kill()
		}
		s.does(t, "ReadOnly", e.Addr(), cut, func() {
			for _, server := range e.Servers[:2] {
				if err := server.Start(); err != nil {
					t.Error(err)
				}
			}
		})
	}},
	{"OwnWatches", func(t *testing.T, s *suite) {
		server := zkserver.Start(t)
		s.does(t, "OwnWatches", server.Addr(), func() int {
			watches, err := server.Watches()
			if err != nil {
				t.Error(err)
			}
			return watches
		})
	}},
	{"Credentials", func(t *testing.T, s *suite) {
		way := relay.Start(t, relay.To(s.zk.Addr()))
		reconnect := func() { way.Become(relay.To(s.zk.Addr())) }
		s.does(t, "Credentials", way.Addr(), filepath.Join(t.TempDir(), "password"), reconnect)
	}},
	{"ClosedByUser", func(t *testing.T, s *suite) { s.does(t, "ClosedByUser", s.zk.Addr()) }},
	{"OldWatch", func(t *testing.T, s *suite) { s.does(t, "OldWatch", s.zk.Addr()) }},
	{"Strictness", func(t *testing.T, s *suite) { s.does(t, "Strictness", s.zk.Addr()) }},
	{"LateWaits", func(t *testing.T, s *suite) { s.does(t, "LateWaits", s.zk.Addr()) }},
	{"Below", func(t *testing.T, s *suite) { s.does(t, "Below", s.zk.Addr()) }},
	{"FollowValues", func(t *testing.T, s *suite) { s.does(t, "FollowValues", s.zk.Addr()) }},
	{"FollowOutage", func(t *testing.T, s *suite) {
		server := zkserver.Start(t)
		s.does(t, "FollowOutage", server.Addr(), server.Kill, func() {
			if err := server.Start(); err != nil {
				t.Error(err)
			}
		})
	}},
	{"FollowTrees", func(t *testing.T, s *suite) { s.does(t, "FollowTrees", s.zk.Addr()) }},
	{"FollowFlags", func(t *testing.T, s *suite) { s.does(t, "FollowFlags", s.zk.Addr()) }},
	{"FollowOnce", followOnce},
	{"FollowMirror", followMirror},
	{"GoTypes", func(t *testing.T, s *suite) { s.does(t, "GoTypes", s.zk.Addr()) }},
	{"Hanging", func(t *testing.T, s *suite) {
		way := relay.NewWay(t, s.zk.Addr())
		s.does(t, "Hanging", way.Addr(), func() { way.Bend(relay.Line{Held: true}, relay.Line{}) })
	}},
}

var refused = []struct {
	servers, timeout, username, password, file, variable, ca, cert, key string

	want []string
}{
	{servers: "", want: []string{"clusters.refusal.servers", "zk1:2181"}},
	{servers: "zk1:99999", want: []string{"clusters.refusal.servers", "zk1:99999", "65535"}},
	{servers: "zk1:-1", want: []string{"clusters.refusal.servers", "zk1:-1", "65535"}},
	{servers: "zk://zk1", want: []string{"clusters.refusal.servers", "no scheme; write zk1"}},
	{servers: "zk1/a/", want: []string{"clusters.refusal.servers", "/a/", "slash"}},
	{servers: "zk1/a/../b", want: []string{"clusters.refusal.servers", "/a/../b", ".."}},
	{servers: "zk1", timeout: "0s", want: []string{"clusters.refusal.sessionTimeout", "0s", "1ms"}},
	{servers: "zk1", timeout: "-4s", want: []string{"clusters.refusal.sessionTimeout", "-4s", "1ms"}},
	{servers: "zk1", timeout: "4", want: []string{"clusters.refusal.sessionTimeout", `"4"`, "4s"}},
	{servers: "zk1", username: "app", want: []string{"clusters.refusal.password", "passwordFile"}},
	{servers: "zk1", password: "hunter2", want: []string{"clusters.refusal.username"}},
	{servers: "zk1", username: "a:b", password: "hunter2", want: []string{"clusters.refusal.username", "colon"}},
	{servers: "zk1", username: "app", password: "hunter2", file: "/f", want: []string{"clusters.refusal.password", "one of"}},
	{servers: "zk1", username: "app", file: "/does/not/exist", want: []string{"clusters.refusal.passwordFile", "/does/not/exist", "no such file"}},
	{servers: "zk1", username: "app", variable: "NOT_SET_ANYWHERE", want: []string{"clusters.refusal.passwordEnv", "NOT_SET_ANYWHERE", "not set"}},
	{servers: "zk1", ca: "/does/not/exist", want: []string{"clusters.refusal.tls.ca", "/does/not/exist", "no such file"}},
	{servers: "zk1", ca: "/etc/hostname", want: []string{"clusters.refusal.tls.ca", "/etc/hostname", "PEM"}},
	{servers: "zk1", cert: "/does/not/exist", key: "/nor/this", want: []string{"clusters.refusal.tls.cert", "/does/not/exist", "no such file"}},
	{servers: "zk1", cert: "/etc/hostname", want: []string{"clusters.refusal.tls.cert", "go together"}},
}

func refusals(t *testing.T, s *suite) {
	for _, r := range refused {
		got := s.call(t, "Refusal", r.servers, r.timeout, r.username, r.password, r.file, r.variable, r.ca, r.cert, r.key)
		for _, want := range r.want {
			if !strings.Contains(got, want) {
				t.Errorf("%+v: the error doesn't name %s: %q", r, want, got)
			}
		}
		if strings.Contains(got, "hunter2") {
			t.Errorf("the error gives the password away: %s", got)
		}
	}
}

// The way to the server is cut for longer than the session lasts.
func expiry(t *testing.T, s *suite) {
	server := zkserver.Start(t)
	way := relay.Start(t, relay.To(server.Addr()))
	s.does(t, "Expiry", way.Addr(), func() {
		way.Become(relay.Refuse)
		for sessions(t, server) > 0 {
			time.Sleep(10 * time.Millisecond)
		}
		time.Sleep(2500 * time.Millisecond) // the session's timeout is 2 s
		way.Become(relay.To(server.Addr()))
	})
}

func sessions(t *testing.T, server *zkserver.Server) int {
	t.Helper()
	n, err := server.Sessions()
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// After the crowd has gone, the server has one session and no watches.
func crowd(t *testing.T, s *suite) {
	server := zkserver.Start(t)
	const goroutines = 32
	s.does(t, "Crowd", server.Addr(), goroutines, 20)
	sessions, err := server.Sessions()
	if err != nil || sessions != 1 {
		t.Errorf("%d sessions, %v", sessions, err)
	}
	for deadline := time.Now().Add(30 * time.Second); ; time.Sleep(10 * time.Millisecond) {
		watches, err := server.Watches()
		if err == nil && watches == 0 {
			break
		}
		if time.Now().After(deadline) {
			t.Fatalf("%d watches of destroyed ones, %v", watches, err)
		}
	}
}
