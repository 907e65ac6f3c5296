// Package status looks at the status page as people and machines see it: in a
// browser, compiled and interpreted, in Grafana's and Prometheus' hands.
package status

import (
	"context"
	_ "embed"
	"encoding/xml"
	"fmt"
	"io"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	"github.com/mod-zookeeper/traefik-zookeeper/e2e/internal/traefik"
	"github.com/mod-zookeeper/traefik-zookeeper/e2e/internal/zkserver"
)

// site has something of everything that the page can show.
const site = `
http:
  routers:
    status: {rule: 'PathPrefix("/.zookeeper")', middlewares: [status], service: noop@internal}
    shop: {rule: 'Path("/shop")', middlewares: [shop], service: noop@internal}
    tenants: {rule: 'Path("/tenants")', middlewares: [tenants], service: noop@internal}
    admin: {rule: 'Path("/admin")', middlewares: [admin], service: noop@internal}
    away: {rule: 'Path("/away")', middlewares: [away], service: noop@internal}
    wrong: {rule: 'Path("/wrong")', middlewares: [wrong], service: noop@internal}
  middlewares:
    status: {plugin: {zookeeper: {statusPath: /.zookeeper}}}
    shop:
      plugin:
        zookeeper:
          clusters: {main: {servers: $SERVERS}}
          cluster: main
          targetingKey: "{header.X-User}"
          gates:
            - {path: /flags/checkout, status: 403}
            - {path: /flags/maintenance, blockWhen: "on", status: 503}
            - {path: /flags/beta, status: 404}
            - {path: /flags/missing, default: "on", dryRun: true}
            - {path: /flags/broken, default: "on"}
            - {path: /flags/odd, dryRun: true}
          requestHeaders:
            - {name: X-Release, path: [/release/canary, /release/current], default: none}
            - {name: X-Long, path: /a-path/that-is/rather-long/so-that-it-has/to-be-broken/somewhere-on-a-phone/because-it-has-no-spaces}
            - {name: X-Theme, flag: /flags/theme, default: classic}
            - {name: X-Odd, flag: /flags/odd}
            - {name: X-Forged, mode: remove}
          responseHeaders:
            - {name: X-Served-Release, path: /release/current}
            - {name: X-Region, path: /release/region}
    admin:
      plugin:
        zookeeper:
          cluster: main
          gates: [{path: /flags/admin, status: 503, bypass: {methods: [OPTIONS]}}]
          requestHeaders: [{name: X-Empty, path: /release/empty}, {name: X-Word, path: /release/word}, {name: X-Markup, path: /release/markup}]
    tenants:
      plugin:
        zookeeper:
          cluster: main
          requestHeaders:
            - {name: X-Plan, path: "/tenants/{header.X-Tenant}", default: free}
    away:
      plugin:
        zookeeper:
          clusters: {elsewhere: {servers: "127.0.0.1:1,127.0.0.1:2/edge", sessionTimeout: 1s}}
          cluster: elsewhere
          startupTimeout: 100ms
          requestHeaders: [{name: X-Away, path: /away, default: none}]
    wrong: {plugin: {zookeeper: {cluster: main, gates: [{path: flags/relative}]}}}
`

const long = "/a-path/that-is/rather-long/so-that-it-has/to-be-broken/somewhere-on-a-phone/because-it-has-no-spaces"

// A stage is a Traefik with the site, and its ZooKeeper.
type stage struct {
	tr    *traefik.Traefik
	admin *zkserver.Admin
	url   string
}

func start(t *testing.T) *stage {
	t.Helper()
	zk := zkserver.Start(t)
	admin := zk.Client(t)
	seed(admin)
	tr := traefik.Start(t, strings.ReplaceAll(site, "$SERVERS", zk.Addr()), traefik.Options{Static: map[string]any{"entryPoints.web.transport.lifeCycle.graceTimeOut": "100ms"}})
	s := &stage{tr: tr, admin: admin, url: tr.URL() + "/.zookeeper"}
	s.awaitStatus(t, "2026.1", "gold", "lost")
	for i := range 20 {
		request, err := http.NewRequest(http.MethodGet, tr.URL()+"/shop", nil)
		if err != nil {
			t.Fatal(err)
		}
		request.Header.Set("X-User", fmt.Sprint(i))
		answer, err := http.DefaultClient.Do(request)
		if err != nil {
			t.Fatal(err)
		}
		answer.Body.Close()
	}
	for _, value := range []string{"2026.2", "2026.3", "2026.4"} {
		admin.Put("/release/current", []byte(value))
		s.awaitStatus(t, value)
	}
	return s
}

// seed puts all nodes to what they are at first.
func seed(admin *zkserver.Admin) {
	for path, value := range map[string]string{
		"/flags/checkout": "on", "/flags/maintenance": "off", "/flags/beta": "50%", "/flags/broken": "perhaps", "/release/current": "2026.1", "/flags/admin": "off", "/release/empty": "", "/release/word": "none", "/release/markup": "<img src=x onerror=\"document.title='run'\">",
		"/flags/theme":  `{"state":"ENABLED","variants":{"dark":"dark","light":"light"},"defaultVariant":"dark"}`,
		"/flags/odd":    `{"variants":{"on":true,"off":false},"targeting":{"if":[{"sem_ver":[{"var":"header.x-version"},"==","1.2.x"]},"on","off"]}}`,
		"/tenants/acme": "gold", "/tenants/globex": "silver", long: strings.Repeat("x", 400),
	} {
		admin.Put(path, []byte(value))
	}
}

// awaitStatus waits until the status has some words.
func (s *stage) awaitStatus(t *testing.T, words ...string) {
	t.Helper()
	err := s.tr.Await(func() error {
		body, err := s.get("?format=json")
		for _, word := range words {
			if err == nil && !strings.Contains(body, word) {
				err = fmt.Errorf("no %s in\n%s", word, body)
			}
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

func (s *stage) get(below string) (string, error) {
	answer, err := http.Get(s.url + below)
	if err != nil {
		return "", err
	}
	defer answer.Body.Close()
	body, err := io.ReadAll(answer.Body)
	if err == nil && answer.StatusCode != http.StatusOK {
		err = fmt.Errorf("%s: %s\n%s", below, answer.Status, body)
	}
	return string(body), err
}

func TestStatusInTraefik(t *testing.T) {
	s := start(t)
	t.Run("dashboards", func(t *testing.T) { dashboards(t, s) })
	browser := browse(t)
	t.Run("markup", func(t *testing.T) { markup(t, s, browser) })
	t.Run("pictures", func(t *testing.T) { pictures(t, s, browser) })
	t.Run("in parallel", func(t *testing.T) {
		for _, l := range []look{desktop, phone, {1280, 900, "dark"}, {390, 844, "light"}, {320, 640, "dark"}} {
			t.Run(fmt.Sprint(l.width, " ", l.scheme), func(t *testing.T) {
				t.Parallel()
				tab := open(t, browser, l, true, s.url)
				tab.shoot(fmt.Sprint(l.width, l.scheme))
				tab.looksRight(l)
				tab.do(chromedp.Evaluate("document.querySelectorAll('details').forEach(d => { d.open = true; })", nil))
				tab.looksRight(l)
				tab.silent()
			})
		}
		t.Run("refreshed without JavaScript", func(t *testing.T) {
			t.Parallel()
			tab := open(t, browser, phone, false, s.url)
			s.admin.Put("/tenants/acme", []byte("platinum"))
			tab.await("document.body.textContent.includes('platinum')") // folded with its template
			tab.looksRight(phone)
			tab.silent()
		})
		t.Run("refreshed with JavaScript", func(t *testing.T) {
			t.Parallel()
			refreshes(t, s, browser)
		})
		t.Run("filtered", func(t *testing.T) {
			t.Parallel()
			filters(t, s, browser)
		})
		t.Run("by keyboard", func(t *testing.T) {
			t.Parallel()
			hasKeys(t, s, browser)
		})
	})
	t.Run("while Traefik is away", func(t *testing.T) { outlasts(t, s, browser) })
}

//go:embed checks.js
var checks string

// looksRight checks what can be measured of a page's looks and of its accessibility.
func (tab *tab) looksRight(l look) {
	tab.t.Helper()
	for _, fault := range ask[[]string](tab, checks) {
		tab.t.Error(fault)
	}
	ground := ask[string](tab, "getComputedStyle(document.body).backgroundColor")
	if light := ground == "rgb(255, 255, 255)"; light != (l.scheme == "light") {
		tab.t.Errorf("the page is %s for who wants it %s", ground, l.scheme)
	}
}

var (
	script = regexp.MustCompile(`(?s)<script nonce="[^"]+">.*?</script>`)
	void   = regexp.MustCompile(`<((?:meta|input|link) [^>]*)>`) // elements without an end
)

// markup: the browser makes of the page the very elements that it says.
func markup(t *testing.T, s *stage, browser context.Context) {
	tab := open(t, browser, desktop, false, s.url) // so that noscript has elements
	page, err := s.get("?format=html")
	if err != nil {
		t.Fatal(err)
	}
	var said []string
	decoder := xml.NewDecoder(strings.NewReader(void.ReplaceAllString(script.ReplaceAllString(page, "<script></script>"), "<$1/>")))
	for {
		token, err := decoder.Token()
		if err == io.EOF {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		if element, is := token.(xml.StartElement); is {
			said = append(said, element.Name.Local)
		}
	}
	made := ask[[]string](tab, "[...document.querySelectorAll('*')].map(e => e.localName)")
	if !slices.Equal(made, said) {
		t.Errorf("the page says\n%q\nand the browser makes of it\n%q", said, made)
	}
}

// refreshes: what changes appears, and what was typed stays.
func refreshes(t *testing.T, s *stage, browser context.Context) {
	const filter = "document.querySelector('input[name=path]')"
	tab := open(t, browser, desktop, true, s.url)
	tab.do(chromedp.Click("#listingsummary", chromedp.ByQuery), chromedp.WaitVisible("input[name=path]", chromedp.ByQuery))
	tab.do(chromedp.SendKeys("input[name=path]", "/flags", chromedp.ByQuery))
	s.admin.Put("/release/current", []byte("2027.1"))
	tab.await(text("2027.1"))
	if got := ask[string](tab, filter+".value"); got != "/flags" {
		t.Errorf("after a refresh the filter is %q", got)
	}
	if !ask[bool](tab, "document.activeElement === "+filter) {
		t.Error("the filter has lost the focus")
	}
	tab.do(chromedp.SendKeys("input[name=path]", "/be\n", chromedp.ByQuery))
	tab.await("location.search === '?path=%2Fflags%2Fbe&middleware='")
	tab.await("document.readyState === 'complete' && " + text("/flags/beta"))
	s.admin.Put("/flags/beta", []byte("60%"))
	tab.await(text("60%"))
	if got := ask[string](tab, filter+".value"); got != "/flags/be" {
		t.Errorf("the filter is %q", got)
	}
	const nodes = `[...document.querySelectorAll("h3")].filter(h => h.innerText === "Nodes").flatMap(h =>
		[...(h.nextElementSibling?.matches("table") ? h.nextElementSibling.querySelectorAll("tbody th") : [])].map(e => e.innerText))`
	if got := ask[[]string](tab, nodes); !slices.Equal(got, []string{"/flags/beta"}) {
		t.Errorf("the nodes are %q", got)
	}
	tab.silent()
}

// outlasts: the page keeps what it knows, says that it is old, and comes back.
func outlasts(t *testing.T, s *stage, browser context.Context) {
	tab := open(t, browser, desktop, true, s.url)
	const words = "This is what it said last"
	s.tr.Stop()
	tab.await(text(words) + " && " + text("/release/current"))
	if err := s.tr.Start(); err != nil {
		t.Fatal(err)
	}
	s.admin.Put("/release/current", []byte("2028.1"))
	tab.await(text("2028.1") + " && !" + text(words))
}
