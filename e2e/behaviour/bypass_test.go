package behaviour

import (
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func from(remote string, headers ...string) request { return request{remote: remote, headers: headers} }

func to(url string) request { return request{url: url} }

func with(headers ...string) request { return request{headers: headers} }

// bypasses are who gets by a closed gate, requests that do, and others.
var bypasses = []struct {
	bypass  string
	yes, no []request
}{
	{
		"{ips: [192.0.2.7, 10.0.0.0/8]}",
		[]request{from("192.0.2.7:1"), from("10.255.0.1:1"), from("[::ffff:10.1.2.3]:1"), from("203.0.113.1:1", "X-Real-Ip: 10.1.2.3")},
		[]request{from("192.0.2.70:1"), from("11.0.0.1:1"), from("10.0.0.1:1", "X-Real-Ip: 203.0.113.1"), from("203.0.113.1:1", "X_Real_Ip: 10.1.2.3"),
			from("203.0.113.1:1", "X-Forwarded-For: 10.1.2.3"), from("203.0.113.1:1", "X-Real-Ip: 203.0.113.1", "X-Real-Ip: 10.1.2.3"),
			from("203.0.113.1:1", "X-Real-Ip: 10.1.2.3, 203.0.113.1"), from("[::1]:1"), from("@"), from("10.1.2.3:1", "X-Forwarded-For: 203.0.113.1"),
			from("10.1.2.3:1", "X-Real-Ip: x"), from("10.1.2.3:1", "X-Real-Ip: 10.1.2.3", "X-Real-Ip: 10.1.2.3")},
	},
	{
		"{ips: '2001:db8::/32, ::1'}",
		[]request{from("[2001:db8:1::1]:1"), from("[::1]:1"), from("192.0.2.1:1", "X-Real-Ip: 2001:DB8::9")},
		[]request{from("[2001:db9::1]:1"), from("[::2]:1"), from("127.0.0.1:1"), from("[::ffff:127.0.0.1]:1")},
	},
	{"{ips: 0.0.0.0/0}", []request{from("203.0.113.1:1")}, []request{from("[2001:db8::1]:1")}},
	{
		"{pathPrefixes: [/health, /a/b/]}",
		[]request{to("/health"), to("/health/"), to("/health/live?x=y"), to("/a/b"), to("/a/b/c"), to("/%68ealth")},
		[]request{to("/healthy"), to("/health2/x"), to("/Health"), to("/"), to("/a"), to("/a/bc"), to("/x/health"), to("/health/../admin"), to("/health/%2e%2e/admin"),
			to("/health/..%2fadmin"), to("/health%2f..%2fadmin"), to("/health%2F%2E%2E/"), to("/health/./../admin"), to("/?/health"), to("/admin?path=/health")},
	},
	{"{pathPrefixes: /}", []request{to("/"), to("/x")}, nil},
	{
		"{methods: 'OPTIONS, PROPFIND'}",
		[]request{{method: "OPTIONS"}, {method: "PROPFIND"}},
		[]request{{method: "GET"}, {method: "options"}, {method: "Options"}, {headers: []string{"X-HTTP-Method-Override: OPTIONS"}}, {headers: []string{"Access-Control-Request-Method: OPTIONS"}}},
	},
	{
		"{header: {name: x-pass, value: " + password + "}}",
		[]request{with("X-Pass: " + password), with("x-PASS: " + password), with("X-Pass: wrong", "X-Pass: "+password)},
		[]request{{}, with("X-Pass: "), with("X-Pass: wrong"), with("X-Pass: " + password[1:]), with("X-Pass: " + password + "x"), with("X-Pass: " + strings.ToUpper(password)),
			with("X_Pass: " + password), with("Cookie: x-pass=" + password), to("/?x-pass=" + password), with("X-Pass: " + password + "," + password)},
	},
	{
		"{cookie: {name: pass, value: " + password + "}}",
		[]request{with("Cookie: pass=" + password), with("Cookie: a=b; pass=" + password + "; c=d"), with("Cookie: pass=wrong; pass=" + password), with("Cookie: a=b", "Cookie: pass="+password)},
		[]request{{}, with("Cookie: pass=wrong"), with("Cookie: pass="), with("Cookie: Pass=" + password), with("Cookie: xpass=" + password), with("Pass: " + password),
			with("Cookie: a=pass=" + password), with("Cookie: pass=" + password + "x"), with("Set-Cookie: pass=" + password)},
	},
	{
		"{ips: 10.0.0.1, methods: POST, header: {name: X-Pass, value: " + password + "}}",
		[]request{from("10.0.0.1:1"), {method: "POST"}, with("X-Pass: " + password)}, []request{{}},
	},
	{"{}", nil, []request{{}, {method: "OPTIONS"}, {method: "-"}, with("Cookie: =")}},
}

var bypassed = []behaviour{
	{"who gets by", testWhoGetsBy},
	{"where a secret comes from", testWhereASecretComesFrom},
	{"a secret never reaches the service", secrets},
	{"each gate has its own bypass", testEachGateHasItsOwnBypass},
	{"an open gate needs no bypass", testOpenGateNeedsNoBypass},
}

func testWhoGetsBy(t *testing.T, s *suite) {
	for i, c := range bypasses {
		inst := s.start(t, gateAt(fmt.Sprint("/bypass/", i), "bypass: "+c.bypass))
		for _, q := range c.yes {
			if got := inst.status(q); got != http.StatusOK {
				t.Errorf("%s: %d for %+v", c.bypass, got, q)
			}
		}
		for _, q := range c.no {
			if got := inst.status(q); got != http.StatusForbidden {
				t.Errorf("%s: %d for %+v", c.bypass, got, q)
			}
		}
	}
}

func testWhereASecretComesFrom(t *testing.T, s *suite) {
	file := filepath.Join(t.TempDir(), "secret")
	if err := os.WriteFile(file, []byte(password+"\r\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, source := range []string{"value: " + password, "valueFile: '" + file + "'", "valueEnv: " + passwordVariable} {
		inst := s.start(t, gateAt("/secret-source", "bypass: {header: {name: X-Pass, "+source+"}, cookie: {name: pass, "+source+"}}"))
		for q, want := range map[string]int{"X-Pass: " + password: 200, "Cookie: pass=" + password: 200, "X-Pass: " + password + "\r": 403, "X-Pass: ": 403, "Cookie: pass=": 403} {
			if got := inst.status(with(q)); got != want {
				t.Errorf("%s: %d for %.12s", source, got, q)
			}
		}
	}
}

func testEachGateHasItsOwnBypass(t *testing.T, s *suite) {
	inst := s.start(t, gateAt("/own/a", "status: 401", "bypass: {methods: [POST, PUT]}")+"  - {path: /own/b, status: 402, bypass: {methods: [POST, GET]}}\n")
	for method, want := range map[string]int{"GET": 401, "PUT": 402, "POST": 200} {
		if got := inst.status(request{method: method}); got != want {
			t.Errorf("%s gets %d", method, got)
		}
	}
}

func testOpenGateNeedsNoBypass(t *testing.T, s *suite) {
	s.admin.Put("/open-bypass", []byte("on"))
	inst := s.start(t, gateAt("/open-bypass", "bypass: {methods: POST}"))
	inst.awaitStatus(t, http.StatusOK)
	s.admin.Put("/open-bypass", []byte("off"))
	inst.awaitStatus(t, http.StatusForbidden)
	if got := inst.status(request{method: "POST"}); got != http.StatusOK {
		t.Errorf("POST gets %d", got)
	}
}

// secrets: what gets by is taken from the request, right or wrong, whatever the
// gate says; the rest of the request stays.
func secrets(t *testing.T, s *suite) {
	s.admin.Put("/secrets/flag", []byte("off"))
	s.admin.Put("/secrets/on", []byte("on"))
	secret := "header: {name: X-Pass, value: " + password + "}, cookie: {name: pass, value: " + password + "}"
	for _, more := range []string{"", decisionLine, "dryRun: true\n", "requestHeaders:\n  - {name: X-Value, flag: /secrets/on}\n"} {
		s.admin.Put("/secrets/flag", []byte("off"))
		inst := s.start(t, gateAt("/secrets/on")+"  - {path: /secrets/flag, bypass: {methods: [POST, PUT], "+secret+"}}\n"+more)
		for _, flag := range []string{"off", "on"} {
			s.admin.Put("/secrets/flag", []byte(flag))
			if more != "dryRun: true\n" {
				inst.awaitStatus(t, map[string]int{"off": 403, "on": 200}[flag])
			}
			for _, value := range []string{password, "wrong"} {
				a, _ := inst.ask(request{method: "POST", headers: []string{
					"X-Pass: " + value, "X_Pass: " + value, "Cookie: a=b; pass=" + value + ";c=\"d e\"", "Cookie: pass=" + value, "Cookie: pass =x; passe=f", "X-Other: g",
				}})
				if a.status != http.StatusOK {
					t.Fatalf("status %d", a.status)
				}
				for name, values := range a.service {
					if strings.Contains(strings.Join(values, " "), value) {
						t.Errorf("%q while %s: the service sees %s: %q", more, flag, name, values)
					}
				}
				if got := strings.Join(a.service["Cookie"], "; "); got != `a=b; c="d e"; passe=f` || a.service.Get("X-Other") != "g" {
					t.Errorf("%q while %s: the service sees the cookies %s", more, flag, got)
				}
			}
			if a, _ := inst.ask(request{method: "PUT", headers: []string{"Cookie: pass=" + password}}); a.service["Cookie"] != nil || a.status != 200 {
				t.Errorf("the service sees the cookies %q", a.service["Cookie"])
			}
		}
	}
}
