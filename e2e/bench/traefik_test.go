package bench

import (
	"flag"
	"fmt"
	"maps"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/mod-zookeeper/traefik-zookeeper/e2e/internal/parts"
	"github.com/mod-zookeeper/traefik-zookeeper/e2e/internal/traefik"
)

var loading = flag.Duration("loading", 2*time.Second, "how long each turn of wrk lasts")

// The middlewares that take turns in one Traefik, each on a route of its own. Ours do so in
// another one, too, which has them compiled in.
var middlewares = []struct{ name, what, config string }{
	{"none", "no middleware", ""},
	{"headers", "Traefik's headers middleware", "headers: {customRequestHeaders: {X-Value0: v}}"},
	{"empty", "a plugin that does nothing", "plugin: {empty: {name: empty}}"},
	{"one", "ours, 1 header", "plugin: {zookeeper: {clusters: {bench: {servers: '$ZOOKEEPER'}}, requestHeaders: [{name: X-Value0, path: /value}]}}"},
	{"five", "ours, 5 headers", "plugin: {zookeeper: {requestHeaders: [{name: X-Value0, path: /value}, {name: X-Value1, path: /value}, {name: X-Value2, path: /value}, {name: X-Value3, path: /value}, {name: X-Value4, path: /value}]}}"},
	{"response", "ours, 1 header of the response", "plugin: {zookeeper: {responseHeaders: [{name: X-Value0, path: /value}]}}"},
	{"theirs", "Traefik's headers middleware, 1 header of the response", "headers: {customResponseHeaders: {X-Value0: v}}"},
	{"gate", "ours, a gate, open", "plugin: {zookeeper: {gates: [{path: /open, blockWhen: 'on'}]}}"},
	{"share", "ours, a gate by a share", "plugin: {zookeeper: {targetingKey: '{header.x-user}', gates: [{path: /share, blockWhen: 'on', dryRun: true}]}}"},
	{"address", "ours, a gate by a share of addresses", "plugin: {zookeeper: {targetingKey: '{ip}', gates: [{path: /share, blockWhen: 'on', dryRun: true}]}}"},
	{"template", "ours, 1 header by a template", "plugin: {zookeeper: {requestHeaders: [{name: X-Value0, path: '/values/{header.X-User}'}]}}"},
	{"auth", "forwardAuth to a flag service", "forwardAuth: {address: '$FLAGS'}"},
}

// A measuredRoute is one with a middleware in one of the Traefiks, with what was measured in each round.
type measuredRoute struct {
	name, what, url string
	perSecond, p99  []float64
}

func (c *measuredRoute) measure(b *testing.B, lasting time.Duration) {
	rate, slow := load(b, c.url, lasting)
	c.perSecond = append(c.perSecond, rate)
	c.p99 = append(c.p99, slow)
}

// BenchmarkTraefik is what the middlewares leave of Traefik's throughput.
func BenchmarkTraefik(b *testing.B) {
	server, admin := seeded(b, 0)
	for node, value := range map[string]string{"/open": "off", "/value": "v", "/share": "25%", "/values/ann": "v"} {
		admin.Put(node, []byte(value))
	}
	backend := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.Write([]byte("ok")) }))
	defer backend.Close()
	flags := flagService()
	defer flags.Close()
	config := routes(strings.NewReplacer("$ZOOKEEPER", server.Addr(), "$FLAGS", flags.URL).Replace, backend.URL)
	binary, err := parts.InstallCompiled()
	if err != nil {
		b.Fatal(err)
	}
	static := map[string]any{"log.level": "ERROR"}
	interpreted := measuredRoutes(withEmptyPlugin(b, config, traefik.Options{Static: static}), "")
	compiled := measuredRoutes(withEmptyPlugin(b, config, traefik.Options{Static: static, Binary: binary}), "ours|Traefik's headers")

	all := append(slices.Clone(interpreted), compiled...)
	for _, c := range all {
		load(b, c.url, time.Second)
	}
	for range *rounds/6 + 1 {
		for _, c := range all {
			c.measure(b, *loading)
		}
	}
	reportTraefik("In Traefik: throughput and p99, times the headers middleware's", interpreted, map[string]string{"one": "at least 0.99; "})
	reportTraefik("In Traefik, compiled in", compiled, map[string]string{"one": "at least 0.98", "gate": "at least 0.98", "share": "at least 0.98"})
}

// measuredRoutes are those with the middlewares in a Traefik whose descriptions begin as one of the words.
func measuredRoutes(tr *traefik.Traefik, words string) []*measuredRoute {
	begins := regexp.MustCompile("^(" + words + ")")
	var all []*measuredRoute
	for _, m := range middlewares {
		if begins.MatchString(m.what) {
			all = append(all, &measuredRoute{name: m.name, what: m.what, url: tr.URL() + "/" + m.name})
		}
	}
	return all
}

// reportTraefik compares what was measured in a Traefik with its headers middleware, and one
// header with forwardAuth.
func reportTraefik(group string, all []*measuredRoute, goals map[string]string) {
	byName := map[string]*measuredRoute{}
	for _, c := range all {
		byName[c.name] = c
	}
	headers := byName["headers"]
	for _, c := range all {
		goal := goals[c.name]
		if auth := byName["auth"]; c.name == "one" && auth != nil {
			goal += fmt.Sprintf("of forwardAuth %.2f, at least 2.00", median(ratios(c.perSecond, auth.perSecond)))
		}
		report(group, c.what, fmt.Sprintf("%5.2f  %5.2f   (%6.0f/s, %5.2f ms)", median(ratios(c.perSecond, headers.perSecond)),
			median(ratios(c.p99, headers.p99)), median(c.perSecond), median(c.p99)), goal)
	}
}

// flagService is what forwardAuth asks: the least that a service can be.
func flagService() *httptest.Server {
	var closed atomic.Bool
	return httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		if closed.Load() {
			w.WriteHeader(http.StatusForbidden)
		}
	}))
}

func routes(fill func(string) string, backend string) string {
	routers, chosen := "http:\n  routers:\n", "  middlewares:\n"
	for _, m := range middlewares {
		routers += "    " + m.name + ": {rule: 'PathPrefix(`/" + m.name + "`)', service: backend"
		if m.config != "" {
			routers += ", middlewares: [" + m.name + "]"
			chosen += "    " + m.name + ": {" + fill(m.config) + "}\n"
		}
		routers += "}\n"
	}
	return routers + chosen + "  services:\n    backend: {loadBalancer: {servers: [{url: '" + backend + "'}]}}\n"
}

// withEmptyPlugin is a Traefik that has a plugin beside ours which does nothing.
func withEmptyPlugin(b *testing.B, config string, options traefik.Options) *traefik.Traefik {
	b.Helper()
	dir := b.TempDir()
	options.Static = maps.Clone(options.Static)
	options.Static["experimental.localPlugins.empty.moduleName"] = "example.com/empty"
	tr, err := traefik.New(dir, options)
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(tr.Close)
	folder := filepath.Join(dir, "plugins-local", "src", "example.com", "empty")
	for name, text := range map[string]string{
		".traefik.yml": "displayName: empty\ntype: middleware\nimport: example.com/empty\nsummary: nothing\ntestData:\n  name: empty\n",
		"go.mod":       "module example.com/empty\n",
		"empty.go":     emptyTraefikPlugin,
	} {
		if err := os.MkdirAll(folder, 0o755); err != nil {
			b.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(folder, name), []byte(text), 0o644); err != nil {
			b.Fatal(err)
		}
	}
	if err := tr.WriteConfig(config); err != nil {
		b.Fatal(err)
	}
	if err := tr.Start(); err != nil {
		b.Fatal(err)
	}
	for _, m := range middlewares {
		if err := tr.Await(func() error { return answers(tr.URL() + "/" + m.name) }); err != nil {
			b.Fatal(err)
		}
	}
	return tr
}

const emptyTraefikPlugin = `package empty

import (
	"flag"
	"context"
	"net/http"
)

type Config struct{ Name string }

func CreateConfig() *Config { return &Config{} }

func New(_ context.Context, next http.Handler, _ *Config, _ string) (http.Handler, error) {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { next.ServeHTTP(w, r) }), nil
}
`

func answers(url string) error {
	response, err := http.Get(url)
	if err != nil {
		return err
	}
	response.Body.Close()
	if response.StatusCode != http.StatusOK {
		return fmt.Errorf("%s: %s", url, response.Status)
	}
	return nil
}

var (
	rateLine = regexp.MustCompile(`Requests/sec:\s+([0-9.]+)`)
	slowLine = regexp.MustCompile(`99%\s+([0-9.]+)(us|ms|s)`)
)

// load lets wrk ask for a while, and returns requests a second and p99 in ms.
func load(b *testing.B, url string, lasting time.Duration) (float64, float64) {
	b.Helper()
	output, err := exec.Command("wrk", "-t", "1", "-c", "16", "-d", fmt.Sprintf("%.0fs", max(1, lasting.Seconds())), "--latency", "-H", "X-User: ann", url).CombinedOutput()
	if err != nil {
		b.Fatalf("wrk is missing; install Debian's package wrk: %v\n%s", err, output)
	}
	rate, slow := rateLine.FindSubmatch(output), slowLine.FindSubmatch(output)
	if rate == nil || slow == nil || strings.Contains(string(output), "Non-2xx") {
		b.Fatalf("wrk says\n%s", output)
	}
	perSecond, _ := strconv.ParseFloat(string(rate[1]), 64)
	p99, _ := strconv.ParseFloat(string(slow[1]), 64)
	return perSecond, p99 * map[string]float64{"us": 1e-3, "ms": 1, "s": 1e3}[string(slow[2])]
}
