package examples

import (
	"net/http"
	"net/http/httptest"
	"reflect"
	"strings"
	"testing"

	zookeeper "github.com/mod-zookeeper/traefik-zookeeper"
	"github.com/mod-zookeeper/traefik-zookeeper/cmd/zkcheck/_program/dynamic"
	"github.com/mod-zookeeper/traefik-zookeeper/e2e/internal/plugin"
)

// typedValues has each kind of option as a Middleware resource may have it: truth values,
// whole and other numbers, lists, where texts are as good.
const typedValues = `
clusters:
  main:
    servers: [zk1:2181, "zk2:2181/edge"]
    sessionTimeout: 4s
    username: traefik
    password: 12345678
    tls: {insecureSkipVerify: true}
requestHeaders:
  - {name: X-Limit, path: [/limits/a, /limits/b], default: 1000000, maxNodes: 2000000, map: {"1": 10, "true": false}}
  - {name: X-Ratio, path: /ratio, default: 0.25}
  - {name: X-On, path: /on, default: true}
gates:
  - path: /flags/a
    blockWhen: true
    default: false
    status: 404
    retryAfter: 1m
    dryRun: true
    headers: {X-Retries: 3}
    bypass: {ips: [192.0.2.1, 2001:db8::/32], methods: [GET], pathPrefixes: [/health], preflights: true}
ipStrategy: {depth: 1, ipv6Subnet: 64}
maxNodes: 100000
statusValues: false
dryRun: false
`

// textValues says the same in texts, as Traefik's other providers hand everything over.
const textValues = `
clusters:
  main:
    servers: "zk1:2181,zk2:2181/edge"
    sessionTimeout: "4s"
    username: "traefik"
    password: "12345678"
    tls: {insecureSkipVerify: "true"}
requestHeaders:
  - {name: X-Limit, path: "/limits/a,/limits/b", default: "1000000", maxNodes: "2000000", map: {"1": "10", "true": "false"}}
  - {name: X-Ratio, path: /ratio, default: "0.25"}
  - {name: X-On, path: /on, default: "true"}
gates:
  - path: /flags/a
    blockWhen: "true"
    default: "false"
    status: "404"
    retryAfter: "1m"
    dryRun: "true"
    headers: {X-Retries: "3"}
    bypass: {ips: "192.0.2.1,2001:db8::/32", methods: "GET", pathPrefixes: "/health", preflights: "true"}
ipStrategy: {depth: "1", ipv6Subnet: "64"}
maxNodes: "100000"
statusValues: "false"
dryRun: "false"
`

func fromResource(t *testing.T, text string) *zookeeper.Config {
	t.Helper()
	found, err := dynamic.FromText("resource.yml", resource(text), plugin.Name)
	return typed(t, found, err)["a"]
}

// What a Middleware resource delivers as JSON's types means what the texts mean that all
// other providers deliver.
func TestTypesOfResources(t *testing.T) {
	want := fromResource(t, textValues)
	if got := fromResource(t, typedValues); !reflect.DeepEqual(got, want) {
		t.Errorf("%+v\ninstead of\n%+v", got, want)
	}
	config, err := plugin.FromYAML(textValues)
	if got := typed(t, dynamic.Middlewares{"a": config}, err)["a"]; !reflect.DeepEqual(got, want) {
		t.Errorf("from a file: %+v\ninstead of\n%+v", got, want)
	}
}

// resource is a Middleware with a configuration of the plugin.
func resource(text string) string {
	out := "apiVersion: traefik.io/v1alpha1\nkind: Middleware\nmetadata: {name: a}\nspec:\n  plugin:\n    zookeeper:\n"
	for line := range strings.Lines(strings.TrimLeft(text, "\n")) {
		out += "      " + line
	}
	return out
}

// A resource whose values count without ZooKeeper: defaults, in JSON's types.
const typedDefaults = `
clusters: {main: {servers: ["127.0.0.1:1"]}}
requestHeaders:
  - {name: X-Limit, path: /limit, default: 1000000}
  - {name: X-Ratio, path: /ratio, default: 0.25}
  - {name: X-On, path: /on, default: true}
gates:
  - {path: /a, blockWhen: true, default: false, status: 410}
  - {path: /b, blockWhen: false, default: false, status: 404, bypass: {pathPrefixes: [/open]}}
startupTimeout: 1ms
`

func TestTypesOfResourcesCompiled(t *testing.T) { typesInRequests(t, plugin.Compiled()) }

func TestTypesOfResourcesInterpreted(t *testing.T) { typesInRequests(t, plugin.Interpreted(t)) }

func typesInRequests(t *testing.T, p plugin.Plugin) {
	found, err := dynamic.FromText("resource.yml", resource(typedDefaults), plugin.Name)
	if err != nil {
		t.Fatal(err)
	}
	var got http.Header
	service := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { got = r.Header })
	handler, err := p.New(t.Context(), service, found["a"], "a")
	if err != nil {
		t.Fatal(err)
	}
	for path, want := range map[string]int{"/open": http.StatusOK, "/": http.StatusNotFound} {
		answer := httptest.NewRecorder()
		handler.ServeHTTP(answer, httptest.NewRequest(http.MethodGet, path, nil))
		if answer.Code != want {
			t.Errorf("%s: status %d, want %d; the plugin printed\n%s", path, answer.Code, want, p.Output())
		}
	}
	for name, want := range map[string]string{"X-Limit": "1000000", "X-Ratio": "0.25", "X-On": "true"} {
		if got.Get(name) != want {
			t.Errorf("%s is %q, want %q", name, got.Get(name), want)
		}
	}
}
