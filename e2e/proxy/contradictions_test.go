package proxy

import (
	"fmt"
	"testing"
	"time"
)

// A definer is a middleware with a router at the path of its name.
type definer struct {
	name    string
	cluster string // as in the configuration; empty where it names one that others define
	gates   bool
}

// plugin is the middleware's configuration.
func (d definer) plugin() string {
	text := "cluster: main\nrequestHeaders: [{name: X-Release, path: /release/current, default: none}]\n"
	if d.cluster != "" {
		text += "clusters: {main: {" + d.cluster + "}}\n"
	}
	if d.gates {
		text += "gates: [{path: /flags/open}]\n"
	}
	return text
}

// write has these middlewares in force, in the reload of that number.
func (s *stage) write(t *testing.T, no int, definers ...definer) {
	t.Helper()
	var names []string
	plugins := map[string]string{}
	for _, d := range definers {
		names = append(names, d.name)
		plugins[d.name] = d.plugin()
	}
	config := s.routed(names, func(name string) string { return plugins[name] })
	if err := s.traefik.WriteConfig(withRouter(config, no)); err != nil {
		t.Fatal(err)
	}
	s.awaitStatus(t, fmt.Sprintf("/other/%d", no), 200)
}

// outcome is what the middlewares' routers answer.
func (s *stage) outcome(t *testing.T, definers ...definer) string {
	t.Helper()
	words := ""
	for _, d := range definers {
		a, err := s.get("/" + d.name)
		if err != nil {
			t.Fatal(err)
		}
		words += fmt.Sprint(d.name, " ", a.status, a.value("X-Release"), " ")
	}
	return words
}

func (s *stage) awaitOutcome(t *testing.T, want string, definers ...definer) {
	t.Helper()
	got := ""
	for deadline := time.Now().Add(20 * time.Second); ; time.Sleep(20 * time.Millisecond) {
		got = s.outcome(t, definers...)
		if got == want {
			return
		}
		if time.Now().After(deadline) {
			t.Fatalf("%q, want %q", got, want)
		}
	}
}

// Whatever order Traefik makes them in, at each reload the same middlewares are refused.
func TestDefinitionsThatContradict(t *testing.T) {
	s := setUp(t, release, map[string]string{"/release/current": "v", "/flags/open": "on"})
	const first, second, elsewhere = "servers: '$SERVERS'", "servers: '$SERVERS', sessionTimeout: 9s", "servers: '127.0.0.1:1'"
	a := definer{name: "a", cluster: first, gates: true}
	user := definer{name: "user", gates: true}
	s.write(t, 0, a, user)
	s.awaitStatus(t, "/", 404) // what the stage begins with is gone
	s.awaitOutcome(t, "a 200v user 200v ", a, user)
	all := []definer{a, {name: "b", cluster: second, gates: true}, {name: "c", cluster: second}, {name: "d", cluster: elsewhere, gates: true}, {name: "e", cluster: elsewhere}, user}
	for no := 1; no <= 12; no++ {
		s.write(t, no, all...)
		s.awaitOutcome(t, "a 200v b 503 c 404 d 503 e 404 user 200v ", all...)
		time.Sleep(100 * time.Millisecond)
		if got := s.outcome(t, all...); got != "a 200v b 503 c 404 d 503 e 404 user 200v " {
			t.Errorf("reload %d: %s", no, got)
		}
	}
	// Definitions that change one after the other refuse nobody.
	b := definer{name: "b", cluster: first, gates: true}
	s.write(t, 20, a, b, user)
	s.awaitOutcome(t, "a 200v b 200v user 200v ", a, b, user)
	good := func(path string) func(answer) error {
		return func(answer) error {
			got, err := s.get(path)
			if err == nil && (got.status != 200 || got.value("X-Release") != "v") {
				err = fmt.Errorf("%s: %d %s", path, got.status, got.value("X-Release"))
			}
			return err
		}
	}
	loads := []*load{s.startLoad(good("/a")), s.startLoad(good("/b")), s.startLoad(good("/user"))}
	for no, cluster := range []string{second, first, second} {
		a.cluster = cluster
		s.write(t, 30+2*no, a, b, user)
		time.Sleep(time.Second)
		b.cluster = cluster
		s.write(t, 31+2*no, a, b, user)
		time.Sleep(time.Second)
	}
	// A definer that is called otherwise, and one that goes.
	a.name = "renamed"
	s.write(t, 40, definer{name: "a"}, a, b, user)
	s.write(t, 41, definer{name: "a"}, definer{name: "b"}, a, user)
	s.write(t, 42, definer{name: "a"}, definer{name: "b"}, user)
	time.Sleep(time.Second)
	for _, l := range loads {
		l.finish(t)
	}
	s.admin.Put("/release/current", []byte("w"))
	s.awaitOutcome(t, "a 200w b 200w user 200w ", definer{name: "a"}, definer{name: "b"}, user)
}
