package behaviour

import (
	"strings"
	"testing"
)

// leaks are secrets in places of a wrong shape.
var leaks = []string{
	"clusters: [{name: main, servers: a, password: SECRET}]\n",
	"clusters: {main: [{servers: a, password: SECRET}]}\n",
	"clusters: {main: {servers: a, username: u, password: [SECRET]}}\n",
	"clusters: {main: {servers: a, username: u, password: {is: SECRET}}}\n",
	"clusters: {main: {servers: a, username: {password: SECRET}}}\n",
	"clusters: {main: {servers: {a: b, password: SECRET}}}\n",
	"clusters: {main: {servers: a, pasword: SECRET}}\n",
	"clusters: {main: {servers: a, auth: {password: SECRET}}}\n",
	"clusters: {main: {servers: a, username: u, passwordFile: [SECRET]}}\n",
	"clusters: {main: {servers: a, passwordEnv: {is: SECRET}}}\n",
	"clusters: {main: {servers: a, Password: SECRET, password: SECRET}}\n",
	anyServers + "gates: {path: /a, bypass: {header: {name: X-A, value: SECRET}}}\n",
	gateRule("path: /a, bypass: [{header: {name: X-A, value: SECRET}}]"),
	bypassRule("header: SECRET"),
	bypassRule("cookie: SECRET"),
	bypassRule("header: [X-A, SECRET]"),
	bypassRule("header: {name: {X-A: SECRET}}"),
	bypassRule("header: {name: X-A, valueFile: [SECRET]}"),
	bypassRule("header: {name: X-A, valueEnv: {is: SECRET}}"),
	bypassRule("header: {name: X-A, value: {is: SECRET}}"),
	bypassRule("headers: {X-A: SECRET}"),
	bypassRule("ips: {header: {name: X-A, value: SECRET}}"),
}

var leaking = []behaviour{
	{"secrets in the wrong place", testSecretsInTheWrongPlace},
}

func testSecretsInTheWrongPlace(t *testing.T, s *suite) {
	for _, config := range leaks {
		before := len(s.plugin.Output())
		_, err := s.try(t, strings.ReplaceAll(config, "SECRET", password))
		message := s.plugin.Output()[before:]
		if err != nil {
			message += err.Error()
		}
		if message == "" || strings.Contains(message, password) {
			t.Errorf("%s: %s", config, message)
		}
	}
}
