package behaviour

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/mod-zookeeper/traefik-zookeeper/e2e/internal/relay"
	"github.com/mod-zookeeper/traefik-zookeeper/e2e/internal/zkserver"
)

func (inst *instance) awaitReady(t *testing.T, status int, words string) {
	t.Helper()
	var a answer
	eventually(t, func() bool {
		a = inst.statusAt(t, "/ready")
		return a.status == status && strings.Contains(a.body, words)
	}, func() string { return a.body })
}

func (inst *instance) awaitCluster(t *testing.T, name, what string, holds func(*clusterReport) bool) {
	t.Helper()
	var c *clusterReport
	eventually(t, func() bool {
		c = inst.report(t, "").cluster(t, name)
		return holds(c)
	}, func() string { return what + ": " + c.State + ", " + c.Problem })
}

var statusesInTime = []behaviour{
	{"ready when the values are there, and as long as they may be served", readiness},
	{"not ready while nobody defines a cluster", testNotReadyWhileNobodyDefinesACluster},
	{"middlewares with mistakes, as long as they are there", testMiddlewaresWithMistakesAsLongAsTheyAreThere},
	{"the counts of a cluster that breaks", counting},
	{"the counts survive a reload", testCountsSurviveAReload},
	{"nodes that are refused, for as long as they are", refusedNodes},
	{"the status while everything changes", testStatusWhileEverythingChanges},
	{"the metrics of a cluster whose settings change are those in force", testMetricsOfAClusterWhoseSettingsChangeAreThoseInForce},
}

func testNotReadyWhileNobodyDefinesACluster(t *testing.T, s *suite) {
	name := uniqueCluster()
	inst := s.start(t, statusLine+"cluster: "+name+"\nstartupTimeout: 10ms\nrequestHeaders: [{name: X-Value, path: /x, default: none}]\n")
	inst.awaitReady(t, http.StatusServiceUnavailable, name)
	s.must(t, "clusters: {"+name+": {servers: '"+s.zk.Addr()+"'}}\n")
	inst.awaitReady(t, http.StatusOK, "ready")
}

func testMiddlewaresWithMistakesAsLongAsTheyAreThere(t *testing.T, s *suite) {
	inst := s.start(t, statusLine)
	wrong := s.named(t, "wrong@file", s.own(gateAt("no-slash")))
	m := inst.report(t, "").Mistakes
	if len(m) != 1 || m[0].Middleware != "wrong@file" || !strings.Contains(m[0].Error, `gates[0].path: "no-slash"`) {
		t.Fatalf("%+v", m)
	}
	if page := inst.statusAt(t, "").body; !strings.Contains(page, "wrong@file") {
		t.Error("the page doesn't tell")
	}
	wrong.cancel()
	eventually(t, func() bool { return len(inst.report(t, "").Mistakes) == 0 }, func() string { return "the mistake stays" })
}

func testCountsSurviveAReload(t *testing.T, s *suite) {
	s.admin.Put("/statuses/reloaded", []byte("on"))
	s.admin.Put("/statuses/refused", []byte("x\ny"))
	name := uniqueCluster()
	config := "clusters: {" + name + ": {servers: '" + s.zk.Addr() + "'}}\ngates: [{path: /statuses/reloaded}]\nrequestHeaders: [{name: X-Value, path: /statuses/refused}]\n"
	page := s.named(t, "page", statusLine)
	inst := s.must(t, config)
	inst.awaitStatus(t, http.StatusOK)
	for range 4 {
		inst.cancel()
		before := page.report(t, "").cluster(t, name)
		next := s.must(t, config)
		if got := next.get().status; got != http.StatusOK {
			t.Fatalf("status %d", got)
		}
		inst = next
		if after := page.report(t, "").cluster(t, name); after.Session != before.Session || after.Sessions != 1 || after.RefusedValues != 1 {
			t.Errorf("%+v", after)
		}
	}
	m := page.report(t, "").middleware(t, t.Name())
	if got := m.Gates[0].Decisions["pass"]["STATIC"]; got < 5 || m.Instances != 1 {
		t.Errorf("%d decisions, %d instances", got, m.Instances)
	}
	if got := value(page.series(t), "refused_values_total", "zookeeper_cluster", name); got != 1 {
		t.Errorf("the metric counts %g refused values", got)
	}
}

func testStatusWhileEverythingChanges(t *testing.T, s *suite) {
	for i := range 20 {
		s.admin.Put(fmt.Sprint("/statuses/storm/", i), []byte("on"))
	}
	config := s.own(anyCluster + "gates: [{path: /statuses/storm/0}]\nrequestHeaders: [{name: X-Value, path: /statuses/storm/1}, {name: X-Each, path: '/statuses/storm/{header.X-User}'}]\n")
	page := s.named(t, "page", statusLine)
	stop := make(chan struct{})
	var clients sync.WaitGroup
	for _, format := range statusFormats {
		clients.Go(func() {
			for asked := false; ; asked = true {
				select {
				case <-stop:
					if asked {
						return
					}
				default:
				}
				w := httptest.NewRecorder()
				page.handler.ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/.zookeeper"+format, nil))
				if w.Code != http.StatusOK && format != "/ready" {
					t.Errorf("%s answers %d: %s", format, w.Code, w.Body)
					return
				}
			}
		})
	}
	from := len(s.plugin.Output())
	for i := range 15 {
		inst := s.must(t, config)
		s.named(t, "wrong@file", s.own(gateAt("no-slash"))).cancel()
		for n := range 20 {
			s.admin.Put(fmt.Sprint("/statuses/storm/", n), fmt.Append(nil, []string{"on", "off"}[(i+n)%2]))
		}
		inst.get("X-User: 3")
		inst.cancel()
	}
	close(stop)
	clients.Wait()
	page.awaitReady(t, http.StatusOK, "ready")
	if printed := s.plugin.Output()[from:]; strings.Contains(printed, "panic") {
		t.Error(printed)
	}
}

func testMetricsOfAClusterWhoseSettingsChangeAreThoseInForce(t *testing.T, s *suite) {
	s.admin.Put("/statuses/moved", []byte("here"))
	name := uniqueCluster()
	definition := func(addr string) string {
		return "clusters: {" + name + ": {servers: '" + addr + "'}}\nstartupTimeout: 100ms\nrequestHeaders: [{name: X-Value, path: /statuses/moved}]\n"
	}
	const user = "startupTimeout: 100ms\nrequestHeaders: [{name: X-Other, path: /statuses/moved}]\n"
	page := s.named(t, "page", statusLine)
	for _, inst := range []*instance{s.named(t, "definer", definition("127.0.0.1:1")), s.named(t, "user", user)} {
		inst.get()
		inst.cancel()
	}
	s.named(t, "definer", definition(s.zk.Addr())).awaitHeader(t, "X-Value", "here")
	s.named(t, "user", user).awaitHeader(t, "X-Other", "here")
	for range 20 {
		series := page.series(t)
		if value(series, "cluster_state", "zookeeper_cluster", name, "state", "connected") != 1 || value(series, "value_age_seconds", "zookeeper_cluster", name) != 0 {
			t.Fatal("the metrics are those of the cluster before")
		}
	}
	if c := page.report(t, "").cluster(t, name); c.State != "connected" {
		t.Errorf("listed first: %+v", c)
	}
}

// readiness: a ZooKeeper that is away changes nothing, until maxStale is over.
func readiness(t *testing.T, s *suite) {
	zk := zkserver.Prepare(t)
	name := uniqueCluster()
	inst := s.start(t, statusLine+"clusters: {"+name+": {servers: '"+zk.Addr()+"', sessionTimeout: 1s}}\nstartupTimeout: 1m\ngates: [{path: /ready}]\nrequestHeaders: [{name: X-Value, path: /ready}]\n")
	a := inst.statusAt(t, "/ready") // at once, while other requests are held
	if a.status != http.StatusServiceUnavailable || a.body != "cluster "+name+": /ready is not loaded\n" {
		t.Errorf("%d: %s", a.status, a.body)
	}
	if inst.reaches(100 * time.Millisecond) {
		t.Error("a request isn't held")
	}
	r := inst.report(t, "")
	if n := r.cluster(t, name).node("/ready"); r.Ready || len(r.Waiting) != 1 || n.Loaded || n.Exists {
		t.Errorf("%+v", r)
	}
	if page := inst.statusAt(t, "").body; !strings.Contains(page, "not ready") || !strings.Contains(page, "/ready of cluster "+name+" is not loaded") {
		t.Errorf("the page doesn't tell:\n%s", page)
	}
	if got := value(inst.series(t), "ready"); got != 0 {
		t.Errorf("the metric says %g", got)
	}
	if err := zk.Start(); err != nil {
		t.Fatal(err)
	}
	inst.awaitReady(t, http.StatusOK, "ready\n")
	zk.Client(t).Put("/ready", []byte("on"))
	inst.awaitStatus(t, http.StatusOK)
	zk.Kill()
	inst.awaitCluster(t, name, "after an outage", func(c *clusterReport) bool {
		return c.State == "lost" && c.Session == "" && c.Problem != "" && c.node("/ready").StaleSince != "" && c.node("/ready").Value == "on"
	})
	series := inst.series(t)
	if inst.statusAt(t, "/ready").status != http.StatusOK || value(series, "ready") != 1 || value(series, "value_age_seconds", "zookeeper_cluster", name) <= 0 ||
		value(series, "cluster_state", "zookeeper_cluster", name, "state", "lost") != 1 || value(series, "cluster_state", "zookeeper_cluster", name, "state", "connected") != 0 {
		t.Error("an outage makes it not ready, or isn't in the metrics")
	}
	short := s.must(t, "clusters: {"+name+": {servers: '"+zk.Addr()+"', sessionTimeout: 1s}}\nmaxStale: 10ms\nrequestHeaders: [{name: X-Value, path: /ready}]\n")
	inst.awaitReady(t, http.StatusServiceUnavailable, "/ready is older than maxStale allows middleware "+t.Name())
	short.cancel()
	inst.awaitReady(t, http.StatusOK, "ready")
}

// counting cuts a connection, and ends a session.
func counting(t *testing.T, s *suite) {
	s.admin.Put("/statuses/counted", []byte("1"))
	way := relay.NewWay(t, s.zk.Addr())
	name := uniqueCluster()
	inst := s.start(t, statusLine+"clusters: {"+name+": {servers: '"+way.Addr()+"'}}\nrequestHeaders: [{name: X-Value, path: /statuses/counted}]\n")
	inst.awaitHeader(t, "X-Value", "1")
	session := inst.report(t, "").cluster(t, name).Session
	way.Refuse()
	inst.awaitCluster(t, name, "cut", func(c *clusterReport) bool { return c.State == "suspended" && c.Server == "" && c.Session == "" })
	way.Restore()
	inst.awaitCluster(t, name, "back", func(c *clusterReport) bool {
		return c.State == "reconnected" && c.Session == session && c.Sessions == 1 && c.Reconnects == 1
	})
	if err := zkserver.EndSession(s.zk.Addr(), way.Greeting()); err != nil {
		t.Fatal(err)
	}
	inst.awaitCluster(t, name, "in a new session", func(c *clusterReport) bool {
		return c.State == "reconnected" && c.Session != session && c.Sessions == 2 && c.Reconnects >= 2
	})
	s.admin.Put("/statuses/counted", []byte("x\ny"))
	inst.awaitCluster(t, name, "refused", func(c *clusterReport) bool {
		return c.RefusedValues == 1 && strings.Contains(c.node("/statuses/counted").Problem, "refused as text")
	})
	s.admin.Put("/statuses/counted", []byte("2"))
	inst.awaitHeader(t, "X-Value", "2")
	series := inst.series(t)
	var got []float64
	for _, metric := range []string{"sessions_total", "refused_values_total", "nodes", "watches", "propagation_seconds"} {
		got = append(got, value(series, metric, "zookeeper_cluster", name))
	}
	if !slices.Equal(got, []float64{2, 1, 1, 1, 2}) || value(series, "reconnects_total", "zookeeper_cluster", name) < 2 {
		t.Errorf("the metrics are %v", got)
	}
}
