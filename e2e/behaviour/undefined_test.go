package behaviour

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"
)

// killSwitch is a gate that its flag closes, of a cluster that another middleware defines.
func killSwitch(cluster, startupTimeout, more string) string {
	return "cluster: '" + cluster + "'\nstartupTimeout: " + startupTimeout + "\ndecisionHeader: X-Decision\ngates:\n  - {path: /undefined/kill, blockWhen: 'on'" + more + "}\n"
}

// lines counts the lines of the log that have all of these words.
func (s *suite) lines(words ...string) int {
	count := 0
	for line := range strings.Lines(s.plugin.Output()) {
		has := 0
		for _, word := range words {
			if strings.Contains(line, word) {
				has++
			}
		}
		if has == len(words) {
			count++
		}
	}
	return count
}

// awaitLine waits for one line of the log that has all of these words, and tells how long
// that took.
func (s *suite) awaitLine(t *testing.T, words ...string) time.Duration {
	t.Helper()
	began := time.Now()
	eventually(t, func() bool { return s.lines(words...) == 1 }, func() string {
		return fmt.Sprintf("%d lines with %q", s.lines(words...), words)
	})
	return time.Since(began)
}

var undefined = []behaviour{
	{"a gate whose cluster nobody defines is closed, whatever its default", testGateWhoseClusterNobodyDefines},
	{"a gate opens when somebody defines its cluster, and no sooner than its flag is known", testGateOpensWhenItsClusterIsDefined},
	{"the log has a cluster that nobody defines at once, and once", testUndefinedClusterIsLoggedAtOnce},
	{"a definition that comes last in a reload is no fault", testDefinitionThatComesLast},
	{"a cluster that loses its definition", testClusterThatLosesItsDefinition},
	{"not ready with a middleware that can't be used", testNotReadyWithAMiddlewareThatCantBeUsed},
	{"a reload without the cluster", testReloadWithoutTheCluster},
	{"a client that goes while it is held", testClientThatGoesWhileItIsHeld},
}

func testGateWhoseClusterNobodyDefines(t *testing.T, s *suite) {
	for more, want := range map[string]int{
		"": 403, ", status: 503, body: wait": 503, ", default: 'on'": 403, ", default: 'off'": 403, ", dryRun: true": 200, ", bypass: {methods: [GET]}": 200,
	} {
		inst := s.must(t, killSwitch(uniqueCluster(), "100ms", more))
		if got := inst.get().status; got != want {
			t.Errorf("%q: %d, want %d", more, got, want)
		}
		if got := inst.peek("X-Decision"); !strings.Contains(got, "reason=ERROR; error=PROVIDER_NOT_READY") {
			t.Errorf("%q: the decision is %s", more, got)
		}
	}
	reached := s.must(t, definer(uniqueCluster(), "127.0.0.1:1")+strings.SplitN(killSwitch("", "100ms", ""), "\n", 2)[1])
	if got := reached.get().status; got != 200 {
		t.Errorf("a cluster that is defined and can't be reached: %d", got)
	}
}

func testGateOpensWhenItsClusterIsDefined(t *testing.T, s *suite) {
	for flag, want := range map[string]int{"on": 403, "off": 200} {
		s.admin.Put("/undefined/kill", []byte(flag))
		name := uniqueCluster()
		served, held := s.must(t, killSwitch(name, "100ms", "")), s.must(t, killSwitch(name, "1m", ""))
		if got := served.get().status; got != 403 {
			t.Fatalf("nobody defines the cluster, and the gate answers %d", got)
		}
		s.must(t, definer(name, s.zk.Addr()))
		if got := held.get().status; got != want {
			t.Errorf("%s: who was held gets %d", flag, got)
		}
		served.awaitStatus(t, want)
		if flag == "on" {
			steady(t, 300*time.Millisecond, func() bool { return served.get().status == 403 }, func() string { return "the gate opens for a moment" })
		}
	}
}

func testUndefinedClusterIsLoggedAtOnce(t *testing.T, s *suite) {
	for more, consequence := range map[string]string{
		"":                 `the gate "/undefined/kill" is closed`,
		", default: 'off'": `the gate "/undefined/kill" is closed`,
		", dryRun: true":   `the gate "/undefined/kill" lets requests pass, as a dry run`,
	} {
		name := uniqueCluster()
		for range 2 { // as in a reload
			inst := s.must(t, killSwitch(name, "1m", more))
			if took := s.awaitLine(t, "define clusters."+name+".servers", consequence, "middleware "+t.Name()); took > 3*time.Second {
				t.Errorf("the line came after %s", took)
			}
			inst.cancel()
		}
		time.Sleep(time.Second)
		if n := s.lines("define clusters." + name + ".servers"); n != 1 {
			t.Errorf("%d lines", n)
		}
	}
	name := uniqueCluster()
	s.must(t, killSwitch(name, "1ms", "")).get()
	if n := s.lines("define clusters." + name + ".servers"); n != 1 {
		t.Errorf("a request was answered, and the log has %d lines", n)
	}
}

func testDefinitionThatComesLast(t *testing.T, s *suite) {
	name := uniqueCluster()
	var all []*instance
	for range 2 {
		for _, inst := range all {
			inst.cancel()
		}
		all = nil
		for began := time.Now(); time.Since(began) < 800*time.Millisecond; time.Sleep(10 * time.Millisecond) {
			all = append(all, s.must(t, killSwitch(name, "1m", "")))
		}
		all = append(all, s.must(t, definer(name, s.zk.Addr())))
		time.Sleep(time.Second)
	}
	if n := s.lines("define clusters." + name + ".servers"); n != 0 {
		t.Errorf("%d lines", n)
	}
}

func testClusterThatLosesItsDefinition(t *testing.T, s *suite) {
	s.admin.Put("/undefined/kill", []byte("off"))
	name := uniqueCluster()
	before, user := s.must(t, definer(name, s.zk.Addr())), s.named(t, "losing", statusLine+killSwitch(name, "1m", ""))
	user.awaitReady(t, http.StatusOK, "ready")
	user.cancel()
	before.cancel()
	user = s.named(t, "losing", statusLine+killSwitch(name, "1m", ""))
	s.awaitLine(t, "middleware losing", "define clusters."+name+".servers", "any more", "until Traefik restarts", `the gate "/undefined/kill" is closed`)
	user.awaitReady(t, http.StatusServiceUnavailable, "middleware losing: nobody defines cluster "+name+" any more")
	if report := user.report(t, ""); report.Ready || len(report.Waiting) != 1 {
		t.Errorf("the report says %t, %q", report.Ready, report.Waiting)
	}
	if got := user.get().status; got != http.StatusOK {
		t.Errorf("the flag is off, and the gate answers %d", got)
	}
	s.must(t, definer(name, s.zk.Addr()))
	user.awaitReady(t, http.StatusOK, "ready")
}

func testNotReadyWithAMiddlewareThatCantBeUsed(t *testing.T, s *suite) {
	inst := s.start(t, statusLine)
	inst.awaitReady(t, http.StatusOK, "ready")
	wrong := s.named(t, "wrong@file", s.own(gateAt("no-slash")))
	inst.awaitReady(t, http.StatusServiceUnavailable, "middleware wrong@file: its configuration can't be used; the log says why")
	wrong.cancel()
	inst.awaitReady(t, http.StatusOK, "ready")
	name := uniqueCluster()
	s.must(t, definer(name, s.zk.Addr()))
	contradicting := s.named(t, "contradicting@file", definer(name, "127.0.0.1:1")+"gates: [{path: /undefined/kill}]\n")
	inst.awaitReady(t, http.StatusServiceUnavailable, "middleware contradicting@file: its configuration can't be used")
	contradicting.cancel()
	inst.awaitReady(t, http.StatusOK, "ready")
}

// What has waited for a cluster that nobody defines doesn't wait again with each reload.
func testReloadWithoutTheCluster(t *testing.T, s *suite) {
	config := s.own("cluster: $CLUSTER\nstartupTimeout: 3s\nrequestHeaders: [{name: X-A, path: /a, default: none}]\n")
	name := t.Name() + "@file"
	before := s.named(t, name, config)
	if !before.reaches(patience) {
		t.Fatal("it is held for ever")
	}
	before.cancel()
	if after := s.named(t, name, config); !after.reaches(2 * time.Second) {
		t.Error("with a reload, requests are held again")
	}
}

// A client that has sent its request and closed its side may still read the answer. It gets
// none that looks as if a gate had let it pass.
func testClientThatGoesWhileItIsHeld(t *testing.T, s *suite) {
	inst := s.named(t, t.Name()+"@file", s.own("cluster: $CLUSTER\nstartupTimeout: 1m\ngates: [{path: /a}]\n"))
	ctx, cancel := context.WithCancel(context.Background())
	r := httptest.NewRequestWithContext(ctx, http.MethodGet, "http://example.test/", nil)
	w := httptest.NewRecorder()
	go cancel()
	inst.handler.ServeHTTP(w, r)
	if w.Code != http.StatusServiceUnavailable || w.Header().Get("Cache-Control") != "no-store" || inst.seen.Load() != nil {
		t.Errorf("%d, %v", w.Code, w.Header())
	}
}
