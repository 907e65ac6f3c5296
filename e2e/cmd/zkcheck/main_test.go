// Package zkcheck tests the command of that name. What a stranger gets of it is in e2e/stranger.
package zkcheck

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/mod-zookeeper/traefik-zookeeper/cmd/zkcheck/_program/check"
	"github.com/mod-zookeeper/traefik-zookeeper/e2e/internal/port"
	"github.com/mod-zookeeper/traefik-zookeeper/e2e/internal/zkserver"
)

// The exit codes, as the documents have them.
const (
	sound = iota
	faulty
	unusable
	unreachable
)

// result is what a run printed, and its exit code.
type result struct {
	code        int
	out, errors string
}

func zkcheck(t *testing.T, arguments ...string) result {
	t.Helper()
	return zkcheckOf(t, "", arguments...)
}

// zkcheckOf is zkcheck with something on its standard input.
func zkcheckOf(t *testing.T, in string, arguments ...string) result {
	t.Helper()
	var out, errors bytes.Buffer
	code := check.Main(t.Context(), arguments, strings.NewReader(in), &out, &errors)
	return result{code, out.String(), errors.String()}
}

func (r result) expect(t *testing.T, code int, out, errors []string) {
	t.Helper()
	if r.code != code {
		t.Errorf("exit code %d, want %d", r.code, code)
	}
	for _, want := range out {
		if !strings.Contains(r.out, want) {
			t.Errorf("the output lacks %q", want)
		}
	}
	for _, want := range errors {
		if !strings.Contains(r.errors, want) {
			t.Errorf("the error output lacks %q", want)
		}
	}
	if t.Failed() {
		t.Fatalf("output:\n%serror output:\n%s", r.out, r.errors)
	}
}

func file(t *testing.T, name, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	return path
}

const soundYAML = `http:
  routers:
    all: {rule: "PathPrefix(` + "`/`" + `)", service: shop, middlewares: [release]}
  middlewares:
    release:
      plugin:
        zookeeper:
          clusters: {main: {servers: "zk1:2181,zk2:2181/edge"}}
          requestHeaders: [{name: X-Release, path: /release}]
    maintenance:
      plugin:
        zookeeper: {gates: [{path: /flags/maintenance, blockWhen: "on", status: 503}]}
    auth: {basicAuth: {users: [a]}}
    other: {plugin: {another: {a: b}}}
`

const faultyYAML = `http:
  middlewares:
    release: {plugin: {zookeeper: {clusters: {main: {servers: zk1}}, requestHeaders: [{name: X-Release, pth: /release}]}}}
    second: {plugin: {zookeeper: {clusters: {main: {servers: zk1}}}}}
    third: {plugin: {zookeeper: {clusters: {main: {servers: zk2}}}}}
    lost: {plugin: {zookeeper: {cluster: mian, gates: [{path: /flags/a}]}}}
`

const soundTOML = `[http.middlewares.release.plugin.zookeeper.clusters.main]
  servers = "zk1"
[[http.middlewares.release.plugin.zookeeper.gates]]
  path = "/flags/a"
  status = 404
`

const soundResources = `apiVersion: v1
kind: Secret
metadata: {name: a}
---
apiVersion: traefik.io/v1alpha1
kind: Middleware
metadata: {name: release, namespace: shop}
spec:
  plugin:
    zookeeper:
      clusters: {main: {servers: [zk1, zk2]}}
      gates: [{path: /flags/a, status: 404, dryRun: true, body: "{{}}"}]
`

func TestFiles(t *testing.T) {
	for name, c := range map[string]struct {
		file, text string
		code       int
		out, err   string
	}{
		"YAML":         {"a.yml", soundYAML, sound, "middleware release: sound: 1 cluster, 1 request header\n", ""},
		"second":       {"a.yaml", soundYAML, sound, "middleware maintenance: sound: 1 gate\n", ""},
		"TOML":         {"a.toml", soundTOML, sound, "middleware release: sound: 1 cluster, 1 gate\n", ""},
		"Kubernetes":   {"a.yml", soundResources, sound, "middleware shop-release: sound: 1 cluster, 1 gate\n", ""},
		"unknown key":  {"a.yml", faultyYAML, faulty, `requestHeaders[0].pth: "pth": unknown key; did you mean path? The keys here are name, path`, ""},
		"contradicted": {"a.yml", faultyYAML, faulty, `middleware third: clusters.main: "zk2:2181 4s": another middleware defines`, ""},
		"unknown":      {"a.yml", faultyYAML, faulty, `middleware lost: cluster: "mian": no middleware defines this cluster`, ""},
		"number":       {"a.yml", faultyYAML, faulty, "3 middlewares of 4 with faults\n", ""},
		"none":         {"a.yml", "http: {middlewares: {a: {plugin: {another: {b: c}}}}}", unusable, "", "no middleware with plugin.zookeeper"},
		"no YAML":      {"a.yml", "a: [", unusable, "", "a.yml: yaml: "},
		"no TOML":      {"a.toml", "a = [", unusable, "", "a.toml: toml: "},
		"templates":    {"a.yml", "a: '{{ env \"B\" }}'", unusable, "", "the file has templates"},
		"twice":        {"a.yml", soundResources + "---\n" + soundResources, unusable, "", "middleware shop-release: it is there twice"},
	} {
		t.Run(name, func(t *testing.T) {
			zkcheck(t, file(t, c.file, c.text)).expect(t, c.code, []string{c.out}, []string{c.err})
		})
	}
}

func TestFoldersAndPlugins(t *testing.T) {
	path := file(t, "a.yml", strings.ReplaceAll(soundYAML, "zookeeper:", "flags:"))
	if err := os.WriteFile(filepath.Join(filepath.Dir(path), "notes.txt"), []byte("a: ["), 0o644); err != nil {
		t.Fatal(err)
	}
	zkcheck(t, "-plugin", "flags", filepath.Dir(path)).expect(t, sound, []string{"middleware release: sound"}, nil)
	zkcheck(t, "-plugin", "flags", path, path).expect(t, unusable, nil, []string{"middleware", "another file has it already"})
}

// What is wrong with how the command is called is told in one line, with the option, its value and
// the remedy.
func TestUsage(t *testing.T) {
	zkcheck(t, "-help").expect(t, sound, []string{"usage: zkcheck [options]", "-cookie", "Exit codes"}, nil)
	path := file(t, "a.yml", soundYAML)
	static := file(t, "traefik.yml", "entryPoints: {web: {address: ':80'}}\nproviders: {file: {directory: dynamic}}\n")
	for _, c := range []struct{ arguments, want string }{
		{"", "name a file or a folder with dynamic configuration"},
		{"-conect FILE", "-conect: zkcheck has no such option; did you mean -connect?"},
		{"-bogus FILE", "-bogus: zkcheck has no such option; -help lists them"},
		{"FILE -bogus", "-bogus: zkcheck has no such option; -help lists them"},
		{"FILE -plugin", "-plugin: a value is expected behind it"},
		{"-connect -header a FILE", `-header: "a": write a header as Name: value`},
		{"-connect -cookie a FILE", `-cookie: "a": write a cookie as name=value`},
		{"-connect -path a FILE", `-path: "a": write a path that begins with a slash`},
		{"-connect -ip a FILE", `-ip: "a": write an address, as in 192.0.2.1`},
		{"-connect -timeout 5 FILE", `-timeout: "5": write a duration with its unit, as in 10s`},
		{"-connect=x FILE", `-connect: "x": write true or false, or nothing`},
		{"-strict FILE", "-strict: without -connect, no request is tried and no node is read; add -connect"},
		{"-host a FILE", "-host: without -connect, no request is tried"},
		{"-attached relase@file FILE", `-attached: "relase": the files have no such middleware; did you mean release?`},
		{"-attached nobody FILE", `-attached: "nobody": the files have no such middleware; they have auth, maintenance, other, release`},
		{"/no/such/file.yml", "/no/such/file.yml: no such file or folder"},
		{"flags FILE", "flags: no such file or folder; did you mean zkcheck flag?"},
		{"-", "-: standard input is empty"},
		{"STATIC", "traefik.yml: this is Traefik's static configuration; name the files of the dynamic one"},
	} {
		arguments := strings.Fields(strings.NewReplacer("FILE", path, "STATIC", static).Replace(c.arguments))
		got := zkcheck(t, arguments...)
		if got.code != unusable || got.out != "" || !strings.Contains(got.errors, c.want) || strings.Count(got.errors, "\n") != 1 {
			t.Errorf("%q: exit code %d, output %q, error output %q; want one line with %q", c.arguments, got.code, got.out, got.errors, c.want)
		}
	}
	for _, arguments := range [][]string{{path, "-format", "json"}, {"-attached", "maintenance@file", "--", path}} {
		zkcheck(t, arguments...).expect(t, sound, []string{"release"}, nil)
	}
}

const connectYAML = `http:
  middlewares:
    release:
      plugin:
        zookeeper:
          clusters: {$CLUSTER: {servers: $SERVERS}}
          targetingKey: "{cookie.uid}"
          requestHeaders:
            - {name: X-Release, path: "/lost, /release"}
            - {name: X-Plan, path: "/tenants/{host}/plan"}
            - {name: X-Names, path: /tenants, format: children}
            - {name: X-Old, mode: remove}
          responseHeaders:
            - {name: X-Served, path: /release}
    gates:
      plugin:
        zookeeper:
          cluster: $CLUSTER
          targetingKey: "{cookie.uid}"
          gates:
            - {path: /flags/on}
            - {path: /flags/share}
            - {path: /flags/missing, status: 404}
            - {path: /flags/off, dryRun: true}
            - {path: /flags/off, bypass: {methods: OPTIONS}}
            - {path: /flags/odd name}
`

func TestConnect(t *testing.T) {
	zk := zkserver.Start(t)
	admin := zk.Client(t)
	for path, value := range map[string]string{
		"/release": "2026.1", "/tenants/a.example/plan": "gold",
		"/flags/on": "on", "/flags/share": "99%", "/flags/off": "off",
		"/flags/odd name": `{"variants": {"x, \"y": true}, "defaultVariant": "x, \"y"}`,
	} {
		admin.Put(path, []byte(value))
	}
	configure := func(cluster string) string {
		return file(t, "a.yml", strings.NewReplacer("$CLUSTER", cluster, "$SERVERS", zk.Addr()).Replace(connectYAML))
	}
	path := configure("connect")
	request := []string{"-connect", "-host", "a.example", "-cookie", "uid=42", "-header", "X-Old: 1", "-path", "/a?b=c"}
	zkcheck(t, append(request, path)...).expect(t, sound, []string{
		"cluster connect: connected: " + zk.Addr(),
		"requestHeaders[0] X-Release\n    /lost: no node\n    /release: \"2026.1\" (version ",
		"/tenants/{host}/plan: \"gold\" for this request\n",
		"requestHeaders[2] X-Names\n    /tenants: \"a.example\" (",
		"GET http://a.example/a?b=c passes\n    X-Release: 2026.1\n    X-Plan: gold\n    X-Names: a.example\n    X-Old: (none)\n    response X-Served: 2026.1\n",
		"gates[0] decides: pass; flag=\"/flags/on\"; variant=\"true\"; reason=STATIC",
		"gates[1] decides: pass; flag=\"/flags/share\"; variant=\"true\"; reason=SPLIT",
		"gates[2] decides: block; flag=\"/flags/missing\"; reason=ERROR; error=FLAG_NOT_FOUND",
		"gates[3] decides: dry-run; flag=\"/flags/off\"",
		"gates[4] decides: block; flag=\"/flags/off\"",
		"gates[5] decides: pass; flag=\"/flags/odd name\"; variant=\"x, \\\"y\"; reason=STATIC",
		"GET http://a.example/a?b=c is answered: 404 Not Found\n",
	}, nil)
	zkcheck(t, "-connect", "-method", "OPTIONS", path).expect(t, sound, []string{
		"/tenants/{host}/plan: no value for this request", "gates[1] decides: block; flag=\"/flags/share\"; reason=ERROR; error=TARGETING_KEY_MISSING",
		"gates[4] decides: bypass", "OPTIONS http://example.com/ is answered: 403 Forbidden",
	}, nil)
	checkAddresses(t, zk, admin)
	// Another cluster, and another node: the first one's instances linger.
	admin.Put("/flags/odd", []byte("perhaps"))
	text, err := os.ReadFile(configure("refused"))
	if err != nil {
		t.Fatal(err)
	}
	odd := file(t, "odd.yml", strings.ReplaceAll(string(text), "/flags/on", "/flags/odd"))
	zkcheck(t, "-connect", odd).expect(t, faulty, []string{"gates[0] decides: block", "1 fault in nodes"}, []string{"/flags/odd refused as flag"})
}

func TestNoSession(t *testing.T) {
	p, err := port.Reserve()
	if err != nil {
		t.Fatal(err)
	}
	defer p.Release()
	path := file(t, "a.yml", strings.NewReplacer("$CLUSTER", "nosession", "$SERVERS", p.Addr()).Replace(connectYAML))
	zkcheck(t, "-connect", "-timeout", "2500ms", path).expect(t, unreachable,
		[]string{"cluster nosession: no session: ", "middleware gates\n  not tried, without a session with cluster nosession"},
		[]string{"waiting for a session with cluster nosession, 2s so far"})
}
