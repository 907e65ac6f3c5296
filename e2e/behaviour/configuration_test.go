package behaviour

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/mod-zookeeper/traefik-zookeeper/e2e/internal/plugin"
)

// mistake is a line or more to add to a good configuration, and what the error
// has to name: the key, the value and the remedy.
type mistake struct {
	name, config string
	want         []string
}

const (
	good       = "clusters:\n  main: {servers: 'zk1:2181'}\nrequestHeaders:\n  - {name: X-A, path: /a}\n"
	anyServers = "clusters:\n  main: {servers: 'zk1:2181'}\n"
)

func servers(text string) string {
	return "clusters:\n  main: {servers: '" + text + "'}\nrequestHeaders:\n  - {name: X-A, path: /a}\n"
}

func rule(text string) string { return anyServers + "requestHeaders:\n  - {" + text + "}\n" }

func gateRule(text string) string { return anyServers + "gates:\n  - {" + text + "}\n" }

var mistakes = []mistake{
	{"unknown key", good + "requestHeader: x\n", []string{"requestHeader", "unknown key", "requestHeaders"}},
	{"unknown key of a cluster", "clusters:\n  main: {servers: 'a', sesionTimeout: 4s}\n", []string{"clusters.main.sesionTimeout", "unknown key", "sessionTimeout"}},
	{"unknown key of a header rule", rule("name: X-A, path: /a, defualt: b"), []string{"requestHeaders[0].defualt", "unknown key", "default"}},
	{"startupTimeout without a unit", good + "startupTimeout: 2\n", []string{"startupTimeout", `"2"`, "2s"}},
	{"startupTimeout in words", good + "startupTimeout: soon\n", []string{"startupTimeout", `"soon"`, "2s"}},
	{"negative maxStale", good + "maxStale: -1s\n", []string{"maxStale", `"-1s"`, "duration"}},
	{"bad sessionTimeout", "clusters:\n  main: {servers: a, sessionTimeout: 4}\n", []string{"clusters.main.sessionTimeout", `"4"`, "4s"}},
	{"sessionTimeout of 0", "clusters:\n  main: {servers: a, sessionTimeout: 0s}\n", []string{"clusters.main.sessionTimeout", `"0s"`, "1ms"}},
	{"no servers", "clusters:\n  main: {sessionTimeout: 4s}\n", []string{"clusters.main.servers", "zk1:2181"}},
	{"empty servers", servers(""), []string{"clusters.main.servers", "zk1:2181"}},
	{"nothing but commas", servers(",,/edge"), []string{"clusters.main.servers", `",,/edge"`, "zk1:2181"}},
	{"a scheme", servers("zk://zk1:2181,zk2:2181/edge"), []string{"clusters.main.servers", `"zk://zk1:2181,zk2:2181/edge"`, "no scheme", "write zk1:2181,zk2:2181/edge"}},
	{"credentials", servers("zk1:2181,edge:" + password + "@zk2"), []string{"clusters.main.servers", "no credentials", "set username, and password, passwordFile or passwordEnv"}},
	{"a URL with credentials", servers("zk://edge:" + password + "@zk1:2181/edge"), []string{"clusters.main.servers", "no credentials", "write host:port"}},
	{"a URL whose password has a slash", servers("zk://edge:a/" + password + "@zk1:2181/edge"), []string{"clusters.main.servers", "no credentials"}},
	{"schemes", "clusters:\n  main: {servers: ['zookeeper://zk1', 'zookeeper://zk2']}\n", []string{"clusters.main.servers", "write zk1,zk2"}},
	{"chroot with a space at its end", servers("zk1:2181/edge "), []string{"clusters.main.servers", `"/edge "`, "white space"}},
	{"bad port", servers("zk1:21810000"), []string{"clusters.main.servers", "zk1:21810000", "65535"}},
	{"port 0", servers("zk1:0"), []string{"clusters.main.servers", "zk1:0", "65535"}},
	{"port in words", servers("zk1:http"), []string{"clusters.main.servers", "zk1:http", "65535"}},
	{"IPv6 without brackets", servers("::1:2181"), []string{"clusters.main.servers", "::1:2181", "brackets"}},
	{"bad host", servers("zk 1:2181"), []string{"clusters.main.servers", "zk 1:2181", "host:port"}},
	{"chroot with a slash at its end", servers("zk1:2181/edge/"), []string{"clusters.main.servers", "/edge/", "slash"}},
	{"chroot with dots", servers("zk1:2181/edge/../x"), []string{"clusters.main.servers", "/edge/../x", ".."}},
	{"chroot in the middle", servers("zk1:2181/edge,zk2:2181"), []string{"clusters.main.servers", "/edge,zk2:2181", "last server"}},
	{"no name", rule("path: /a"), []string{"requestHeaders[0].name", "X-Release"}},
	{"bad name", rule("name: 'X A', path: /a"), []string{"requestHeaders[0].name", `"X A"`, "letters"}},
	{"name with a line break", rule(`name: "X-A\nX-B", path: /a`), []string{"requestHeaders[0].name", "letters"}},
	{"hop-by-hop name", rule("name: connection, path: /a"), []string{"requestHeaders[0].name", `"connection"`, "belongs to the connection"}},
	{"another hop-by-hop name", rule("name: Transfer-Encoding, path: /a"), []string{"requestHeaders[0].name", "Transfer-Encoding"}},
	{"Host", rule("name: Host, path: /a"), []string{"requestHeaders[0].name", `"Host"`}},
	{"two rules for a header", rule("name: X-A, path: /a") + "  - {name: x_a, path: /b}\n", []string{"requestHeaders[1].name", "another rule", "X-A"}},
	{"no path", rule("name: X-A"), []string{"requestHeaders[0].path", "/release/current"}},
	{"relative path", rule("name: X-A, path: a/b"), []string{"requestHeaders[0].path", `"a/b"`, "start with a slash"}},
	{"path with a slash at its end", rule("name: X-A, path: /a/"), []string{"requestHeaders[0].path", `"/a/"`, "end with a slash"}},
	{"path with an empty segment", rule("name: X-A, path: /a//b"), []string{"requestHeaders[0].path", `"/a//b"`, "empty segment"}},
	{"path with dots", rule("name: X-A, path: /a/../b"), []string{"requestHeaders[0].path", `"/a/../b"`, ".."}},
	{"path with NUL", rule(`name: X-A, path: "/a\0b"`), []string{"requestHeaders[0].path", "control"}},
	{"empty path among others", rule("name: X-A, path: '/a,'"), []string{"requestHeaders[0].path", "start with a slash"}},
	{"path with a space at its end", rule("name: X-A, path: '/a/b '"), []string{"requestHeaders[0].path", `"/a/b "`, "white space"}},
	{"path with a space at its beginning", rule("name: X-A, path: [/a, ' /b']"), []string{"requestHeaders[0].path", `" /b"`, "white space"}},
	{"flag with a space at its end", rule("name: X-A, flag: ['/a ']"), []string{"requestHeaders[0].flag", `"/a "`, "white space"}},
	{"template with a space at its end", rule("name: X-A, path: '/a/{host} '"), []string{"requestHeaders[0].path", `"/a/{host} "`, "white space"}},
	{"a header that reads itself", rule("name: X-T, path: '/r/{header.X-T}'"), []string{"requestHeaders[0].path", `"/r/{header.X-T}"`, "{header.X-T} never has a value", "requestHeaders[0]", "another header"}},
	{"a header that reads itself by another name", rule("name: X-T, path: '/r/{header.x_t|ip}'"), []string{"requestHeaders[0].path", `"/r/{header.x_t|ip}"`, "{header.X_t} never has a value", "X-T"}},
	{"a header that reads one set for each request", rule("name: X-T, path: '/r/{host}'") + "  - {name: X-U, path: '/u/{header.X-T}'}\n", []string{"requestHeaders[1].path", "{header.X-T} never has a value", "requestHeaders[0] sets it"}},
	{"a response header that reads a header set for each request", rule("name: X-T, path: '/r/{host}'") + "responseHeaders:\n  - {name: X-U, path: '/u/{header.X-T}'}\n", []string{"responseHeaders[0].path", "{header.X-T} never has a value"}},
	{"a header that reads a removed one", rule("name: X-T, mode: remove") + "  - {name: X-U, path: '/u/{header.X-T}'}\n", []string{"requestHeaders[1].path", "{header.X-T} never has a value", "requestHeaders[0] removes it"}},
	{"a targeting key of a header set for each request", rule("name: X-T, path: '/r/{host}'") + "targetingKey: '{cookie.uid|header.X-T}'\n", []string{"targetingKey", "{header.X-T} never has a value"}},
	{"an attribute of the decision header", rule("name: X-T, path: /r") + "decisionHeader: X-D\ncontext: {a: '{header.X-D}'}\n", []string{"context.a", "{header.X-D} never has a value", "decisionHeader"}},
	{"unknown format", rule("name: X-A, path: /a, format: yaml"), []string{"requestHeaders[0].format", `"yaml"`, "properties"}},
	{"json without a key", rule("name: X-A, path: /a, format: json"), []string{"requestHeaders[0].key", "db.host"}},
	{"text with a key", rule("name: X-A, path: /a, key: b"), []string{"requestHeaders[0].key", `"b"`, "json"}},
	{"bad default", rule(`name: X-A, path: /a, default: "a\r\nb"`), []string{"requestHeaders[0].default", "line break"}},
	{"unknown cluster", good + "cluster: other\n", []string{"cluster", `"other"`, "main"}},
	{"unknown cluster of a rule", rule("name: X-A, path: /a, cluster: other"), []string{"requestHeaders[0].cluster", `"other"`, "main"}},
	{"several clusters", "clusters:\n  c1: {servers: a}\n  c2: {servers: b}\nrequestHeaders:\n  - {name: X-A, path: /a}\n", []string{"requestHeaders[0].cluster", "c1, c2"}},
	{"a list that is none", anyServers + "requestHeaders: /a\n", []string{"requestHeaders", `"/a"`, "list"}},
	{"a mapping that is none", "clusters: zk1:2181\n", []string{"clusters", `"zk1:2181"`, "mapping"}},
	{"a cluster that is none", "clusters: {main: 'zk1:2181'}\n", []string{"clusters.main", `"zk1:2181"`, "mapping"}},
	{"a cluster without a name", "clusters: {servers: 'zk1:2181'}\n", []string{"clusters.servers", `"zk1:2181"`, "mapping", "a name of your own: clusters.main.servers"}},
	{"a value that is a mapping", rule("name: {a: b}, path: /a"), []string{"requestHeaders[0].name", "single value"}},
}

// gateMistakes are those of a middleware that is meant to have gates.
var gateMistakes = []mistake{
	{"unknown key of a gate", gateRule("path: /a, blockwen: 'on'"), []string{"gates[0].blockwen", "unknown key", "blockWhen"}},
	{"no gate path", gateRule("status: 403"), []string{"gates[0].path"}},
	{"bad gate path", gateRule("path: flags"), []string{"gates[0].path", `"flags"`, "slash"}},
	{"bad blockWhen", gateRule("path: /a, blockWhen: perhaps"), []string{"gates[0].blockWhen", `"perhaps"`, "on or off"}},
	{"bad gate default", gateRule("path: /a, default: maybe"), []string{"gates[0].default", `"maybe"`, "on or off"}},
	{"bad status", gateRule("path: /a, status: 999"), []string{"gates[0].status", `"999"`, "200 to 599"}},
	{"status in words", gateRule("path: /a, status: forbidden"), []string{"gates[0].status", `"forbidden"`, "200 to 599"}},
	{"status with a body that it can't have", gateRule("path: /a, status: 204, body: x"), []string{"gates[0].body", "204"}},
	{"bad contentType", gateRule("path: /a, contentType: html"), []string{"gates[0].contentType", `"html"`, "text/html"}},
	{"gates that are no list", anyServers + "gates: /flags/a\n", []string{"gates", `"/flags/a"`, "list"}},
	{"misspelt gates", anyServers + "gate:\n  - {path: /a}\n", []string{"gate", "unknown key", "gates"}},
	{"gates misspelt otherwise", anyServers + "Gaets:\n  - {path: /a}\n", []string{"Gaets", "unknown key", "gates"}},
	{"a gate by a bypass's header", gateRule("path: '/a/{header.X-B}', bypass: {header: {name: X-B, value: s}}"), []string{"gates[0].path", "{header.X-B} never has a value", "bypass"}},
	{"a key of a cluster at the top", gateRule("path: /a") + "servers: zk1\n", []string{"servers", "unknown key", "did you mean clusters.<name>.servers?"}},
	{"another word for a gate's key", gateRule("node: /a"), []string{"gates[0].node", "did you mean path?"}},
	{"misplaced gates", "clusters:\n  main:\n    servers: a\n    gates:\n      - {path: /a}\n", []string{"clusters.main.gates", "unknown key"}},
	{"gates among the headers", anyServers + "requestHeaders:\n  - {name: X-A, path: /a, gates: [{path: /b}]}\n", []string{"requestHeaders[0].gates", "unknown key"}},
	{"gates by another name", anyServers + "killSwitch:\n  - {path: /a, blockWhen: 'on'}\n", []string{"killSwitch", "unknown key"}},
	{"a mistake beside a good gate", gateRule("path: /a") + "maxStale: never\n", []string{"maxStale", `"never"`}},
}

var configurations = []behaviour{
	{"mistakes", testMistakes},
	{"mistakes beside gates", testMistakesBesideGates},
	{"New without a network", testNewWithoutANetwork},
	{"the forms of the providers", forms},
	{"the forms of a connection string that ZooKeeper's clients take", connectionStrings},
	{"a node's name may have spaces", spaces},
	{"headers that may be read", testHeadersThatMayBeRead},
}

func testMistakes(t *testing.T, s *suite) {
	for _, m := range mistakes {
		t.Run(m.name, func(t *testing.T) {
			_, err := s.try(t, m.config)
			if err == nil {
				t.Fatal("no error")
			}
			m.check(t, err.Error())
		})
	}
}

func testMistakesBesideGates(t *testing.T, s *suite) {
	for _, m := range gateMistakes {
		t.Run(m.name, func(t *testing.T) { guarded(t, s, m) })
	}
}

func testNewWithoutANetwork(t *testing.T, s *suite) {
	started := time.Now()
	s.start(t, servers("192.0.2.1:2181,does-not-exist.invalid")+"gates:\n  - {path: /b}\n")
	if took := time.Since(started); took > 2*time.Second {
		t.Fatalf("New took %s", took)
	}
}

func testHeadersThatMayBeRead(t *testing.T, s *suite) {
	for _, config := range []string{
		rule("name: X-T, path: /r") + "  - {name: X-U, path: '/u/{header.X-T}'}\n",
		rule("name: X-T, path: '/r/{header.X-T}', mode: ifAbsent"),
		rule("name: X-T, path: '/r/{header.X-T}', mode: append"),
		rule("name: X-T, path: '/r/{header.X-Other}'") + "responseHeaders:\n  - {name: X-Other, path: '/u/{header.X-Other}'}\n",
	} {
		s.must(t, strings.ReplaceAll(config, "main", uniqueCluster()))
	}
}

func connectionStrings(t *testing.T, s *suite) {
	s.admin.Put("/strings/value", []byte("A"))
	addr := s.zk.Addr()
	for _, form := range []string{"$A,", ",$A", "$A,,$A", " $A , ,$A ,/strings", "$A,/strings", "$A/", "$A,/"} {
		path := "/strings/value"
		if strings.HasSuffix(form, "/strings") {
			path = "/value"
		}
		config := definer(uniqueCluster(), strings.ReplaceAll(form, "$A", addr)) + "requestHeaders:\n  - {name: X-Value, path: " + path + "}\n"
		s.must(t, config).awaitHeader(t, "X-Value", "A")
	}
	s.start(t, "clusters:\n  $CLUSTER: {servers: ['$SERVERS', /strings]}\nrequestHeaders:\n  - {name: X-Value, path: /value}\n").awaitHeader(t, "X-Value", "A")
	if _, err := s.try(t, servers("zk1:,zk2")); err != nil {
		t.Error(err)
	}
}

// Around commas, and nowhere else, spaces are no part of a name.
func spaces(t *testing.T, s *suite) {
	s.admin.Put("/spaces/a b", []byte("within"))
	s.admin.Put("/spaces/c /d", []byte("before a slash"))
	for path, want := range map[string]string{
		"'/spaces/none , /spaces/a b'": "within", "['/spaces/a b']": "within", "/spaces/c /d": "before a slash",
		"|\n      /spaces/none,\n      /spaces/a b": "within",
	} {
		s.start(t, anyCluster+"requestHeaders:\n  - name: X-Value\n    path: "+path+"\n").awaitHeader(t, "X-Value", want)
	}
}

// guarded checks that the router stays, and lets nothing pass.
func guarded(t *testing.T, s *suite, m mistake) {
	before := len(s.plugin.Output())
	inst, err := s.try(t, m.config)
	if err != nil {
		t.Fatalf("New failed, so that the router would vanish: %v", err)
	}
	if a := inst.get(); a.status != http.StatusServiceUnavailable || a.service != nil {
		t.Fatalf("status %d, reached the service: %t", a.status, a.service != nil)
	}
	m.check(t, s.plugin.Output()[before:])
}

func (m mistake) check(t *testing.T, message string) {
	t.Helper()
	if strings.Contains(strings.ReplaceAll(message, t.Name(), ""), password) { // which is the middleware's name
		t.Error("the error has the password")
	}
	for _, want := range m.want {
		if !strings.Contains(message, want) {
			t.Errorf("the error doesn't name %s: %s", want, message)
		}
	}
}

func forms(t *testing.T, s *suite) {
	s.admin.Put("/forms/a", []byte("A"))
	s.admin.Put("/forms/flag", []byte("on"))
	yaml, err := plugin.FromYAML(s.own("Clusters:\n  $CLUSTER: {SERVERS: [$SERVERS, $SERVERS]}\nrequestheaders:\n  - {Name: x-value, PATH: [/forms/none, /forms/a]}\nGates:\n  - {path: /forms/flag, blockWhen: off, status: 404}\n"))
	if err != nil {
		t.Fatal(err)
	}
	toml, err := plugin.FromTOML(s.own(`
[http.middlewares.tested.plugin.zookeeper]
  [http.middlewares.tested.plugin.zookeeper.clusters.$CLUSTER]
    servers = "$SERVERS"
  [[http.middlewares.tested.plugin.zookeeper.requestHeaders]]
    name = "X-Value"
    path = ["/forms/none", "/forms/a"]
  [[http.middlewares.tested.plugin.zookeeper.gates]]
    path = "/forms/flag"
    status = 404
`))
	if err != nil {
		t.Fatal(err)
	}
	cluster := uniqueCluster()
	labels, err := plugin.FromLabels(map[string]string{
		"clusters." + cluster + ".servers": s.zk.Addr() + "," + s.zk.Addr(),
		"requestHeaders[0].name":           "X-Value",
		"requestHeaders[0].path":           "/forms/none, /forms/a",
		"gates[0].path":                    "/forms/flag",
		"gates[0].status":                  "404",
	})
	if err != nil {
		t.Fatal(err)
	}
	// A Kubernetes CRD keeps numbers and booleans, and YAML 1.1 makes one of off.
	crd := map[string]any{
		"clusters":       map[string]any{uniqueCluster(): map[string]any{"servers": []any{s.zk.Addr()}}},
		"requestHeaders": []any{map[string]any{"name": "X-Value", "path": "/forms/a"}},
		"gates":          []any{map[string]any{"path": "/forms/flag", "status": float64(404), "blockWhen": false}},
	}
	for name, config := range map[string]map[string]any{"YAML": yaml, "TOML": toml, "labels": labels, "CRD": crd} {
		t.Run(name, func(t *testing.T) {
			inst := s.startDecoded(t, config)
			s.admin.Put("/forms/flag", []byte("on"))
			inst.awaitHeader(t, "X-Value", "A")
			s.admin.Put("/forms/flag", []byte("off"))
			inst.awaitStatus(t, 404)
		})
	}
}
