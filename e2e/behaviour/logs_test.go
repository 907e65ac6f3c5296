package behaviour

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"
)

// awaitPrinted waits for a line that the plugin prints after a mark.
func (s *suite) awaitPrinted(t *testing.T, from int, words ...string) string {
	t.Helper()
	found := ""
	eventually(t, func() bool {
		for _, line := range strings.Split(s.plugin.Output()[from:], "\n") {
			all := true
			for _, word := range words {
				all = all && strings.Contains(line, word)
			}
			if all {
				found = line
				return true
			}
		}
		return false
	}, func() string {
		return "no line with " + strings.Join(words, " and ") + " in\n" + s.plugin.Output()[from:]
	})
	return found
}

// withBadFlag is a gate with a flag that is refused, at a node of its own: what
// tests before it left behind lingers, and logs as well.
func (s *suite) withBadFlag(t *testing.T) (string, string) {
	t.Helper()
	at := "/logs/" + uniqueCluster()
	s.admin.Put(at+"/flag", []byte("perhaps"))
	return at, "clusters: {$CLUSTER: {servers: $SERVERS}}\ngates: [{path: " + at + "/flag}]\nrequestHeaders: [{name: X-Value, path: " + at + "/value}]\n"
}

// Of the compiled package's lines, the tests see those of errors and warnings.
var logs = []behaviour{
	{"log lines as JSON", testLogLinesAsJSON},
	{"log lines as text, again when the one that wanted JSON has gone", testLogLinesAsTextAgainWhenTheOneThatWantedJSONHasGone},
	{"only errors in the log", testOnlyErrorsInTheLog},
	{"the most talkative middleware sets the level", testMostTalkativeMiddlewareSetsTheLevel},
	{"a node that is refused again and again doesn't fill the log", testNodeThatIsRefusedAgainAndAgainDoesntFillTheLog},
	{"bad settings of the log", testBadSettingsOfTheLog},
	{"the client has its patches", testClientHasItsPatches},
}

func testLogLinesAsJSON(t *testing.T, s *suite) {
	at, badFlag := s.withBadFlag(t)
	from := len(s.plugin.Output())
	inst := s.start(t, badFlag+"logFormat: json\nlogLevel: debug\n")
	line := s.awaitPrinted(t, from, at+"/flag refused as flag")
	var fields map[string]string
	if err := json.Unmarshal([]byte(line), &fields); err != nil {
		t.Fatalf("%v: %s", err, line)
	}
	if fields["level"] != "warn" || fields["logger"] != "zookeeper" || !strings.HasPrefix(fields["cluster"], "cluster") || fields["time"] == "" ||
		!strings.HasPrefix(fields["message"], at+"/flag refused as flag: it ") || len(fields) != 5 {
		t.Errorf("the line is %s", line)
	}
	if s.plugin.Mode() == "interpreted" {
		s.admin.Put(at+"/value", []byte("blue"))
		s.admin.Put(at+"/flag", []byte("on"))
		inst.awaitHeader(t, "X-Value", "blue")
		s.awaitPrinted(t, from, `"level":"info"`, "connected to ")
		s.awaitPrinted(t, from, `"level":"debug"`, at+"/value created, version 0, served after ")
	}
}

func testLogLinesAsTextAgainWhenTheOneThatWantedJSONHasGone(t *testing.T, s *suite) {
	at, badFlag := s.withBadFlag(t)
	from := len(s.plugin.Output())
	s.start(t, badFlag)
	line := s.awaitPrinted(t, from, at+"/flag refused as flag")
	if !strings.Contains(line, "zookeeper: cluster ") || strings.Contains(line, "{") {
		t.Errorf("the line is %s", line)
	}
}

func testOnlyErrorsInTheLog(t *testing.T, s *suite) {
	at, badFlag := s.withBadFlag(t)
	from := len(s.plugin.Output())
	inst := s.start(t, badFlag+"logLevel: error\n")
	s.admin.Put(at+"/value", []byte("green"))
	eventually(t, func() bool {
		s.admin.Put(at+"/flag", []byte("on"))
		return inst.header("X-Value") == "green"
	}, func() string { return "the gate stays closed" })
	if text := s.plugin.Output()[from:]; strings.Contains(text, "refused") || strings.Contains(text, "connected to") {
		t.Errorf("it printed\n%s", text)
	}
	s.try(t, s.own("clusters: {$CLUSTER: {servers: $SERVERS}}\ngates: [{path: relative}]"))
	s.awaitPrinted(t, from, "answers 503 to everything")
}

func testMostTalkativeMiddlewareSetsTheLevel(t *testing.T, s *suite) {
	at, badFlag := s.withBadFlag(t)
	from := len(s.plugin.Output())
	s.start(t, "requestHeaders: [{name: X-A, mode: remove}]\nlogLevel: warn\n")
	s.start(t, badFlag+"logLevel: error\n")
	s.awaitPrinted(t, from, at+"/flag refused as flag")
}

func testNodeThatIsRefusedAgainAndAgainDoesntFillTheLog(t *testing.T, s *suite) {
	at, badFlag := s.withBadFlag(t)
	from := len(s.plugin.Output())
	inst := s.start(t, badFlag)
	refusals := func() int { return strings.Count(s.plugin.Output()[from:], at+"/flag refused as flag") }
	began := time.Now()
	for i := 0; i < 5000 && !strings.Contains(s.plugin.Output()[from:], "one a second is logged"); i++ {
		s.admin.Put(at+"/flag", []byte(fmt.Sprint("perhaps ", i)))
	}
	s.awaitPrinted(t, from, "more than 200 warnings came at once")
	for i := range 500 {
		s.admin.Put(at+"/flag", []byte(fmt.Sprint("perhaps not ", i)))
	}
	s.admin.Put(at+"/flag", []byte("on"))
	s.admin.Put(at+"/value", []byte("done"))
	inst.awaitHeader(t, "X-Value", "done")
	if most := 201 + int(time.Since(began)/time.Second); refusals() > most {
		t.Errorf("%d lines, %d are possible", refusals(), most)
	}
}

func testBadSettingsOfTheLog(t *testing.T, s *suite) {
	for _, c := range [][]string{{"logLevel: loud", "logLevel", `"loud"`, "error, warn, info or debug"}, {"logFormat: xml", "logFormat", `"xml"`, "text or json"}} {
		_, err := s.try(t, c[0])
		for _, word := range c[1:] {
			if err == nil || !strings.Contains(err.Error(), word) {
				t.Errorf("%s: %v", c[0], err)
			}
		}
	}
}

// The log says nothing of upstream's client once there is a session: the plugin has
// recognised the patches.
func testClientHasItsPatches(t *testing.T, s *suite) {
	s.admin.Put("/logs/client", []byte("patched"))
	inst := s.start(t, anyCluster+"requestHeaders: [{name: X-Client, path: /logs/client}]\n")
	got := func() string { return strings.Join(inst.get().service["X-Client"], " | ") }
	eventually(t, func() bool { return got() == "patched" }, got)
	if strings.Contains(s.plugin.Output(), "client is upstream's") {
		t.Error(s.plugin.Output())
	}
}
