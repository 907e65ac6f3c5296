package behaviour

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/mod-zookeeper/traefik-zookeeper/flag"
)

func is(attribute, value string) string {
	return fmt.Sprintf(`{"==":[{"var":%q},%q]}`, attribute, value)
}

// attributes are conditions, a request that fulfils each, and one that doesn't.
var attributes = []struct {
	condition string
	yes, no   request
}{
	{is("host", "shop.example"), request{host: "shop.example"}, request{host: "shop.example.net"}},
	{is("host", "shop.example"), request{host: "SHOP.Example.:8443"}, request{host: "shop.examples:8443"}},
	{is("host", "2001:db8::1"), request{host: "[2001:DB8::1]:80"}, request{host: "[2001:db8::2]:80"}},
	{is("path", "/a b/c"), request{url: "/a%20b/c?d=e"}, request{url: "/a%2520b/c"}},
	{is("method", "POST"), request{method: "POST"}, request{method: "post"}},
	{is("ip", "192.0.2.7"), request{remote: "192.0.2.7:80"}, request{remote: "192.0.2.77:80"}},
	{is("ip", "2001:db8::7"), request{remote: "[2001:db8::7]:80"}, request{remote: "[2001:db8::8]:80"}},
	{is("ip", "192.0.2.7"), request{headers: []string{"X-Real-Ip: 192.0.2.7"}}, request{remote: "192.0.2.7:80", headers: []string{"X-Real-Ip: 10.0.0.1"}}},
	{is("headers.x-tier", "gold"), request{headers: []string{"X-TIER: gold"}}, request{headers: []string{"X_Tier: gold"}}},
	{is("headers.x-tier", "gold"), request{headers: []string{"X-Tier: gold", "X-Tier: free"}}, request{headers: []string{"X-Tier: free", "X-Tier: gold"}}},
	{`{"!":{"var":"headers.x-tier"}}`, request{}, request{headers: []string{"X-Tier: gold"}}},
	{is("cookies.tier", "gold"), request{headers: []string{"Cookie: a=b; tier=gold; c=d"}}, request{headers: []string{"Cookie: Tier=gold; xtier=gold"}}},
	{is("cookies.tier", "gold"), request{headers: []string{"Cookie: tier=gold; tier=free"}}, request{headers: []string{"Cookie: tier=free; tier=gold"}}},
	{is("query.tier", "gold & more"), request{url: "/?tier=gold+%26+more&tier=free"}, request{url: "/?tier=free&tier=gold+%26+more"}},
	{is("query.a.b", "c"), request{url: "/?a.b=c"}, request{url: "/?a=c"}},
	{is("plan", "acme-gold"), request{url: "/acme", headers: []string{"X-Plan: gold"}}, request{url: "/acme"}},
	{is("plan", "acme-none"), request{url: "/acme", headers: []string{"X-Plan: none"}}, request{url: "/", headers: []string{"X-Plan: none"}}},
	{`{"starts_with":[{"var":"path"},"/api/"]}`, request{url: "/api/x"}, request{url: "/apis"}},
	{`{"sem_ver":[{"var":"headers.x-app"},">=","2.1.0"]}`, request{headers: []string{"X-App: 2.10.0"}}, request{headers: []string{"X-App: 2.0.9"}}},
	{`{"in":[{"var":"ip"},["192.0.2.1","192.0.2.7"]]}`, request{remote: "192.0.2.7:1"}, request{remote: "192.0.2.8:1"}},
	// Names that only the evaluation tells.
	{`{"==":[{"var":{"cat":["headers.x-","tier"]}},"gold"]}`, request{headers: []string{"X-Tier: gold"}}, request{headers: []string{"X-Tier: free"}}},
	{`{"==":[{"var":{"cat":["query.","tier"]}},"gold"]}`, request{url: "/?tier=gold&tier=free"}, request{url: "/?tier=free&tier=gold"}},
	{`{"==":[{"var":{"cat":["pl","an"]}},"acme-gold"]}`, request{url: "/acme", headers: []string{"X-Plan: gold"}}, request{url: "/acme"}},
	{`{"==":[{"var":{"cat":["targeting","Key"]}},"ann"]}`, request{headers: []string{"X-User: ann"}}, request{}},
	{`{"in":["gold",{"cat":[{"var":"headers"},{"var":"cookies.tier"}]}]}`, request{headers: []string{"Cookie: tier=gold"}}, request{}},
	{`{"!":{"missing":["query.a","cookies.b"]}}`, request{url: "/?a=1", headers: []string{"Cookie: b=2"}}, request{url: "/?a=1"}},
}

const contextLines = "targetingKey: '{header.X-User}'\ncontext:\n  plan: '{path.1}-{header.X-Plan}'\n"

// keys are templates of the targeting key, a request, and the key that it has.
var keys = []struct {
	template string
	request  request
	want     string
}{
	{"{cookie.uid|header.X-User|ip}", request{remote: "192.0.2.9:1", headers: []string{"X-User: ann", "Cookie: uid=u1"}}, "u1"},
	{"{cookie.uid|header.X-User|ip}", request{remote: "192.0.2.9:1", headers: []string{"X-User: ann"}}, "ann"},
	{"{cookie.uid|header.X-User|ip}", request{remote: "192.0.2.9:1", headers: []string{"Cookie: uid="}}, "192.0.2.9"},
	{"{cookie.uid|header.X-User|ip}", request{remote: "[2001:db8::1]:1"}, "2001:db8::1"},
	{"{host}/{path.1}", request{host: "A.example:80", url: "/x/y"}, "a.example/x"},
	{"{query.u|'nobody'}", request{}, "nobody"},
	{"{query.u}", request{}, ""},
}

var attributed = []behaviour{
	{"attributes of a request", testAttributesOfARequest},
	{"the targeting key", testTargetingKey},
	{"the targeting key by context", testTargetingKeyByContext},
	{"a share by cookie, else by address", testShareByCookieElseByAddress},
	{"who is in a share", testWhoIsInAShare},
	{"who is in a share, for a header", testSaltedHeader},
	{"a targeting sees managed headers as the plugin sets them", managed},
}

func testAttributesOfARequest(t *testing.T, s *suite) {
	for i, c := range attributes {
		path := fmt.Sprint("/attributes/", i)
		s.admin.Put(path, []byte(when(c.condition)))
		inst := s.start(t, gateAt(path)+contextLines)
		if yes, no := inst.status(c.yes), inst.status(c.no); yes != http.StatusOK || no != http.StatusForbidden {
			t.Errorf("%s: %d and %d for %+v and %+v", c.condition, yes, no, c.yes, c.no)
		}
	}
}

func testTargetingKey(t *testing.T, s *suite) {
	for i, c := range keys {
		path := fmt.Sprint("/keys/", i)
		s.admin.Put(path, []byte(when(is("targetingKey", c.want))))
		inst := s.start(t, gateAt(path)+"targetingKey: \""+c.template+"\"\n")
		want := http.StatusOK
		if c.want == "" {
			want = http.StatusForbidden
		}
		if got := inst.status(c.request); got != want {
			t.Errorf("%s: %d for %+v", c.template, got, c.request)
		}
	}
}

func testTargetingKeyByContext(t *testing.T, s *suite) {
	s.admin.Put("/keys/context", []byte(when(ann)))
	inst := s.start(t, gateAt("/keys/context")+"context: {targetingKey: '{header.X-User}'}\n")
	if a, b := inst.status(as("ann")), inst.status(as("bob")); a != 200 || b != 403 {
		t.Errorf("ann %d, bob %d", a, b)
	}
}

func testShareByCookieElseByAddress(t *testing.T, s *suite) {
	s.admin.Put("/keys/share", []byte("50%"))
	inst := s.start(t, gateAt("/keys/share")+"targetingKey: '{cookie.uid|ip}'\n")
	set, err := flag.Parse([]byte("50%"))
	if err != nil {
		t.Fatal(err)
	}
	for i := range 100 {
		key := fmt.Sprint("10.0.0.", i)
		want := set.Salted("/keys/share").Evaluate("", false, flag.Map{"targetingKey": key}).Value == true
		for _, q := range []request{{remote: key + ":1"}, {remote: key + ":2", url: "/x"}, {headers: []string{"Cookie: uid=" + key}}} {
			if got := inst.status(q) == http.StatusOK; got != want {
				t.Errorf("%+v: %t", q, got)
			}
		}
	}
}

// managed: what a client sends in a header that the plugin manages is as
// invisible to targetings as it is to the service.
func managed(t *testing.T, s *suite) {
	s.admin.Put("/managed/value", []byte("ours"))
	s.admin.Put("/managed/flag", []byte(`{"variants":{"a":"ours"},"defaultVariant":"a"}`))
	s.admin.Put("/managed/late", []byte(`{"variants":{"a":"ours","b":"hers"},"defaultVariant":"a","targeting":{"if":[`+ann+`,"b"]}}`))
	for i, c := range []struct{ name, rule, more string }{
		{"a value", "path: /managed/value", ""},
		{"a flag", "flag: /managed/flag", ""},
		{"a flag, with a decision header", "flag: /managed/flag", "decisionHeader: X-Decision\n"},
		{"a flag with targeting", "flag: /managed/late", ""},
		{"no value", "path: /managed/none", ""},
		{"no flag", "flag: /managed/none", ""},
		{"no flag, with a decision header", "flag: /managed/none", "decisionHeader: X-Decision\n"},
		{"the decision header", "path: /managed/value", "decisionHeader: X-Managed\n"},
		{"the secret's header", "path: /managed/value", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			rules := "requestHeaders:\n  - {name: X-Managed, " + c.rule + "}\n"
			lines := []string{}
			seen := "context: {seen: '{header.X-Managed}'}\n"
			switch c.name {
			case "the decision header":
				rules = ""
			case "the secret's header":
				rules = ""
				lines = append(lines, "bypass: {header: {name: X-Managed, value: "+password+"}}")
			}
			if rules == "" { // what can't ever be seen may not be asked for
				s.start(t, gateAt("/managed/flag", lines...)+c.more+seen).awaitStatus(t, http.StatusServiceUnavailable)
				seen = "context: {seen: '{host}'}\n"
			}
			for j, condition := range []string{
				is("headers.x-managed", "forged"), `{"==":[{"var":{"cat":["headers.","x-managed"]}},"forged"]}`,
				is("headers.x_managed", "forged"), `{"in":["forged",{"cat":[{"var":"headers.x-managed"},{"var":"seen"}]}]}`,
			} {
				path := fmt.Sprintf("/managed/gate/%d/%d", i, j)
				s.admin.Put(path, []byte(when(condition)))
				inst := s.start(t, gateAt(path, lines...)+rules+c.more+"targetingKey: '{header.X-User}'\n"+seen)
				for _, spelling := range []string{"X-Managed", "X_Managed", "x-MANAGED"} {
					a, _ := inst.ask(request{headers: []string{spelling + ": forged", "X-User: ann"}})
					if a.status != http.StatusForbidden {
						t.Errorf("%s sent as %s gets %d, %s", condition, spelling, a.status, strings.Join(a.service["X-Managed"], ","))
					}
				}
			}
		})
	}
}
