package behaviour

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
)

const oneGate = `
clusters:
  $CLUSTER: {servers: $SERVERS}
gates:
  - path: PATH
`

func gateAt(path string, lines ...string) string {
	config := strings.ReplaceAll(oneGate, "PATH", path)
	for _, line := range lines {
		config += "    " + line + "\n"
	}
	return config
}

var gates = []behaviour{
	{"a gate follows its flag", testGateFollowsItsFlag},
	{"the words of a flag", words},
	{"blockWhen and default", testBlockWhenAndDefault},
	{"the first closed gate answers", testFirstClosedGateAnswers},
	{"what is no flag leaves the gate as it was", testWhatIsNoFlagLeavesTheGateAsItWas},
	{"an answer without a body", testAnswerWithoutABody},
	{"a gate in front of a header", testGateInFrontOfAHeader},
}

func testGateFollowsItsFlag(t *testing.T, s *suite) {
	inst := s.start(t, gateAt("/gate", "body: not yet", "status: 418", "contentType: text/markdown"))
	a := inst.get()
	if a.status != 418 || a.body != "not yet" || a.answer.Get("Content-Type") != "text/markdown" || a.service != nil {
		t.Fatalf("closed: %+v", a)
	}
	if a.answer.Get("Cache-Control") != "no-store" {
		t.Error("a cache may keep the gate closed")
	}
	for range 5 {
		s.admin.Put("/gate", []byte("on"))
		inst.awaitStatus(t, http.StatusOK)
		s.admin.Put("/gate", []byte("off"))
		inst.awaitStatus(t, 418)
	}
	s.admin.Put("/gate", []byte("on"))
	inst.awaitStatus(t, http.StatusOK)
	s.admin.Delete("/gate")
	inst.awaitStatus(t, 418)
}

func testBlockWhenAndDefault(t *testing.T, s *suite) {
	for _, c := range []struct {
		blockWhen, fallback, flag string
		want                      int
	}{
		{"off", "off", "", 403}, {"off", "on", "", 200}, {"on", "off", "", 200}, {"on", "on", "", 403},
		{"off", "on", "off", 403}, {"off", "off", "on", 200}, {"on", "off", "on", 403}, {"on", "on", "off", 200},
		{"", "", "", 403}, {"ON", "False", "", 200},
	} {
		t.Run(fmt.Sprintf("%q %q %q", c.blockWhen, c.fallback, c.flag), func(t *testing.T) {
			s.admin.Delete("/choice")
			if c.flag != "" {
				s.admin.Put("/choice", []byte(c.flag))
			}
			s.start(t, gateAt("/choice", fmt.Sprintf("blockWhen: %q", c.blockWhen), fmt.Sprintf("default: %q", c.fallback))).awaitStatus(t, c.want)
		})
	}
}

func testFirstClosedGateAnswers(t *testing.T, s *suite) {
	for _, flag := range []string{"/row/a", "/row/b", "/row/c"} {
		s.admin.Put(flag, []byte("on"))
	}
	config := gateAt("/row/a", "status: 401") + "  - {path: /row/b, status: 402}\n  - {path: /row/c, status: 404}\n"
	inst := s.start(t, config)
	inst.awaitStatus(t, 200)
	s.admin.Put("/row/c", []byte("off"))
	inst.awaitStatus(t, 404)
	s.admin.Put("/row/b", []byte("off"))
	inst.awaitStatus(t, 402)
	s.admin.Put("/row/a", []byte("off"))
	inst.awaitStatus(t, 401)
}

func testWhatIsNoFlagLeavesTheGateAsItWas(t *testing.T, s *suite) {
	s.admin.Put("/nonsense", []byte("perhaps"))
	inst := s.start(t, gateAt("/nonsense", `default: "on"`))
	inst.awaitStatus(t, 200)
	s.admin.Put("/nonsense", []byte("off"))
	inst.awaitStatus(t, 403)
	s.admin.Put("/nonsense", []byte("\x00\xff 1 MB of nothing"))
	eventually(t, func() bool { return strings.Count(s.plugin.Output(), "/nonsense refused") == 2 }, s.plugin.Output)
	if got := inst.get().status; got != 403 {
		t.Fatalf("status %d", got)
	}
	s.admin.Delete("/nonsense")
	inst.awaitStatus(t, 200)
}

func testAnswerWithoutABody(t *testing.T, s *suite) {
	a := s.start(t, gateAt("/bodiless", "status: 204")).get()
	if a.status != 204 || a.body != "" || a.answer.Get("Content-Type") != "" {
		t.Fatalf("%+v", a)
	}
}

func testGateInFrontOfAHeader(t *testing.T, s *suite) {
	s.admin.Put("/both", []byte("on"))
	inst := s.start(t, gateAt("/both")+"requestHeaders:\n  - {name: X-Value, path: /both}\n")
	inst.awaitHeader(t, "X-Value", "on")
}

func words(t *testing.T, s *suite) {
	inst := s.start(t, gateAt("/word"))
	inst.awaitStatus(t, http.StatusForbidden)
	on := []string{"true", "on", "yes", "enabled", "1", "TRUE", "On", " yes\n", "\tEnabled\r\n"}
	off := []string{"false", "off", "no", "disabled", "0", "OFF", "False ", "\n0\n", "DISABLED"}
	for i := range on {
		s.admin.Put("/word", []byte(on[i]))
		inst.awaitStatus(t, http.StatusOK)
		s.admin.Put("/word", []byte(off[i]))
		inst.awaitStatus(t, http.StatusForbidden)
	}
}
