// Package traffic sends requests of all kinds through the real Traefik: in each version of
// HTTP, and past Traefik's own middlewares in front of the plugin, behind it, and between two
// of its middlewares.
package traffic

import (
	"crypto/tls"
	"fmt"
	"maps"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/quic-go/quic-go/http3"

	"github.com/mod-zookeeper/traefik-zookeeper/e2e/internal/certificates"
	"github.com/mod-zookeeper/traefik-zookeeper/e2e/internal/port"
	"github.com/mod-zookeeper/traefik-zookeeper/e2e/internal/traefik"
	"github.com/mod-zookeeper/traefik-zookeeper/e2e/internal/zkserver"
)

// stage is one Traefik with the routers of all tests, and all that stands around it.
type stage struct {
	zk        *zkserver.Server
	traefik   *traefik.Traefik
	secure    string                  // where the entrypoint with TLS is
	clients   map[string]*http.Client // by the version of HTTP
	accessLog string
	service   *witness
	auth      *witness // the server that forwardAuth asks
	pages     *witness // the service that errors has its pages from
}

// Versions of HTTP. The first is plain, the others are at the entrypoint with TLS.
const (
	http1 = "HTTP/1.1"
	http2 = "HTTP/2.0"
	h3    = "HTTP/3.0"
)

var versions = []string{http1, http2, h3}

const patience = 30 * time.Second

// secret is what lets requests past the gates that know it.
const secret = "open-sesame-4711"

// nodes are what ZooKeeper has.
var nodes = map[string]string{
	"/flags/first":                        onFor("ann", "carol"),
	"/flags/second":                       onFor("ann", "bob"),
	"/flags/on":                           "on",
	"/flags/off":                          "off",
	"/values/first":                       "first",
	"/values/second":                      "second",
	"/values/ours":                        "ours",
	"/values/of/ann":                      "hers",
	"/pages/closed":                       strings.Repeat("closed for today\n", 200),
	"/tenants/front/plan":                 "of front",
	"/tenants/stripPrefix/plan":           "of stripPrefix",
	"/tenants/xn--bcher-kva.example/plan": "gold",
}

func onFor(users ...string) string {
	return `{"variants":{"on":true,"off":false},"defaultVariant":"off","targeting":{"if":[{"in":[{"var":"targetingKey"},["` + strings.Join(users, `","`) + `"]]},"on"]}}`
}

// start starts a stage with further static options.
func start(t *testing.T, static map[string]any) *stage {
	t.Helper()
	s := &stage{zk: zkserver.Start(t), accessLog: filepath.Join(t.TempDir(), "access.log")}
	admin := s.zk.Client(t)
	for path, value := range nodes {
		admin.Put(path, []byte(value))
	}
	s.service, s.auth, s.pages = newWitness(t, serve), newWitness(t, admit), newWitness(t, page)
	authority := certificates.NewAuthority(t, "traffic")
	s.listen(t, authority.Issue(t, certificates.Request{}), static)
	s.connect(t, &tls.Config{RootCAs: authority.Pool})
	s.awaitRouters(t)
	return s
}

// listen starts Traefik. The port's reservation is a UDP port, which HTTP/3 needs itself.
func (s *stage) listen(t *testing.T, certificate *certificates.Certificate, more map[string]any) {
	t.Helper()
	secure, err := port.Reserve()
	if err != nil {
		t.Fatal(err)
	}
	secure.Release()
	s.secure = secure.Addr()
	static := map[string]any{
		"entryPoints.secure.address":                          s.secure,
		"entryPoints.secure.http3":                            map[string]any{},
		"accessLog.format":                                    "json",
		"accessLog.filePath":                                  s.accessLog,
		"accessLog.fields.headers.names.X-Zookeeper-Decision": "keep",
		"accessLog.fields.headers.names.X-Id":                 "keep",
	}
	maps.Copy(static, more)
	s.traefik = traefik.Start(t, s.config(t, certificate), traefik.Options{Static: static})
}

func (s *stage) connect(t *testing.T, trust *tls.Config) {
	t.Helper()
	var only http.Protocols
	only.SetHTTP2(true)
	plain := &http.Transport{DisableCompression: true}
	encrypted := &http.Transport{DisableCompression: true, TLSClientConfig: trust.Clone(), Protocols: &only}
	quic := &http3.Transport{DisableCompression: true, TLSClientConfig: trust.Clone()}
	t.Cleanup(func() {
		plain.CloseIdleConnections()
		encrypted.CloseIdleConnections()
		_ = quic.Close()
	})
	s.clients = map[string]*http.Client{}
	for version, transport := range map[string]http.RoundTripper{http1: plain, http2: encrypted, h3: quic} {
		s.clients[version] = &http.Client{Transport: transport, Timeout: patience, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	}
}

// awaitRouters waits until routers are there and values have been read.
func (s *stage) awaitRouters(t *testing.T) {
	t.Helper()
	err := s.traefik.Await(func() error {
		for _, version := range versions {
			a, err := s.try(call{version: version, path: "/modes"})
			if err != nil {
				return err
			}
			if a.status != http.StatusOK || a.header.Get("X-Set") != "ours" || a.proto != version {
				return fmt.Errorf("%s: %d over %s with %v", version, a.status, a.proto, a.header)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// config is the dynamic configuration: the middlewares and routers of all tests.
func (s *stage) config(t *testing.T, certificate *certificates.Certificate) string {
	t.Helper()
	dead, err := port.Reserve() // nothing listens there
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(dead.Release)
	text := "http:\n  routers:\n"
	for _, r := range allRoutes() {
		text += r.yaml()
	}
	text += services + "  middlewares:\n" + ours + theirs + defaultCertificate
	return strings.NewReplacer(
		"$SERVERS", s.zk.Addr(), "$SERVICE", s.service.server.URL, "$H2C", strings.Replace(s.service.server.URL, "http:", "h2c:", 1),
		"$DEAD", "http://"+dead.Addr(), "$AUTH", s.auth.server.URL, "$PAGES", s.pages.server.URL,
		"$CERT", certificate.Cert, "$KEY", certificate.Key, "$SECRET", secret,
	).Replace(text)
}

const services = `  services:
    service: {loadBalancer: {servers: [{url: $SERVICE}]}}
    rpc: {loadBalancer: {servers: [{url: $H2C}]}}
    flaky: {loadBalancer: {servers: [{url: $DEAD}, {url: $SERVICE}]}}
    pages: {loadBalancer: {servers: [{url: $PAGES}]}}
`

const defaultCertificate = "tls: {stores: {default: {defaultCertificate: {certFile: $CERT, keyFile: $KEY}}}}\n"

// route is a router. Its rule is the path of its name, if nothing else is said.
type route struct {
	name        string
	rule        string
	service     string
	middlewares []string
}

// yaml is the router once at each entrypoint.
func (r route) yaml() string {
	if r.rule == "" {
		r.rule = "PathPrefix(`/" + r.name + "`)"
	}
	if r.service == "" {
		r.service = "service"
	}
	body := fmt.Sprintf("rule: %q, service: %s, middlewares: [%s]", r.rule, r.service, strings.Join(r.middlewares, ", "))
	r.name = strings.ReplaceAll(r.name, "/", "-")
	return fmt.Sprintf("    %s: {entryPoints: [web], %s}\n    %s-secure: {entryPoints: [secure], tls: {}, %s}\n", r.name, body, r.name, body)
}

func allRoutes() []route {
	var all []route
	for _, some := range [][]route{versionRoutes, gateRoutes, webRoutes, chainRoutes(), hostRoutes} {
		all = append(all, some...)
	}
	return all
}

// newWitness is a server that notes what reaches it.
func newWitness(t *testing.T, handler func(*witness, http.ResponseWriter, *http.Request)) *witness {
	w := &witness{seen: map[string][]http.Header{}, waiting: map[string]chan bool{}}
	var protocols http.Protocols
	protocols.SetHTTP1(true)
	protocols.SetUnencryptedHTTP2(true)
	w.server = httptest.NewUnstartedServer(http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		w.note(r)
		handler(w, rw, r)
	}))
	w.server.Config.Protocols = &protocols
	w.server.Start()
	t.Cleanup(w.server.Close)
	return w
}
