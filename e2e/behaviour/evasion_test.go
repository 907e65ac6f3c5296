package behaviour

import (
	"fmt"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
)

// evasions are gates that are closed for what the requests really are, and
// requests that try to look otherwise.
var evasions = []struct {
	name, condition, lines string // on means closed
	requests               []request
}{
	{"the host's spelling", is("host", "admin.example"), "", []request{
		{host: "admin.example"}, {host: "ADMIN.example"}, {host: "admin.example."}, {host: "Admin.Example.:443"}, {host: "admin.example:"}, {host: "admin.example:80"},
	}},
	{"an address as host", is("host", "2001:db8::1"), "", []request{{host: "[2001:db8::1]"}, {host: "[2001:DB8::1]:443"}}},
	{"another host's name in headers", is("host", "admin.example"), "", []request{
		{host: "admin.example", headers: []string{"Host: www.example", "X-Forwarded-Host: www.example", "X-Host: www.example", "Forwarded: host=www.example"}},
	}},
	{"another method's name in headers", is("method", "POST"), "", []request{
		{method: "POST", headers: []string{"X-HTTP-Method-Override: GET", "X-Method: GET"}, url: "/?_method=GET"},
	}},
	{"another address in headers", is("ip", "192.0.2.66"), "", []request{
		{remote: "192.0.2.66:1", headers: []string{"X-Forwarded-For: 10.0.0.1", "Forwarded: for=10.0.0.1", "X_Real_Ip: 10.0.0.1", "True-Client-Ip: 10.0.0.1"}},
		{remote: "192.0.2.66:1", headers: []string{"X-Real-Ip: nonsense"}}, {remote: "192.0.2.66:1", headers: []string{"X-Real-Ip: "}},
		{remote: "192.0.2.66:1", headers: []string{"X-Real-Ip: 10.0.0.1, 10.0.0.2"}},
	}},
	{"no attribute that it needs", `{"!=":[{"var":"headers.x-pass"},"yes"]}`, "", []request{
		{}, with("X-Pass: "), with("X_Pass: yes"), with("X-Pass: YES"), with("X-Pass: no", "X-Pass: yes"), with("X-Pass: yes, yes"), with("X-Pass: " + strings.Repeat("yes", 1<<18)),
	}},
	{"white space around a header, as HTTP/2 has it", is("headers.x-user", "mallory"), "", []request{
		with("X-User: mallory"), {headers: []string{"X-User: mallory "}}, {headers: []string{"X-User: \tmallory \t"}},
	}},
	{"a huge header beside", `{"==":[1,1]}`, "", []request{with("X-Huge: " + strings.Repeat("x", 1<<20)), with(many("X-Many", 5000)...)}},
	{"a huge header that is looked at", `{"in":["x",{"cat":[{"var":"headers.x-huge"},{"var":"query"}]}]}`, "default: 'on'", []request{
		with("X-Huge: " + strings.Repeat("x", 1<<20)), {url: "/?a=" + strings.Repeat("x", 1<<16), headers: []string{"X-Huge: x"}},
	}},
	{"names of JSON's own", `{"!":{"var":"headers.__proto__"}}`, "", []request{{}, with("Constructor: x")}},
	{"an attribute that a client names", `{"!=":[{"var":{"cat":["cookies.",{"var":"query.name"}]}},"secret"]}`, "", []request{
		{url: "/?name=x", headers: []string{"Cookie: y=secret"}}, {url: "/?name=", headers: []string{"Cookie: x=secret"}}, {url: "/?name=x.y", headers: []string{"Cookie: x=secret"}},
		{url: "/?name=x&x=secret"},
	}},
}

func many(name string, count int) []string {
	var lines []string
	for i := range count {
		lines = append(lines, fmt.Sprint(name, ": ", i))
	}
	return lines
}

var evading = []behaviour{
	{"requests that look otherwise", testRequestsThatLookOtherwise},
	{"no method gets past a closed gate", testNoMethodGetsPastAClosedGate},
	{"a secret of many attempts", testSecretOfManyAttempts},
	{"no request slips through while a flag changes", changing},
}

func testRequestsThatLookOtherwise(t *testing.T, s *suite) {
	for i, c := range evasions {
		t.Run(c.name, func(t *testing.T) {
			path := fmt.Sprint("/evasions/", i)
			s.admin.Put(path, []byte(when(c.condition)))
			inst := s.start(t, gateAt(path, "blockWhen: 'on'", c.lines))
			for _, q := range c.requests {
				if got := inst.status(q); got != http.StatusForbidden {
					t.Errorf("%.300s gets %d", fmt.Sprintf("%+v", q), got)
				}
			}
		})
	}
}

func testNoMethodGetsPastAClosedGate(t *testing.T, s *suite) {
	inst := s.start(t, gateAt("/evasions/closed"))
	for _, method := range []string{"GET", "get", "HEAD", "OPTIONS", "TRACE", "CONNECT", "PRI", "PURGE", "x", "-"} {
		for _, url := range []string{"/", "/..", "//", "/%00", "/?" + strings.Repeat("a=b&", 10000)} {
			if got := inst.status(request{method: method, url: url}); got != http.StatusForbidden {
				t.Errorf("%s %.20s gets %d", method, url, got)
			}
		}
	}
	upgrade := with("Connection: Upgrade", "Upgrade: websocket", "Sec-Websocket-Version: 13", "Sec-Websocket-Key: dGhlIHNhbXBsZSBub25jZQ==")
	if a, _ := inst.ask(upgrade); a.status != http.StatusForbidden || a.answer["Upgrade"] != nil || a.service != nil {
		t.Errorf("a websocket gets %+v", a)
	}
}

func testSecretOfManyAttempts(t *testing.T, s *suite) {
	inst := s.start(t, gateAt("/evasions/closed", "bypass: {header: {name: X-Pass, value: "+password+"}, cookie: {name: pass, value: "+password+"}}"))
	cookies := strings.Repeat("pass=wrong; ", 1000)
	for _, q := range []request{with(many("X-Pass", 1000)...), with("Cookie: " + cookies), with("X-Pass: " + strings.Repeat(password, 10000))} {
		if got := inst.status(q); got != http.StatusForbidden {
			t.Errorf("%.100s gets %d", fmt.Sprintf("%+v", q), got)
		}
	}
	if got := inst.status(with("Cookie: " + cookies + "pass=" + password)); got != http.StatusOK {
		t.Errorf("the right one among many gets %d", got)
	}
}

// changing: all forms that the flag takes are on for ann and off for bob, and
// what is none leaves the last one in force.
func changing(t *testing.T, s *suite) {
	s.admin.Put("/evasions/changing", []byte(when(ann)))
	s.admin.Put("/evasions/else", []byte("on"))
	inst := s.start(t, byUser("[/evasions/changing, /evasions/else]", "key: a")+decisionLine)
	inst.awaitDecision(t, as("bob"), `block; flag="/evasions/changing#a"; variant="off"; reason=DEFAULT; age=0`)
	var clients sync.WaitGroup
	var stop atomic.Bool
	for range 2 {
		clients.Go(func() {
			for !stop.Load() {
				if a, b := inst.status(as("ann")), inst.status(as("bob")); a != http.StatusOK || b != http.StatusForbidden {
					t.Errorf("ann gets %d, bob %d", a, b)
					return
				}
			}
		})
	}
	forms := []string{document(`"a":` + when(ann)), "nonsense", when(`{"in":["ann",{"cat":[{"var":"headers"},{"var":"headers.x-user"}]}]}`), `{"flags":`, when(`{"in":[{"var":"targetingKey"},["ann"]]}`)}
	for i := range 50 {
		s.admin.Put("/evasions/changing", []byte(forms[i%len(forms)]))
	}
	stop.Store(true)
	clients.Wait()
}
