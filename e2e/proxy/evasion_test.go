package proxy

import (
	"net/url"
	"strings"
	"testing"

	"github.com/mod-zookeeper/traefik-zookeeper/e2e/internal/traefik"
)

// closedWhen is a flag that is on, and closes its gate, where a condition holds.
func closedWhen(condition string) string {
	return `{"variants":{"on":true,"off":false},"defaultVariant":"off","targeting":{"if":[` + condition + `,"on"]}}`
}

// conditions are what closes the gates, and the same as who reads the request that
// arrived sees it.
var conditions = []struct {
	name, condition string
	holds           func(arrival) bool
}{
	{"host", `{"==":[{"var":"host"},"admin.example"]}`, func(a arrival) bool { return a.host() == "admin.example" }},
	{"method", `{"==":[{"var":"method"},"DELETE"]}`, func(a arrival) bool { return a.request.Method == "DELETE" }},
	{"path", `{"starts_with":[{"var":"path"},"/admin"]}`, func(a arrival) bool {
		path, _ := a.target()
		decoded, _ := url.PathUnescape(path)
		return strings.HasPrefix(decoded, "/admin")
	}},
	{"user", `{"==":[{"var":"headers.x-user"},"mallory"]}`, func(a arrival) bool { return a.request.Header.Get("X-User") == "mallory" }},
	{"pass", `{"!=":[{"var":"headers.x-pass"},"yes"]}`, func(a arrival) bool { return a.request.Header.Get("X-Pass") != "yes" }},
	{"cookie", `{"!=":[{"var":"cookies.pass"},"yes"]}`, func(a arrival) bool {
		cookie, err := a.request.Cookie("pass")
		return err != nil || cookie.Value != "yes"
	}},
	{"query", `{"==":[{"var":"query.debug"},"1"]}`, func(a arrival) bool {
		_, query := a.target()
		parameters, _ := url.ParseQuery(query)
		return parameters.Get("debug") == "1"
	}},
	{"upgrade", `{"==":[{"var":"headers.upgrade"},"websocket"]}`, func(a arrival) bool { return a.request.Header.Get("Upgrade") == "websocket" }},
}

const pass, ticket = "X-Pass: yes", "Cookie: pass=yes"

// evasions are requests that a gate is closed for, though they try not to look it.
func evasions() []string {
	all := []string{
		get("/", ticket, "X_Pass: yes"), get("/", ticket, "X-Pass: YES"), get("/", ticket, "X-Pass: no", pass), get("/", ticket, "X-Pass:", pass), get("/", ticket, "X-Pass: yes, yes"),
		get("/", ticket, pass, "Connection: X-Pass"), get("/", ticket, pass, "connection: close", "Connection: x-pass"), get("/", ticket, pass, handshake+", X-Pass"), get("/", ticket, handshake), get("/", ticket, "Trailer: X-Pass"),
		request("POST", "/", ticket, "Transfer-Encoding: chunked", "Trailer: X-Pass") + "0\r\nX-Pass: yes\r\n\r\n", get2("x_pass: yes", "cookie: pass=yes"), get2("connection: x-pass", "x-pass: yes", "cookie: pass=yes"),
		get("/", pass, "Cookie: PASS=yes"), get("/", pass, "Cookie: pass=no; pass=yes"), get("/", pass, "Cookie: pass=no", ticket), get("/", pass, ticket, "Connection: Cookie"), get("/", pass, "Cookie: pass =yes"), get("/", pass, "Cookie2: pass=yes"), get("/", pass, "Cookie: a=b,pass=yes"),
		get2("x-pass: yes", "cookie: pass=no", "cookie: pass=yes"),
	}
	for _, lines := range []string{"X-User: mallory", "x-USER: mallory", "X-User:mallory ", "X-User: \tmallory", "X-User: mallory\r\nX-User: ann", "X-User:\r\n mallory", "X-User: mallory\r\nX_User: ann"} {
		all = append(all, get("/", pass, ticket, lines), get("/", pass, ticket, lines, handshake))
	}
	for _, field := range []string{"mallory", "mallory ", " mallory", "\tmallory\t"} {
		all = append(all, get2("x-pass: yes", "cookie: pass=yes", "x-user: "+field))
	}
	for _, host := range []string{"admin.example", "ADMIN.example", "admin.example.", "admin.example:80", "Admin.Example.:8080", "admin.example:", "admin%2eexample", "admin.example..", "www.example@admin.example", "admin.example/x", "\tadmin.example", "admin.example\t"} {
		all = append(all, get("/", pass, ticket, "Host: "+host), get("http://"+host+"/", pass, ticket, "Host: www.example"), get("/", pass, ticket, "Host: www.example", "Host: "+host), get("/", pass, ticket, "Host: "+host, "X-Forwarded-Host: www.example"),
			request2("GET", "http", host, "/", "x-pass: yes", "cookie: pass=yes"), request2("GET", "http", host, "/", "x-pass: yes", "cookie: pass=yes", "host: www.example"), request2("GET", "http", "", "/", "x-pass: yes", "cookie: pass=yes", "host: "+host),
			get("/", pass, ticket, handshake, "Host: "+host))
	}
	all = append(all, request("DELETE", "/", pass, ticket), request("DELETE", "/", pass, ticket, "X-HTTP-Method-Override: GET"), request2("DELETE", "http", "www.example", "/", "x-pass: yes", "cookie: pass=yes"))
	for _, target := range []string{
		"/admin", "/admin/", "/%61dmin", "/%61%64%6d%69%6e/x", "//admin", "/./admin", "/x/../admin", "/x/%2e%2e/admin", "/%2e/admin", "/admin%2fx", "/admin;x", "/admin%00", "/admin%3f", "http://www.example/admin", "http://www.example//admin", "/admin?/x", "/x/..//admin", "/admin%23",
		"/?debug=1", "/?%64ebug=%31", "/?debug=1&debug=0", "/?x=%zz&debug=1", "/?debug=1#x", "/?&&debug=1",
	} {
		all = append(all, get(target, pass, ticket), get(target, pass, ticket, handshake), request2("GET", "http", "www.example", target, "x-pass: yes", "cookie: pass=yes"))
	}
	return all
}

// Gates are closed for what the service would see. Whatever gets through is a
// request that to its reader is none of those that they are closed for.
func TestNobodyGetsPastGates(t *testing.T) {
	s, w := newStage(t, nil), startWitness(t)
	config := cluster + "gates:\n"
	for _, c := range conditions {
		s.admin.Put("/evasions/"+c.name, []byte(closedWhen(c.condition)))
		config += "  - {path: /evasions/" + c.name + ", blockWhen: 'on', default: 'on'}\n"
	}
	s.launch(t, s.before(w, config), nil)
	open := get("/", pass, ticket)
	s.awaitArrival(t, w, open, func(arrival) bool { return true })
	passed := 0
	for _, sent := range append(oddRequests(), evasions()...) {
		s.send(t, sent)
		for _, a := range w.take() {
			passed++
			for _, c := range conditions {
				if a.request == nil || c.holds(a) {
					t.Errorf("%.300q gets past the gate for the %s: %q", sent, c.name, a.raw)
				}
			}
		}
	}
	if passed == 0 {
		t.Error("the gates keep everything out")
	}
	for _, sent := range []string{open, get("/", handshake2(), pass, ticket), get2("x-pass: yes", "cookie: pass=yes"), get("/adm", pass, ticket, "Host: admin2.example")} {
		if s.send(t, sent); len(w.take()) != 1 {
			t.Errorf("%q is kept out", sent)
		}
	}
}

// handshake2 is one to another protocol than websocket.
func handshake2() string { return strings.Replace(handshake, "websocket", "other", 1) }

// A gate that is closed for all lets nothing through but what its bypass knows.
func TestNobodyGetsPastAClosedGate(t *testing.T) {
	const secret = "open-sesame"
	s, w := newStage(t, map[string]string{"/closed": "on"}), startWitness(t)
	s.launch(t, s.before(w, cluster+"gates:\n  - {path: /closed, bypass: {pathPrefixes: [/health], header: {name: X-Bypass, value: "+secret+"}, cookie: {name: bypass, value: "+secret+"}, ips: [203.0.113.9]}}\n"), nil)
	s.awaitArrival(t, w, get("/"), func(arrival) bool { return true })
	s.admin.Put("/closed", []byte("off"))
	s.awaitStatus(t, "/", 403)
	w.take()
	sent := append(oddRequests(), evasions()...)
	for _, target := range []string{
		"/health/../admin", "/health/%2e%2e/admin", "/health/..%2fadmin", "/health%2f..%2fadmin", "/health/..;/admin", "/healthy", "/HEALTH", "//health/../admin", `/health\..\admin`, "/health/%252e%252e/admin", "/admin#/health", "/admin?/health", "/admin;/health", "/%2fhealth", "http://x/health/../admin",
	} {
		sent = append(sent, get(target), request2("GET", "http", "www.example", target))
	}
	for _, lines := range []string{
		"X_Bypass: " + secret, "X-Bypass: OPEN-SESAME", "X-Bypass: open", "X-Bypass: " + secret + "x", "Cookie: BYPASS=" + secret, "Cookie: bypass=\"" + secret, "X-Real-Ip: 203.0.113.9", "X-Forwarded-For: 203.0.113.9", "X-Real-Ip: 203.0.113.9\r\nConnection: X-Real-Ip", "Trailer: X-Bypass", "Bypass: " + secret,
	} {
		sent = append(sent, get("/", lines), get("/", handshake, lines))
	}
	for _, bytes := range sent {
		s.send(t, bytes)
		for _, a := range w.take() {
			path, _ := a.target()
			if path != "/health" && !strings.HasPrefix(path, "/health/") || strings.ContainsAny(path, `%\`) || strings.Contains(path, "..") {
				t.Errorf("%.300q gets past: %q", bytes, a.raw)
			}
		}
	}
	for _, bytes := range []string{get("/health"), get("/health/live"), get("/", "X-Bypass: "+secret), get("/", handshake, "x-bypass: "+secret, "X_Bypass: x"), get2("x-bypass: " + secret), get("/", "Cookie: a=b; bypass="+secret), get2("cookie: bypass="+secret, "cookie: a=b")} {
		s.send(t, bytes)
		arrivals := w.take()
		if len(arrivals) != 1 || strings.Contains(arrivals[0].raw, secret) || strings.Contains(strings.ToLower(arrivals[0].raw), "bypass") {
			t.Errorf("%.300q arrives as %v", bytes, arrivals)
		}
	}
}

// SECURITY.md says how Traefik refuses the paths that gates and services may read
// in two ways.
func TestHardenedPaths(t *testing.T) {
	s, w := newStage(t, map[string]string{"/public": closedWhen(`{"!":{"starts_with":[{"var":"path"},"/public"]}}`)}), startWitness(t)
	open, config := get("/public"), s.before(w, cluster+"gates:\n  - {path: /public, blockWhen: 'on', default: 'on'}\n")
	for _, hardened := range []bool{false, true} {
		const option = "entryPoints.web.http.encodedCharacters."
		s.launch(t, config, map[string]any{option + "allowEncodedSlash": !hardened, option + "allowEncodedBackSlash": !hardened})
		s.awaitArrival(t, w, open, func(arrival) bool { return true })
		for _, target := range []string{"/public/..%2fadmin", "/public%2f..%2fadmin", "/public%5c..%5cadmin"} {
			s.send(t, get(target))
			s.send(t, request2("GET", "http", "www.example", target))
			if arrivals := w.take(); hardened == (len(arrivals) > 0) {
				t.Errorf("hardened %t: %s arrives as %v", hardened, target, arrivals)
			}
		}
	}
}

// before is a configuration in which all requests go on to a witness.
func (s *stage) before(w *witness, plugin string) string {
	return traefik.Route(strings.ReplaceAll(plugin, "$SERVERS", s.zk.Addr()), w.url())
}
