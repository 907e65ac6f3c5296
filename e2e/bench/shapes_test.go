package bench

import (
	"fmt"
	"strings"
)

// Five rules, of which the last one is true: the whole targeting is evaluated.
const fiveRules = `{"flags":{"rollout":{"state":"ENABLED","variants":{"on":true,"off":false},"defaultVariant":"off","targeting":{"if":[
	{"==":[{"var":"country"},"de"]},"on",
	{"in":[{"var":"plan"},["gold","platinum"]]},"on",
	{"ends_with":[{"var":"email"},"@example.org"]},"on",
	{"starts_with":[{"var":"path"},"/beta/"]},"on",
	{"==":[{"var":"host"},"www.example.com"]},"off"]}}}}`

const attributes = "context: {country: '{header.X-Country}', plan: '{header.X-Plan}', email: '{header.X-Email}'}\n"

// headerRules are n request headers, all with the value of one node.
func headerRules(n int) string {
	rules := "requestHeaders:\n"
	for i := range n {
		rules += fmt.Sprintf("  - {name: X-Value%d, path: /value}\n", i)
	}
	return rules
}

// twoHyphens are rules whose headers have three aliases each.
func twoHyphens(n int) string {
	return strings.ReplaceAll(headerRules(n), "X-Value", "X-Feature-Value")
}

// everybody is a flag that is on for all, for some reason or another.
const everybody = `{"variants":{"a":true,"b":true},"defaultVariant":"a","targeting":{"fractional":[["a",50],["b",50]]}}`

var nodes = map[string]string{"/open": "off", "/closed": "on", "/value": "v", "/share": "25%", "/all": everybody, "/targeting": fiveRules, "/document": document(200), "/by-attribute": byAttribute}

// document has many flags, each a share.
func document(flags int) string {
	var all []string
	for i := range flags {
		all = append(all, fmt.Sprintf(`"f%d":{"state":"ENABLED","variants":{"on":true,"off":false},"defaultVariant":"off","targeting":{"fractional":[["on",25],["off",75]]}}`, i))
	}
	return `{"flags":{` + strings.Join(all, ",") + "}}"
}

// A shape is a configuration whose requests are measured.
type shape struct {
	what   string
	config string
	goal   string
	users  int      // that ask in turns; one where it is 0
	behind []string // the configurations of further middlewares in the chain
}

const byTenant = "targetingKey: '{header.X-Tenant}'\n"

// attributeGate splits users by an attribute, so that each of them has to be evaluated.
const attributeGate = "context: {tenant: '{header.X-Tenant}'}\ngates: [{path: /by-attribute, blockWhen: 'on', dryRun: true}]\n"

const byAttribute = `{"variants":{"on":true,"off":false},"defaultVariant":"off","targeting":{"fractional":[{"var":"tenant"},["on",25],["off",75]]}}`

const shareGate = byTenant + "gates: [{path: /share, blockWhen: 'on', dryRun: true}]\n"

const templateRule = "{name: X-Plan, path: '/few/{header.X-Tenant}/plan'}"

var shapes = []shape{
	{what: "a gate, open", config: "gates: [{path: /open, blockWhen: 'on'}]\n", goal: "at most 0.30"},
	{what: "a gate, closed", config: "gates: [{path: /closed, blockWhen: 'on'}]\n", goal: "at most 2.00"},
	{what: "a gate and a decision header", config: "gates: [{path: /open, blockWhen: 'on'}]\ndecisionHeader: X-Decision\n", goal: "at most 1.50"},
	{what: "1 header", config: headerRules(1), goal: "at most 1.40"},
	{what: "5 headers", config: headerRules(5), goal: "at most 1.88"},
	{what: "20 headers", config: headerRules(20), goal: "at most 4.10"},
	{what: "5 headers with two hyphens", config: twoHyphens(5)},
	{what: "1 header without an alias", config: "requestHeaders: [{name: Authorization, path: /value}]\n", goal: "at most 1.40"},
	{what: "1 header whose node is missing", config: "requestHeaders: [{name: X-Value, path: /missing}]\n"},
	{what: "1 header of the response", config: "responseHeaders: [{name: X-Answer, path: /value}]\n"},
	{what: "1 header, one of the response", config: headerRules(1) + "responseHeaders: [{name: X-Answer, path: /value}]\n", goal: "at most 1.90"},
	{what: "a share by a header", config: shareGate, goal: "at most 1.80"},
	{what: "a share by a cookie", config: strings.ReplaceAll(shareGate, "header.X-Tenant", "cookie.uid"), goal: "at most 1.90"},
	{what: "a share by a cookie or else the address", config: strings.ReplaceAll(shareGate, "header.X-Tenant", "cookie.uid|ip")},
	{what: "a share by the address", config: strings.ReplaceAll(shareGate, "header.X-Tenant", "ip")},
	{what: "a share by a parameter", config: strings.ReplaceAll(shareGate, "header.X-Tenant", "query.page")},
	{what: "a share by a header that blocks this user", config: byTenant + "gates: [{path: /all, blockWhen: 'on'}]\n", goal: "at most 3.00"},
	{what: "a share and 3 headers", config: shareGate + headerRules(3), goal: "at most 3.50"},
	{what: "a share, 3 headers and a template", config: "maxNodes: 30000\n" + shareGate + headerRules(3) + "  - " + templateRule + "\n", goal: "at most 5.00"},
	{what: "a share and a decision header", config: shareGate + "decisionHeader: X-Decision\n", goal: "at most 3.50"},
	{what: "a header by a share", config: byTenant + "requestHeaders: [{name: X-Beta, flag: /share}]\n", goal: "at most 3.00"},
	{what: "one flag of 200 in a document", config: byTenant + "gates: [{path: /document, flag: f100, blockWhen: 'on', dryRun: true}]\n", goal: "at most 1.80"},
	{what: "a targeting of 5 rules", config: attributes + "gates: [{path: /targeting, key: rollout, format: flag, blockWhen: 'on'}]\n", goal: "at most 4.00"},
	{what: "a chain: a gate, a share, a header", config: "gates: [{path: /open, blockWhen: 'on'}]\n", behind: []string{shareGate, headerRules(1)}, goal: "at most 3.70"},
	{what: "a share, users that ask once each", config: shareGate, users: 1 << 30, goal: "less than what is evaluated"},
	{what: "a share, 30,000 users in turns", config: shareGate, users: 30000, goal: "less than what is evaluated"},
	{what: "by an attribute, users that ask once each", config: attributeGate, users: 1 << 30, goal: "as where nothing is kept, times 1.05"},
	{what: "by an attribute, where nothing is kept", config: strings.ReplaceAll(attributeGate, "X-Tenant}", "X-Tenant|header.X-Long}"), users: 1 << 30},
	{what: "a template, 10 tenants", config: "maxNodes: 30000\nrequestHeaders: [" + templateRule + "]\n", goal: "at most 2.30"},
	{what: "a template, 10,000 tenants", config: "maxNodes: 30000\nrequestHeaders: [{name: X-Plan, path: '/tenants/{header.X-Tenant}/plan'}]\n", goal: "at most 2.30"},
}

// With a status page, decisions are counted, in all middlewares of a process. So these have one
// of their own.
var shapesWithStatus = []shape{
	{what: "1 header and a status page", config: headerRules(1) + "statusPath: /.status\n", goal: "at most 1.90"},
	{what: "a share and a status page", config: shareGate + "statusPath: /.status\n", goal: "at most 4.00"},
}
