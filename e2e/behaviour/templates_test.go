package behaviour

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/mod-zookeeper/traefik-zookeeper/e2e/internal/zkserver"
)

// by sends a request that says who it is, and returns the header that the service
// sees.
func (inst *instance) by(who string) string {
	a := inst.get("X-User: " + who)
	return strings.Join(a.service["X-Value"], " | ")
}

func (inst *instance) awaitBy(t *testing.T, who, want string) {
	t.Helper()
	eventually(t, func() bool { return inst.by(who) == want }, func() string {
		return fmt.Sprintf("%q gets %q, want %q", who, inst.by(who), want)
	})
}

func personal(path, more string) string {
	return anyCluster + "requestHeaders:\n  - {name: X-Value, path: '" + path + "', default: nothing" + more + "}\n"
}

const anyCluster = "clusters:\n  $CLUSTER: {servers: $SERVERS}\n"

var templates = []behaviour{
	{"a value for each who asks", testValueForEachWhoAsks},
	{"tenants come and go", testTenantsComeAndGo},
	{"what a client sends leads nowhere else", testWhatAClientSendsLeadsNowhereElse},
	{"parts of a request", testPartsOfARequest},
	{"a path that can be read in two ways has no segments", testPathThatCanBeReadInTwoWaysHasNoSegments},
	{"gates for each who asks", testGatesForEachWhoAsks},
	{"children and existence for each who asks", testChildrenAndExistenceForEachWhoAsks},
	{"more nodes than allowed", testMoreNodesThanAllowed},
	{"several patterns for the same nodes", testSeveralPatternsForTheSameNodes},
	{"a pattern that comes later sees what was there before", testPatternThatComesLaterSeesWhatWasThereBefore},
	{"values of an ensemble that was restored from an older copy", testValuesOfAnEnsembleThatWasRestoredFromAnOlderCopy},
	{"a limit that is raised, and two limits", testLimitThatIsRaisedAndTwoLimits},
	{"odd names", testOddNames},
	{"values of an outage", testValuesOfAnOutage},
	{"mistakes with placeholders", testMistakesWithPlaceholders},
	{"all nodes, with maxNodes set", testAllNodesWithMaxNodesSet},
}

func testValueForEachWhoAsks(t *testing.T, s *suite) {
	s.admin.Put("/each/ann/plan", []byte("gold"))
	s.admin.Put("/each/bob/plan", []byte("free"))
	s.admin.Put("/each-default", []byte("trial"))
	inst := s.start(t, personal("/each/{header.X-User}/plan, /each-default", ""))
	for who, want := range map[string]string{"ann": "gold", "bob": "free", "eve": "trial", "": "trial"} {
		inst.awaitBy(t, who, want)
	}
}

func testTenantsComeAndGo(t *testing.T, s *suite) {
	inst := s.start(t, personal("/tenants/{header.X-User}/a/{method}/plan", ""))
	inst.awaitBy(t, "ann", "nothing")
	for round := range 3 {
		value := fmt.Sprint("plan ", round)
		s.admin.Put("/tenants/ann/a/GET/plan", []byte(value))
		s.admin.Put("/tenants/bob/a/POST/plan", []byte(value))
		inst.awaitBy(t, "ann", value)
		s.admin.Put("/tenants/ann/a/GET/plan", []byte("changed"))
		inst.awaitBy(t, "ann", "changed")
		if got := inst.by("bob"); got != "nothing" {
			t.Errorf("bob has no plan for GET, and gets %q", got)
		}
		s.admin.Delete("/tenants/ann/a")
		inst.awaitBy(t, "ann", "nothing")
		s.admin.Delete("/tenants")
		inst.awaitBy(t, "ann", "nothing")
	}
}

func testWhatAClientSendsLeadsNowhereElse(t *testing.T, s *suite) {
	s.admin.Put("/jail/ann/plan", []byte("hers"))
	s.admin.Put("/jail/deep/er/plan", []byte("deeper"))
	s.admin.Put("/secret/plan", []byte("secret"))
	server := zkserver.Start(t)
	admin := server.Client(t)
	admin.Put("/jail/ann/plan", []byte("hers"))
	admin.Put("/secret/plan", []byte("secret"))
	inst := s.must(t, "clusters:\n  "+uniqueCluster()+": {servers: '"+server.Addr()+"'}\nrequestHeaders:\n"+
		"  - {name: X-Value, path: '/jail/{header.X-User}/plan', default: nothing}\n")
	inst.awaitBy(t, "ann", "hers")
	before, err := server.Watches()
	if err != nil {
		t.Fatal(err)
	}
	for _, who := range []string{
		"", ".", "..", "../secret", "ann/../../secret", "deep/er", "/", "ann\x00", "\x7f", "ann\n", "%2e%2e", strings.Repeat("x", 5000), "Ann", "ann/",
	} {
		if got := inst.by(who); got != "nothing" {
			t.Errorf("%q gets %q", who, got)
		}
	}
	for i := range 200 {
		inst.by(fmt.Sprint("stranger", i))
	}
	if after, err := server.Watches(); after != before || err != nil {
		t.Errorf("%d watches were %d, %v", after, before, err)
	}
}

func testPartsOfARequest(t *testing.T, s *suite) {
	for _, c := range []struct{ path, node, host, url, header string }{
		{"/parts/host/{host}", "/parts/host/shop.example", "Shop.Example.:8080", "/", ""},
		{"/parts/method/{method}", "/parts/method/GET", "", "/", ""},
		{"/parts/path/{path.2}", "/parts/path/b c", "", "/a/b%20c/d", ""},
		{"/parts/query/{query.country}", "/parts/query/ch", "", "/?country=ch&country=de", ""},
		{"/parts/ip/{ip}", "/parts/ip/192.0.2.1", "", "/", ""},
		{"/parts/cookie/{cookie.tenant}", "/parts/cookie/acme", "", "/", "Cookie: other=1; tenant=acme"},
		{"/parts/alternative/{cookie.none|header.X-Tenant}", "/parts/alternative/acme", "", "/", "X-Tenant: acme"},
		{"/parts/constant/{cookie.none|'public'}", "/parts/constant/public", "", "/", ""},
		{"/parts/around/a-{method}-{host}.b", "/parts/around/a-GET-example.test.b", "", "/", ""},
	} {
		s.admin.Put(c.node, []byte(c.node))
		inst := s.start(t, personal(strings.ReplaceAll(c.path, "'", "''"), ""))
		eventually(t, func() bool { return inst.asked(c.host, c.url, c.header) == c.node }, func() string {
			return fmt.Sprintf("%s gives %q", c.path, inst.asked(c.host, c.url, c.header))
		})
	}
}

func testPathThatCanBeReadInTwoWaysHasNoSegments(t *testing.T, s *suite) {
	s.admin.Put("/segments/ann", []byte("hers"))
	s.admin.Put("/segments/bob", []byte("his"))
	inst := s.start(t, personal("/segments/{path.1}", ""))
	for _, url := range []string{"/ann", "/ann/", "/ann/x?y", "/%61nn/x", "/ann/100%25/%2525", "/ann/a..b", "/ann/x;y=.."} {
		eventually(t, func() bool { return inst.asked("", url, "") == "hers" }, func() string { return url + " gives " + inst.asked("", url, "") })
	}
	for _, url := range []string{
		"/x/..%2fann", "/bob%2f..%2fann", "/bob/..%2Fann/x", "/bob%2F%2E%2e/ann", "/bob/%2e%2e/ann", "/bob/../ann", "/./ann", "//ann", "/bob/..;/ann", "/bob/..%5cann", "/ann%2fx", "/ann/%2e", "/ann%5c", "/ann//x",
	} {
		if got := inst.asked("", url, ""); got != "nothing" {
			t.Errorf("%s gives %q", url, got)
		}
	}
}

func testGatesForEachWhoAsks(t *testing.T, s *suite) {
	s.admin.Put("/gated/ann", []byte("on"))
	s.admin.Put("/gated/bob", []byte("off"))
	s.admin.Put("/gated/cat", []byte(`{"state":"ENABLED","variants":{"on":true,"off":false},"defaultVariant":"off","targeting":{"if":[{"==":[{"var":"method"},"GET"]},"on"]}}`))
	inst := s.start(t, anyCluster+"gates:\n  - {path: '/gated/{header.X-User}'}\n")
	status := func(who string) int { return inst.get("X-User: " + who).status }
	eventually(t, func() bool { return status("ann") == http.StatusOK }, func() string { return "ann is kept out" })
	for who, want := range map[string]int{"bob": 403, "cat": 200, "eve": 403, "": 403, "../gated/ann": 403} {
		if got := status(who); got != want {
			t.Errorf("%q gets %d, want %d", who, got, want)
		}
	}
	s.admin.Put("/gated/bob", []byte("on"))
	eventually(t, func() bool { return status("bob") == http.StatusOK }, func() string { return "bob is kept out" })
}

func testChildrenAndExistenceForEachWhoAsks(t *testing.T, s *suite) {
	s.admin.Put("/lists/ann/b", nil)
	s.admin.Put("/lists/ann/a", nil)
	names := s.start(t, personal("/lists/{header.X-User}", ", format: children"))
	names.awaitBy(t, "ann", "a,b")
	s.admin.Put("/lists/ann/c", nil)
	names.awaitBy(t, "ann", "a,b,c")
	exists := s.start(t, personal("/lists/{header.X-User}", ", format: exists"))
	exists.awaitBy(t, "ann", "true")
	exists.awaitBy(t, "bob", "false")
	s.admin.Put("/lists/bob", nil)
	exists.awaitBy(t, "bob", "true")
}

func testSeveralPatternsForTheSameNodes(t *testing.T, s *suite) {
	s.admin.Put("/shared/ann/plan", []byte(`{"a":"b"}`))
	config := strings.ReplaceAll(anyCluster, "$CLUSTER", uniqueCluster()) + "startupTimeout: 1h\nrequestHeaders:\n"
	s.start(t, config+"  - {name: X-Value, path: '/shared/{header.X-User}/plan'}\n").awaitBy(t, "ann", `{"a":"b"}`)
	s.start(t, config+"  - {name: X-Value, path: '/shared/{header.X-User}/plan', format: json, key: a}\n").awaitBy(t, "ann", "b")
	s.start(t, config+"  - {name: X-Value, path: '/shared/{header.X-User}', format: children}\n").awaitBy(t, "ann", "plan")
	s.start(t, config+"  - {name: X-Value, path: /shared/ann/plan}\n").awaitBy(t, "ann", `{"a":"b"}`)
	s.admin.Put("/shared/ann/plan", []byte(`{"a":"c"}`))
	s.admin.Put("/shared/ann/more", nil)
	s.start(t, config+"  - {name: X-Value, path: '/shared/{header.X-User}', format: children}\n").awaitBy(t, "ann", "more,plan")
}

func testPatternThatComesLaterSeesWhatWasThereBefore(t *testing.T, s *suite) {
	name := uniqueCluster()
	config := "clusters:\n  " + name + ": {servers: " + s.zk.Addr() + "}\nrequestHeaders:\n"
	s.admin.Put("/later/ann/plan", []byte("gold"))
	first := s.must(t, config+"  - {name: X-Value, path: '/later/{header.X-User}/plan', default: nothing}\n")
	first.awaitBy(t, "ann", "gold")
	for _, who := range []string{"bob", "cat"} {
		s.admin.Put("/later/"+who+"/plan", []byte("gold"))
		s.admin.Put("/later/"+who+"/blocked", []byte("on"))
		first.awaitBy(t, who, "gold")
		gate := s.must(t, config+"  - {name: X-Value, path: '/later/{header.X-User}/plan', encoding: base64, default: nothing}\n"+
			"gates:\n  - {path: '/later/{header.X-User}/blocked', blockWhen: 'on', maxNodes: "+fmt.Sprint(100+len(who))+"}\n")
		eventually(t, func() bool { return gate.get("X-User: "+who).status == 403 }, func() string { return who + " is let in" })
		names := s.must(t, config+"  - {name: X-Value, path: /later, format: children}\n")
		eventually(t, func() bool { return strings.Contains(names.header("X-Value"), who) }, func() string { return names.header("X-Value") })
	}
	s.admin.Delete("/later/bob")
	first.awaitBy(t, "bob", "nothing")
	late := s.must(t, config+"  - {name: X-Value, path: '/later/{header.X-User}', default: nothing}\n  - {name: X-Names, path: /later, format: children}\n")
	late.awaitHeader(t, "X-Names", "ann,cat")
}

func testValuesOfAnEnsembleThatWasRestoredFromAnOlderCopy(t *testing.T, s *suite) {
	server := zkserver.Start(t)
	admin := server.Client(t)
	admin.Put("/tenants/ann", []byte("on"))
	config := "clusters:\n  " + uniqueCluster() + ": {servers: '" + server.Addr() + "'}\n"
	inst := s.must(t, config+"requestHeaders:\n  - {name: X-Value, path: '/tenants/{header.X-User}', default: nothing}\n  - {name: X-Fixed, path: /tenants/ann}\n")
	inst.awaitBy(t, "ann", "on")
	restore, err := server.Copy(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	for i := range 5 {
		admin.Put("/tenants/ann", []byte(fmt.Sprint("off ", i)))
	}
	admin.Put("/tenants/bob", []byte("new"))
	inst.awaitBy(t, "ann", "off 4")
	inst.awaitBy(t, "bob", "new")
	server.Stop()
	if err := restore(); err != nil {
		t.Fatal(err)
	}
	inst.awaitBy(t, "ann", "on")
	inst.awaitBy(t, "bob", "nothing")
	inst.awaitHeader(t, "X-Fixed", "on")
}

func testOddNames(t *testing.T, s *suite) {
	for _, name := range []string{"a b", "Zürich", "ä☂", "...", strings.Repeat("n", 1000), "a=b;c", "{x}", "%2F"} {
		s.admin.Put("/odd/"+name, []byte("odd"))
		s.start(t, personal("/odd/{header.X-User}", "")).awaitBy(t, name, "odd")
	}
}

func testValuesOfAnOutage(t *testing.T, s *suite) {
	server := zkserver.Start(t)
	admin := server.Client(t)
	admin.Put("/kept/ann", []byte("known"))
	config := "clusters:\n  " + uniqueCluster() + ": {servers: '" + server.Addr() + "', sessionTimeout: 1s}\nrequestHeaders:\n" +
		"  - {name: X-Value, path: '/kept/{header.X-User}', default: nothing}\n"
	inst, aging := s.must(t, config), s.must(t, config+"maxStale: 1s\n")
	inst.awaitBy(t, "ann", "known")
	aging.awaitBy(t, "ann", "known")
	server.Kill()
	aging.awaitBy(t, "ann", "nothing")
	if got := inst.by("ann"); got != "known" {
		t.Errorf("ann gets %q", got)
	}
	if err := server.Start(); err != nil {
		t.Fatal(err)
	}
	admin.Put("/kept/ann", []byte("new"))
	admin.Put("/kept/bob", []byte("newer"))
	for _, i := range []*instance{inst, aging} {
		i.awaitBy(t, "ann", "new")
		i.awaitBy(t, "bob", "newer")
	}
}

func testMistakesWithPlaceholders(t *testing.T, s *suite) {
	for _, m := range []mistake{
		{"unknown placeholder", rule("name: X-A, path: '/a/{user}'"), []string{"requestHeaders[0].path", "/a/{user}", "{header.NAME}"}},
		{"no segment", rule("name: X-A, path: '/a/{path.0}'"), []string{"requestHeaders[0].path", "/a/{path.0}", "{path.1}"}},
		{"unbalanced", rule("name: X-A, path: '/a/{host'"), []string{"requestHeaders[0].path", "/a/{host", "brace"}},
		{"unbalanced the other way", rule("name: X-A, path: '/a/host}'"), []string{"requestHeaders[0].path", "/a/host}", "brace"}},
		{"in the first segment", rule("name: X-A, path: '/{host}/a'"), []string{"requestHeaders[0].path", "/{host}/a", "maxNodes"}},
		{"system nodes", rule("name: X-A, path: '/zookeeper/{host}'"), []string{"requestHeaders[0].path", "/zookeeper/{host}", "ZooKeeper's own"}},
		{"dots", rule("name: X-A, path: '/a/../{host}'"), []string{"requestHeaders[0].path", "/a/../{host}", ".."}},
		{"maxNodes of 0", rule("name: X-A, path: '/a/{host}', maxNodes: 0"), []string{"requestHeaders[0].maxNodes", `"0"`, "from 1 on"}},
		{"maxNodes in words", good + "maxNodes: many\n", []string{"maxNodes", `"many"`, "from 1 on"}},
		{"a page for each", gateRule("path: /a, bodyPath: '/a/{host}'"), []string{"gates[0].bodyPath", "no placeholders"}},
	} {
		t.Run(m.name, func(t *testing.T) {
			if strings.Contains(m.config, "gates:") {
				guarded(t, s, m)
				return
			}
			_, err := s.try(t, m.config)
			if err == nil {
				t.Fatal("no error")
			}
			m.check(t, err.Error())
		})
	}
}

// asked sends a request to a host with one more header.
func (inst *instance) asked(host, url, header string) string {
	a := inst.send(http.MethodGet, host, url, header)
	return strings.Join(a.service["X-Value"], " | ")
}
