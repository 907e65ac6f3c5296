package behaviour

import (
	"net/http"
	"os"
	"path/filepath"
	"testing"
)

func bypassRule(text string) string { return gateRule("path: /a, bypass: {" + text + "}") }

func flagRule(text string) string { return rule("name: X-A, flag: /a, " + text) }

// decisionMistakes are those of the options of flags, in middlewares without gates.
var decisionMistakes = []mistake{
	{"unknown format of a flag", flagRule("format: text"), []string{"requestHeaders[0].format", `"text"`, "decider"}},
	{"a flag in json without a key", flagRule("format: json"), []string{"requestHeaders[0].key", "flags.checkout"}},
	{"a flag in properties without a key", flagRule("format: properties"), []string{"requestHeaders[0].key", "flags.checkout"}},
	{"path and flag", flagRule("path: /b"), []string{"requestHeaders[0].flag", `"/a"`, "either path"}},
	{"relative flag", rule("name: X-A, flag: a"), []string{"requestHeaders[0].flag", `"a"`, "start with a slash"}},
	{"empty flag among others", rule("name: X-A, flag: '/a,'"), []string{"requestHeaders[0].flag", "start with a slash"}},
	{"unknown placeholder", good + "targetingKey: '{user}'\n", []string{"targetingKey", `"{user}"`, "{cookie.NAME}"}},
	{"unknown alternative", good + "targetingKey: '{cookie.uid|user}'\n", []string{"targetingKey", "{cookie.uid|user}", `"user"`, "{ip}"}},
	{"unbalanced braces", good + "targetingKey: 'a{ip'\n", []string{"targetingKey", `"a{ip"`, "brace"}},
	{"unbalanced braces of a context", good + "context: {plan: 'ip}'}\n", []string{"context.plan", `"ip}"`, "brace"}},
	{"header without a name", good + "context: {plan: '{header.}'}\n", []string{"context.plan", `"{header.}"`, "{header.NAME}"}},
	{"bad cookie name", good + "context: {plan: '{cookie.a b}'}\n", []string{"context.plan", `"{cookie.a b}"`, "{cookie.NAME}"}},
	{"bad depth", good + "ipStrategy: {depth: last}\n", []string{"ipStrategy.depth", `"last"`, "from 0 to 16"}},
	{"bad subnet", good + "ipStrategy: {ipv6Subnet: 0}\n", []string{"ipStrategy.ipv6Subnet", `"0"`, "from 1 to 128"}},
	{"bad excluded address", good + "ipStrategy: {excludedIPs: '10.0.0.1, proxy'}\n", []string{"ipStrategy.excludedIPs", `"proxy"`, "10.0.0.0/8"}},
	{"a header beside a depth", good + "ipStrategy: {header: X-Client, depth: 1}\n", []string{"ipStrategy.header", `"X-Client"`, "either header"}},
	{"a list in the place of a header", good + "ipStrategy: {header: X-Forwarded-For}\n", []string{"ipStrategy.header", `"X-Forwarded-For"`, "depth: 1"}},
	{"unknown key of a strategy", good + "ipStrategy: {excluded: 10.0.0.1}\n", []string{"ipStrategy.excluded", "unknown key", "excludedIPs"}},
	{"a strategy that is none", good + "ipStrategy: last\n", []string{"ipStrategy", "mapping"}},
	{"a context that is none", good + "context: '{ip}'\n", []string{"context", `"{ip}"`, "mapping"}},
	{"a context in a context", good + "context: {plan: {a: b}}\n", []string{"context.plan", "single value"}},
	{"two targeting keys", good + "targetingKey: '{ip}'\ncontext: {targetingKey: '{host}'}\n", []string{"context.targetingKey", `"{host}"`, "already"}},
	{"bad decisionHeader", good + "decisionHeader: 'X A'\n", []string{"decisionHeader", `"X A"`, "letters"}},
	{"hop-by-hop decisionHeader", good + "decisionHeader: connection\n", []string{"decisionHeader", `"connection"`, "belongs to the connection"}},
	{"a decisionHeader that has a rule", good + "decisionHeader: x-a\n", []string{"decisionHeader", `"x-a"`, "take another"}},
	{"bad dryRun", good + "dryRun: sometimes\n", []string{"dryRun", `"sometimes"`, "true or false"}},
	{"misspelt targetingKey", good + "targetingkeys: '{ip}'\n", []string{"targetingkeys", "unknown key", "targetingKey"}},
	{"two rules for a header of the response", anyServers + "responseHeaders:\n  - {name: X-A, path: /a}\n  - {name: x_a, flag: /b}\n", []string{"responseHeaders[1].name", "another rule", "X-A"}},
	{"bad name of a header of the response", anyServers + "responseHeaders:\n  - {name: Transfer-Encoding, path: /a}\n", []string{"responseHeaders[0].name", "Transfer-Encoding", "can't be set"}},
}

// closingMistakes are those of gates.
var closingMistakes = []mistake{
	{"unknown format", gateRule("path: /a, format: text"), []string{"gates[0].format", `"text"`, "decider"}},
	{"json without a key", gateRule("path: /a, format: json"), []string{"gates[0].key", "flags.checkout"}},
	{"bad dryRun", gateRule("path: /a, dryRun: 'on'"), []string{"gates[0].dryRun", `"on"`, "true or false"}},
	{"bad retryAfter", gateRule("path: /a, retryAfter: 30"), []string{"gates[0].retryAfter", `"30"`, "30s"}},
	{"short retryAfter", gateRule("path: /a, retryAfter: 10ms"), []string{"gates[0].retryAfter", `"10ms"`, "a second"}},
	{"redirect without a slash", gateRule("path: /a, redirect: soon"), []string{"gates[0].redirect", `"soon"`, "slash"}},
	{"redirect to a script", gateRule("path: /a, redirect: 'javascript:alert(1)'"), []string{"gates[0].redirect", "javascript:alert(1)", "https://"}},
	{"redirect with a line break", gateRule(`path: /a, redirect: "/a\r\nX-A: b"`), []string{"gates[0].redirect", "https://"}},
	{"redirect with another status", gateRule("path: /a, redirect: /b, status: 301"), []string{"gates[0].status", `"301"`, "302, 303, 307 or 308"}},
	{"status out of range", gateRule("path: /a, status: 199"), []string{"gates[0].status", `"199"`, "200 to 599"}},
	{"body and bodyFile", gateRule("path: /a, body: a, bodyFile: /b"), []string{"gates[0].bodyFile", `"/b"`, "either body"}},
	{"bodyFile that is missing", gateRule("path: /a, bodyFile: /does/not/exist"), []string{"gates[0].bodyFile", "/does/not/exist", "can't be read"}},
	{"relative bodyPath", gateRule("path: /a, bodyPath: page"), []string{"gates[0].bodyPath", `"page"`, "slash"}},
	{"bodyPath with a status without body", gateRule("path: /a, status: 204, bodyPath: /p"), []string{"gates[0].body", "204"}},
	{"jsonBody with a status without body", gateRule("path: /a, status: 304, jsonBody: '{}'"), []string{"gates[0]", "304"}},
	{"bad name of a header", gateRule("path: /a, headers: {'X A': b}"), []string{"gates[0].headers.X A", `"X A"`, "letters"}},
	{"hop-by-hop header", gateRule("path: /a, headers: {Content-Length: 5}"), []string{"gates[0].headers.Content-Length", "can't be set"}},
	{"bad value of a header", gateRule(`path: /a, headers: {X-A: "b\nc"}`), []string{"gates[0].headers.X-A", "line break"}},
	{"headers that are none", gateRule("path: /a, headers: [X-A]"), []string{"gates[0].headers", "mapping"}},
	{"misspelt bypass", gateRule("path: /a, bypas: {methods: GET}"), []string{"gates[0].bypas", "unknown key", "bypass"}},
	{"bypass that is none", gateRule("path: /a, bypass: everybody"), []string{"gates[0].bypass", "mapping"}},
	{"unknown key of a bypass", bypassRule("ip: 10.0.0.1"), []string{"gates[0].bypass.ip", "unknown key", "ips"}},
	{"bad address", bypassRule("ips: [10.0.0.1, 10.0.0]"), []string{"gates[0].bypass.ips", `"10.0.0"`, "10.0.0.0/8"}},
	{"bad network", bypassRule("ips: 10.0.0.0/33"), []string{"gates[0].bypass.ips", `"10.0.0.0/33"`, "10.0.0.0/8"}},
	{"a list of addresses for each host", bypassRule("ipsPath: '/a/{host}'"), []string{"gates[0].bypass.ipsPath", `"/a/{host}"`, "no placeholders"}},
	{"an address as a path", bypassRule("ipsPath: 10.0.0.1"), []string{"gates[0].bypass.ipsPath", `"10.0.0.1"`, "start with a slash"}},
	{"name for an address", bypassRule("ips: localhost"), []string{"gates[0].bypass.ips", `"localhost"`, "10.0.0.0/8"}},
	{"relative prefix", bypassRule("pathPrefixes: health"), []string{"gates[0].bypass.pathPrefixes", `"health"`, "slash"}},
	{"empty prefix", bypassRule("pathPrefixes: '/a,'"), []string{"gates[0].bypass.pathPrefixes", `""`, "slash"}},
	{"method in lower case", bypassRule("methods: options"), []string{"gates[0].bypass.methods", `"options"`, "capitals"}},
	{"empty method", bypassRule("methods: 'GET,'"), []string{"gates[0].bypass.methods", `""`, "capitals"}},
	{"secret without a name", bypassRule("header: {value: " + password + "}"), []string{"gates[0].bypass.header.name", "X-Bypass"}},
	{"secret with a bad name", bypassRule("header: {name: 'X A', value: " + password + "}"), []string{"gates[0].bypass.header.name", `"X A"`}},
	{"hop-by-hop secret", bypassRule("header: {name: Te, value: " + password + "}"), []string{"gates[0].bypass.header.name", `"Te"`, "connection"}},
	{"cookie with a bad name", bypassRule("cookie: {name: 'a=b', value: " + password + "}"), []string{"gates[0].bypass.cookie.name", `"a..."`}},
	{"secret without a value", bypassRule("header: {name: X-A}"), []string{"gates[0].bypass.header.value", "valueFile"}},
	{"secret with two values", bypassRule("cookie: {name: a, value: " + password + ", valueEnv: " + passwordVariable + "}"), []string{"gates[0].bypass.cookie.value", "one of"}},
	{"secret in a file that is missing", bypassRule("header: {name: X-A, valueFile: /does/not/exist}"), []string{"gates[0].bypass.header.valueFile", "/does/not/exist", "can't be read"}},
	{"secret in a variable that isn't set", bypassRule("header: {name: X-A, valueEnv: NOT_SET_ANYWHERE}"), []string{"gates[0].bypass.header.value", "NOT_SET_ANYWHERE", "empty"}},
	{"unknown key of a secret", bypassRule("header: {name: X-A, values: " + password + "}"), []string{"gates[0].bypass.header.values", "unknown key", "valueFile"}},
	{"secret that is a list", bypassRule("header: {name: X-A, value: [" + password + "]}"), []string{"gates[0].bypass.header.value", "single value"}},
	{"secret that is a mapping", bypassRule("cookie: {name: a, value: {is: " + password + "}}"), []string{"gates[0].bypass.cookie.value", "single value"}},
}

var misconfigured = []behaviour{
	{"mistakes with flags", testMistakesWithFlags},
	{"mistakes with gates", testMistakesWithGates},
	{"a wrong gate's answer", testWrongGatesAnswer},
}

func testMistakesWithFlags(t *testing.T, s *suite) {
	before := len(s.plugin.Output())
	for _, m := range decisionMistakes {
		t.Run(m.name, func(t *testing.T) {
			_, err := s.try(t, m.config)
			if err == nil {
				t.Fatal("no error")
			}
			m.check(t, err.Error())
		})
	}
	tellsNoSecret(t, s, before)
}

func testMistakesWithGates(t *testing.T, s *suite) {
	before := len(s.plugin.Output())
	for _, m := range closingMistakes {
		t.Run(m.name, func(t *testing.T) { guarded(t, s, m) })
	}
	empty := filepath.Join(t.TempDir(), "empty")
	if err := os.WriteFile(empty, []byte("\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	guarded(t, s, mistake{"", bypassRule("header: {name: X-A, valueFile: '" + empty + "'}"), []string{"gates[0].bypass.header.value", empty, "empty"}})
	tellsNoSecret(t, s, before)
}

func testWrongGatesAnswer(t *testing.T, s *suite) {
	inst, err := s.try(t, gateRule("path: /a, status: soon, bypass: {methods: GET, ips: 0.0.0.0/0}, dryRun: true")+decisionLine)
	if err != nil {
		t.Fatal(err)
	}
	for _, q := range []request{{}, {method: "HEAD"}, with("Content-Type: application/grpc")} {
		if a, _ := inst.ask(q); a.service != nil || a.status != http.StatusServiceUnavailable && a.answer.Get("Grpc-Status") != "14" {
			t.Errorf("%+v", a)
		}
	}
}
