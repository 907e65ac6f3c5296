package budget

import (
	"fmt"
	"strings"
)

// nodes are what the options read.
var nodes = map[string]string{
	"/closed": "on", "/open": "off", "/value": "v", "/tenants/a/plan": "v", "/share": "50%",
	"/allowed": "10.0.0.0/8 # ours\n203.0.113.0/24, 2001:db8::/32\n",
	"/by-text": targeting(`{"==":[{"var":"seen"},"yes"]}`),
	"/by-each": targeting(`{"or":[{"==":[{"var":"headers.x-a"},"yes"]},{"==":[{"var":"cookies.uid"},"yes"]},{"==":[{"var":"query.q"},"yes"]},` +
		`{"==":[{"var":"path"},"yes"]},{"==":[{"var":"host"},"yes"]},{"==":[{"var":"ip"},"yes"]},{"==":[{"var":"method"},"yes"]}]}`),
	"/by-computed": targeting(`{"==":[{"var":{"cat":["headers.x-","a"]}},"yes"]}`),
	"/by-whole":    targeting(`{"in":["yes",{"cat":[{"var":"headers"},{"var":"cookies"},{"var":"query"}]}]}`),
	"/by-many":     targeting(manyConditions()),
}

func targeting(condition string) string {
	return `{"variants":{"on":true,"off":false},"defaultVariant":"off","targeting":{"if":[` + condition + `,"on"]}}`
}

func manyConditions() string {
	conditions := []string{}
	for i := range 5 {
		conditions = append(conditions, fmt.Sprintf(`{"==":[{"var":"cookies.c%d"},"yes"]},{"==":[{"var":"query.q%d"},"yes"]},{"==":[{"var":"headers.x-%d"},"yes"]}`, i, i, i))
	}
	return `{"or":[` + strings.Join(conditions, ",") + `]}`
}

// An option is a configuration that looks at requests.
type option struct{ name, config string }

const secretCookie = "bypass: {cookie: {name: pass, value: secret}}"

var options = append(append(placeholders(), strategies()...), []option{
	{"jsonBody", gate("/closed", "jsonBody: '{}'")},
	{"an answer with headers", gate("/closed", "headers: {X-Why: closed}")},
	{"bypass.cookie of a closed gate", gate("/closed", secretCookie)},
	{"bypass.cookie of an open gate", gate("/open", secretCookie)},
	{"bypass.header", gate("/closed", "bypass: {header: {name: X-Pass, value: secret}}")},
	{"bypass.ips", gate("/closed", "bypass: {ips: [10.0.0.0/8, 203.0.113.0/24]}")},
	{"bypass.ipsPath", gate("/closed", "bypass: {ipsPath: /allowed}")},
	{"bypass.pathPrefixes", gate("/closed", "bypass: {pathPrefixes: [/health, /ready]}")},
	{"bypass.methods", gate("/closed", "bypass: {methods: [OPTIONS]}")},
	{"targeting", gate("/by-each")},
	{"targeting with a computed name", gate("/by-computed")},
	{"targeting over all headers, cookies and parameters", gate("/by-whole")},
	{"targeting over many attributes", gate("/by-many")},
	{"decisionHeader", gate("/by-each") + "decisionHeader: X-Decision\n"},
	{"context of several parts", gate("/by-text") + "context: {seen: '{path}-{host}-{header.X-A}-{query.q}-{cookie.uid}-{path.2}'}\n"},
	{"a header set", "requestHeaders: [{name: X-A, path: /value}]\n"},
	{"a header removed", "requestHeaders: [{name: X-A, mode: remove}]\n"},
	{"a header appended to", "requestHeaders: [{name: X-A, path: /value, mode: append}]\n"},
	{"a header set where absent", "requestHeaders: [{name: X-A, path: /value, mode: ifAbsent}]\n"},
}...)

// placeholders are in a header's path, in a gate's, and in the targeting key of a share.
func placeholders() []option {
	var all []option
	for _, name := range []string{"{host}", "{ip}", "{method}", "{path}", "{path.1}", "{path.9}", "{query.q}", "{header.X-A}", "{cookie.uid}", "{cookie.none|query.none|path.99|header.X-A|'b'}"} {
		path := "'/tenants/" + strings.ReplaceAll(name, "'", "''") + "/plan'"
		all = append(all,
			option{name + " in a header's path", "requestHeaders: [{name: X-Plan, path: " + path + "}]\n"},
			option{name + " in a gate's path", gate(path)},
			option{name + " in targetingKey", gate("/share") + "targetingKey: \"" + name + "\"\n"})
	}
	return all
}

// strategies are those of ipStrategy, each with all that asks for the client's address.
func strategies() []option {
	var all []option
	for _, strategy := range []string{"{}", "{depth: 1}", "{depth: 16, ipv6Subnet: 64}", "{excludedIPs: [10.0.0.0/8]}", "{excludedIPs: [192.0.2.0/24, 11.0.0.0/12, 11.0.0.0/13, 11.0.0.0/14, 11.0.0.0/15, 11.0.0.0/17, 11.0.0.0/18, 11.0.0.0/20, 10.0.0.1]}", "{header: X-Real-Ip}", "{header: X-A}"} {
		line := "ipStrategy: " + strategy + "\n"
		all = append(all,
			option{"bypass.ips with ipStrategy " + strategy, gate("/closed", "bypass: {ips: [10.0.0.0/8, 203.0.113.0/24, '2001:db8::/32']}") + line},
			option{"{ip} in a gate's path with ipStrategy " + strategy, gate("'/tenants/{ip}/plan'") + line},
			option{"{ip} in targetingKey with ipStrategy " + strategy, gate("/share") + "targetingKey: '{ip}'\n" + line})
	}
	return all
}

// gate is one that is closed when its flag is on.
func gate(path string, lines ...string) string {
	return "gates:\n  - path: " + path + "\n    blockWhen: 'on'\n    " + strings.Join(lines, "\n    ") + "\n"
}
