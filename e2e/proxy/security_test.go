package proxy

import (
	"encoding/binary"
	"fmt"
	"io"
	"net"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/mod-zookeeper/traefik-zookeeper/e2e/internal/fakezk"
	"github.com/mod-zookeeper/traefik-zookeeper/e2e/internal/relay"
	"github.com/mod-zookeeper/traefik-zookeeper/e2e/internal/traefik"
)

// guarded has a header for all, headers for tenants by all that a client may say,
// and a header that is never set.
const guarded = cluster + `requestHeaders:
  - {name: X-Release, path: /release/current}
  - {name: X-Never-Set, path: /never/set}
  - {name: X-By-Header, path: '/tenants/{header.X-Tenant}/value', default: none}
  - {name: X-By-Host, path: '/tenants/{host}/value', default: none}
  - {name: X-By-Path, path: '/tenants/{path.1}/value', default: none}
  - {name: X-By-Query, path: '/tenants/{query.tenant}/value', default: none}
  - {name: X-By-Cookie, path: '/tenants/{cookie.tenant}/value', default: none}
statusPath: /.zookeeper
`

var values = map[string]string{"ann": "hers", "bob": "his"}

const handshake = "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ=="

// oddRequests are what clients may send to forge a header, or to get the value of
// another tenant than the service takes them for.
func oddRequests() []string {
	const chunked, hidden = "Transfer-Encoding: chunked\r\n", "GET /x HTTP/1.1\r\nX-Release: forged\r\n\r\n"
	odd := []string{
		// headers of the plugin's own, in the place of headers and of trailers
		get("/", "X-Release: forged", "X-Never-Set: forged"), get("/", "x_release: forged", "X-NEVER_SET: forged"), get("/", "Connection: X-Release, X-By-Header"),
		get("/", "Connection: close, x-release", "X-Release: forged"), get("/", handshake+", X-Release", "X-Release: forged"), get("/", handshake, "Connection: X-Release", "X_Release: forged"),
		get("/", "X-Other: a\r\n X-Release: forged"), get("/", "X-Release : forged"), get("/", "X-Release\t: forged"), get("/", ": forged\r\nX-Release: forged"), get("/", "X-Other: a\rX-Release: forged"), get("/", "X-Other: a\nX-Release: forged"),
		get("/", "Keep-Alive: X-Release", "Proxy-Connection: X-Release", "Te: trailers", "Trailer: X-Release"),
		request("POST", "/", chunked+"Trailer: X-Release, X-Never-Set\r\nTe: trailers") + "1\r\nx\r\n0\r\nX-Release: forged\r\nX-Never-Set: forged\r\n\r\n",
		request("POST", "/", chunked+"Connection: Trailer") + "0\r\nX_Release: forged\r\n\r\n",
		// a second request in the first one's body
		request("POST", "/", chunked+"Content-Length: 6") + "0\r\n\r\nG", request("POST", "/", "Content-Length: 4", "Content-Length: 5") + "GET /", request("POST", "/", "Transfer-Encoding: chunked, identity") + "0\r\n\r\n",
		request("POST", "/", "Transfer-Encoding : chunked") + "0\r\n\r\n", request("POST", "/", fmt.Sprint("Content-Length: ", len(hidden))) + hidden, get("/", "Content-Length: +0"), get("/", "Content-Length: 0x0"),
		get("/", "Expect: 100-continue", "X-Release: forged"), "GET / HTTP/1.0\r\nX-Release: forged\r\n\r\n", get("http://www.example/x y/", "X-Release: forged"), request("CONNECT", "www.example:80", "X-Release: forged"),
		// HTTP/2, to which Connection means nothing
		get2("x-release: forged", "x_release: forged", "x-never-set: forged"), get2("X-Release: forged"), get2("connection: x-release"), get2("x-other: a\r\nX-Release: forged"), get2("transfer-encoding: chunked"),
		get2("te: trailers", "trailer: x-release"), request2("GET", "http", "www.example", "/\r\nX-Release: forged"), request2("GET / HTTP/1.1\r\nX-Release: forged\r\n\r\nGET", "http", "www.example", "/"), get2("host: bob", "x-tenant: ann"),
		get2("cookie: tenant=ann", "cookie: tenant=bob", "x-tenant: bob", "x-tenant: ann"), get2("upgrade: websocket", "x-tenant: bob"), request2("GET", "http", "", "/bob?tenant=ann", "host: ann"),
		// nothing to find: questions that nobody asked before
		get("/.zookeeper", "Accept: text/html"), get("/.zookeeper/ready"), get("/.zookeeper/metrics"), get("/.zookeeper?format=json"), request("POST", "/.zookeeper"), get("/.zookeeper/"), get("/.zookeeper%2fready"), get("/.ZOOKEEPER"),
	}
	for i := range 100 {
		stranger := fmt.Sprint("stranger", i)
		odd = append(odd, get("/"+stranger+"?tenant="+stranger, "X-Tenant: "+stranger, "Cookie: tenant="+stranger, "Host: "+stranger))
	}
	for _, name := range []string{
		"ann", "bob", "ANN", "ann/", "/ann", "ann/value", "ann/../bob", "..", ".", "../secret", "../../secret", "..%2fsecret", "ann%2f..%2fbob", "%61nn", "%2e%2e", "ann/deep", "ann%00", "ann;bob", "ann, bob", "ann bob", "'ann'", `"ann"`,
		"\xc0\xae\xc0\xae/secret", "a\xc1\xaen", "\xef\xbd\x81nn", "a\xcc\x80nn", "an\xe2\x80\x8bn", "{path.1}", "{header.X-Tenant}", "ann\t", "*", "zookeeper", strings.Repeat("ann/../", 300) + "bob", strings.Repeat("a", 5000), "\xff", "a\x7f",
	} {
		escaped := strings.NewReplacer(" ", "%20", "\t", "%09").Replace(name)
		odd = append(odd, get("/", "X-Tenant: "+name), get("/", "Cookie: tenant="+name), get("/?tenant="+escaped), get("/", "Host: "+name), get("/"+escaped), get("/"+escaped+"/x"), get("http://"+escaped+"/", "Host: bob"))
		odd = append(odd, get2("x-tenant: "+name), get2("cookie: tenant="+name), request2("GET", "http", name, "/"+escaped+"?tenant="+escaped), get("/", handshake, "X-Tenant: "+name))
	}
	for _, lines := range []string{
		"X-Tenant: ann\r\nX-Tenant: bob", "X-Tenant:\r\nX-Tenant: bob", "X_Tenant: bob", "X-Tenant: ann\r\nX_Tenant: bob", "x-TENANT: bob\r\nConnection: X-Tenant", "X-Tenant: bob\r\nX-Tenant : ann",
		"Cookie: tenant=ann; tenant=bob", "Cookie: TENANT=bob", "Cookie: tenant=bob\r\nCookie: tenant=ann", "Cookie: tenant =bob", "Cookie: tenant", "Cookie: a=1,tenant=bob", "Host: ann\r\nHost: bob", "Host: ann:80", "Host: ann.", "Host: ann:bob", "Host: u@ann", "Host: [ann]",
	} {
		odd = append(odd, get("/", lines), get("/", handshake, lines))
	}
	for _, target := range []string{
		"/ann", "/%61nn/x", "/ann%2f..%2fbob", "/ann/..%2fbob", "/ann/%2e%2e/bob", "/ann/../bob", "/ann/..;/bob", "//bob", "/./bob", "/ann%5c..%5cbob", `/ann\..\bob`, "/%2fbob", "/%252e%252e/bob", "/ann/..", "/ann%23/bob", "/ann%3f/bob", "/ann;x/bob", "*", "ann", "http:///bob", "http://ann/bob",
		"/?tenant=ann&tenant=bob", "/?TENANT=bob", "/?tenant=ann;tenant=bob", "/?%74enant=bob", "/?tenant[]=bob", "/?tenant=%zz", "/?x=%zz&tenant=bob", "/?tenant=a%6en&", "/?tenant+=bob", "/?tenant=bob#x", "?tenant=bob",
	} {
		odd = append(odd, get(target), request2("GET", "http", "www.example", target))
	}
	return odd
}

// Whatever a client sends: the service gets the plugin's headers from nobody else,
// and the value of no other tenant than the one that the request means to the
// service too; and ZooKeeper isn't asked a single question.
func TestOddRequests(t *testing.T) {
	nodes := map[string]string{"/release/current": "ours", "/secret/value": "secret", "/tenants/value": "secret", "/tenants/ann/deep/value": "secret"}
	for name, value := range values {
		nodes["/tenants/"+name+"/value"] = value
	}
	s := newStage(t, nodes)
	w := startWitness(t)
	addr, operations := meter(t, s.zk.Addr())
	s.launch(t, traefik.Route(strings.ReplaceAll(guarded, "$SERVERS", addr), w.url()), nil)
	s.awaitArrival(t, w, get("/", "X-Tenant: bob"), func(a arrival) bool {
		return a.request.Header.Get("X-Release") == "ours" && a.request.Header.Get("X-By-Header") == "his"
	})
	before := awaitRest(t, operations)
	found := map[string]int{}
	for _, sent := range oddRequests() {
		s.send(t, sent)
		arrivals := w.take()
		if len(arrivals) > 1 {
			t.Errorf("%.300q became %d requests: %v", sent, len(arrivals), arrivals)
		}
		for _, a := range arrivals {
			checkManaged(t, sent, a)
			checkTenant(t, sent, a, found)
		}
	}
	if after := operations(); after != before {
		t.Errorf("requests caused %d operations", after-before)
	}
	for _, header := range []string{"X-By-Header", "X-By-Host", "X-By-Path", "X-By-Query", "X-By-Cookie"} {
		if found[header+" hers"] == 0 || found[header+" his"] == 0 || found[header+" none"] == 0 {
			t.Errorf("%s: %v", header, found)
		}
	}
	s.admin.Put("/release/current", []byte("new"))
	s.awaitArrival(t, w, get("/"), func(a arrival) bool { return a.request.Header.Get("X-Release") == "new" })
	if after := operations(); after == before {
		t.Error("the meter counts nothing")
	}
}

// awaitArrival sends a request until it arrives as it should.
func (s *stage) awaitArrival(t *testing.T, w *witness, sent string, is func(arrival) bool) {
	t.Helper()
	err := s.traefik.Await(func() error {
		s.send(t, sent)
		arrivals := w.take()
		if len(arrivals) != 1 || arrivals[0].request == nil || !is(arrivals[0]) {
			return fmt.Errorf("%q arrives as %v", sent, arrivals)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// checkManaged looks at the bytes that arrived, line by line, in whatever spelling
// names have, and at what other parsers may take for a header.
func checkManaged(t *testing.T, sent string, a arrival) {
	t.Helper()
	if a.request == nil {
		t.Errorf("%.300q arrives as %q", sent, a.raw)
		return
	}
	head, _, _ := strings.Cut(a.raw, "\r\n\r\n")
	lines := head
	if len(a.request.TransferEncoding) > 0 {
		lines = a.raw // there may be trailers behind the body
	}
	seen := 0
	for _, line := range strings.FieldsFunc(lines, func(r rune) bool { return r == '\r' || r == '\n' }) {
		name, value, _ := strings.Cut(line, ":")
		switch strings.ToLower(strings.ReplaceAll(strings.TrimSpace(name), "_", "-")) {
		case "x-release":
			seen++
			if value != " ours" {
				t.Errorf("%.300q arrives with %q", sent, line)
			}
		case "x-never-set":
			t.Errorf("%.300q arrives with %q", sent, line)
		}
	}
	if folded := "X-Other: a X-Release: forged"; seen != 1 || strings.Contains(strings.ReplaceAll(head, folded, ""), "forged") {
		t.Errorf("%.300q arrives as %q", sent, a.raw)
	}
}

// checkTenant compares the values with those of the tenants that the request
// means to whoever reads what has arrived.
func checkTenant(t *testing.T, sent string, a arrival, found map[string]int) {
	t.Helper()
	if a.request == nil {
		return
	}
	for header, name := range a.tenants() {
		want := "none"
		if values[name] != "" {
			want = values[name]
		}
		got := strings.Join(a.request.Header[header], " | ")
		if got != want {
			t.Errorf("%.300q: %s is %q, want %q for %q: %q", sent, header, got, want, name, a.raw)
		}
		found[header+" "+got]++
	}
}

func (a arrival) tenants() map[string]string {
	path, query := a.target()
	parameters, _ := url.ParseQuery(query)
	tenants := map[string]string{"X-By-Header": "", "X-By-Host": a.host(), "X-By-Path": firstSegment(path), "X-By-Query": parameters.Get("tenant"), "X-By-Cookie": ""}
	if all := a.request.Header["X-Tenant"]; len(all) > 0 {
		tenants["X-By-Header"] = all[0]
	}
	if cookie, err := a.request.Cookie("tenant"); err == nil {
		tenants["X-By-Cookie"] = cookie.Value
	}
	return tenants
}

// firstSegment is empty where a path's first segment is another one to who decodes
// it first, or follows its dots.
func firstSegment(path string) string {
	segments := strings.Split(strings.TrimPrefix(path, "/"), "/")
	for _, segment := range segments {
		decoded, err := url.PathUnescape(segment)
		name, _, _ := strings.Cut(decoded, ";")
		if err != nil || name == "." || name == ".." || strings.ContainsAny(decoded, `/\`) {
			return ""
		}
	}
	first, _ := url.PathUnescape(segments[0])
	return first
}

// meter stands in front of a ZooKeeper server, and counts what clients ask it
// beside pings.
func meter(t *testing.T, to string) (string, func() int) {
	var count atomic.Int64
	r := relay.Start(t, func(conn net.Conn) {
		defer conn.Close()
		server, err := net.Dial("tcp", to)
		if err != nil {
			return
		}
		defer server.Close()
		go func() {
			io.Copy(conn, server)
			conn.Close()
		}()
		const ping = 11
		for greeted := false; ; greeted = true {
			packet, err := fakezk.ReadPacket(conn)
			if err != nil {
				return
			}
			if greeted && (len(packet) < 8 || binary.BigEndian.Uint32(packet[4:]) != ping) {
				count.Add(1)
			}
			server.Write(fakezk.Packet(packet))
		}
	})
	return r.Addr(), func() int { return int(count.Load()) }
}

// awaitRest waits until nothing is asked any more.
func awaitRest(t *testing.T, operations func() int) int {
	t.Helper()
	for deadline := time.Now().Add(time.Minute); time.Now().Before(deadline); {
		before := operations()
		time.Sleep(time.Second)
		if before > 0 && operations() == before {
			return before
		}
	}
	t.Fatal("the plugin never rests")
	return 0
}
