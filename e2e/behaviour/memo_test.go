package behaviour

import (
	"fmt"
	"math/rand"
	"net/http"
	"reflect"
	"strconv"
	"strings"
	"testing"
)

// What was decided is kept for requests that say the same. Here, two middlewares with the
// same rules are asked the same: one of them appends to a header as well, so that it keeps
// nothing.
var memoized = []behaviour{
	{"what is kept is what would be decided", testKeptDecisions},
	{"kept decisions are counted", testKeptDecisionsAreCounted},
	{"a change ends what is kept", testChangeEndsWhatIsKept},
}

const memoContext = "targetingKey: '{header.X-User}'\ncontext: {plan: '{header.X-Plan}', uid: '{cookie.uid}', both: '{header.X-Plan}-{cookie.uid}', where: '{host}', what: '{path}', how: '{method}', who: '{ip}', page: '{query.page}', first: '{path.1}'}\n"

// memoConfigs are gates and headers by flags of all kinds.
var memoConfigs = []string{
	"gates: [{path: /memo/share}]\n",
	"gates: [{path: /memo/share, status: 503, body: later, jsonBody: '{}'}, {path: /memo/plan, default: 'on'}]\n",
	"gates: [{path: /memo/plan, dryRun: true}, {path: /memo/cookie}]\nrequestHeaders: [{name: X-Theme, flag: /memo/theme, default: none}, {name: X-Same, path: /memo/value}]\n",
	"requestHeaders: [{name: X-Theme, flag: /memo/theme}, {name: X-Other-Theme, flag: /memo/share, value: 'is {value}', map: {'true': yes}}]\n",
	"responseHeaders: [{name: X-Theme, flag: /memo/theme}, {name: X-Value, path: /memo/value}]\n",
	"gates: [{path: /memo/share}]\nresponseHeaders: [{name: X-Theme, flag: /memo/theme, mode: append}, {name: X-Value, path: /memo/value}]\n",
	"gates: [{path: /memo/where}, {path: /memo/what}, {path: /memo/how}]\n",
	"gates: [{path: /memo/who}]\n",
	"gates: [{path: /memo/who}]\nipStrategy: {}\n",
	"gates: [{path: /memo/who}]\nipStrategy: {header: X-Client}\n",
	"gates: [{path: /memo/who}, {path: /memo/cookie}]\nipStrategy: {depth: 1}\n",
	"gates: [{path: /memo/who}, {path: /memo/share, dryRun: true}]\nipStrategy: {excludedIPs: 10.0.0.0/8}\n",
	"gates: [{path: /memo/who, dryRun: true}]\nrequestHeaders: [{name: X-Theme, flag: /memo/page, default: none}]\n",
	"gates: [{path: /memo/page}, {path: /memo/first}]\n",
	"gates: [{path: /memo/both, redirect: /elsewhere}]\nrequestHeaders: [{name: X-Gone, mode: remove}]\n",
	"gates: [{path: /memo/plan, bypass: {methods: PUT}}, {path: /memo/share, bypass: {header: {name: X-Secret, value: long-enough-secret}}}]\n",
	"gates: [{path: /memo/number}]\nrequestHeaders: [{name: X-Theme, flag: /memo/number, default: none}]\n",
}

func (s *suite) seedMemo() {
	for path, node := range map[string]string{
		"share": "40%", "value": "same", "number": `{"variants":{"a":1,"b":true},"defaultVariant":"a","targeting":{"if":[` + is("plan", "gold") + `,"b",` + is("plan", "none") + `,"c"]}}`,
		"plan": when(is("plan", "gold")), "cookie": when(is("uid", "7")), "both": when(is("both", "gold-7")),
		"theme": `{"variants":{"a":"blue","b":"red","c":""},"defaultVariant":"c","targeting":{"fractional":[["a",1],["b",1],["c",1]]}}`,
		"where": when(`{"!":` + is("where", "closed.test") + `}`), "what": when(`{"!":` + is("what", "/closed") + `}`), "how": when(`{"!":` + is("how", "PUT") + `}`),
		"who": when(is("who", "192.0.2.7")), "page": when(is("page", "2")), "first": when(`{"!":` + is("first", "closed") + `}`),
	} {
		s.admin.Put("/memo/"+path, []byte(node))
	}
}

// memoRequest is one of a few hundred, some of which a client that means harm would send.
func memoRequest(random *rand.Rand) request {
	one := func(of ...string) string { return of[random.Intn(len(of))] }
	q := request{method: one("GET", "GET", "POST", "PUT"), host: one("", "closed.test", "open.test"), url: one("", "/", "/closed", "/closed%00x", "/open", "/closed/x", "/open%2fx", "/open/x", "/closed%2e", "/?page=2", "/?page=3", "/?page=2;", "/?page=%", "/closed?page=2&x=y", "/?"+strings.Repeat("page=2&", 200)),
		remote: one("", "192.0.2.7:5", "192.0.2.7:6", "[::1]:7", "nobody")}
	for range random.Intn(5) {
		q.headers = append(q.headers, one("X-User: ann", "X-User: bob", "X-User: user-"+strconv.Itoa(random.Intn(1000)), "X-User: ", "X-User:  ann", "X-Plan: gold", "X-Plan: none", "X-Plan: gold ", "X_Plan: gold", "Cookie: uid=7", "Cookie: uid=8; a=b",
			"Cookie: a=b; uid=7", "X-Theme: forged", "X-Secret: long-enough-secret", "X-Gone: here", "Accept: application/json", "X-Zookeeper-Decision: forged", "X-User: "+strings.Repeat("x", 2000), "X-Real-Ip: 192.0.2.7", "X-Real-Ip: 192.0.2.8", "X-Real-Ip: ", "X-Client: 192.0.2.7", "X-Client: 192.0.2.8",
			"X-Forwarded-For: 192.0.2.7", "X-Forwarded-For: 192.0.2.8", "X-Forwarded-For: 192.0.2.7, 10.0.0.1", "X-Forwarded-For: 192.0.2.8, 192.0.2.7", "X-Forwarded-For: "+strings.Repeat("10.0.0.1, ", 120)+"10.0.0.2", "X-Plan: "+strings.Repeat("gold", 400), "X-Plan: "+strings.Repeat("g", 1024), "X-Plan: "+strings.Repeat("g", 1025)))
	}
	return q
}

func testKeptDecisions(t *testing.T, s *suite) {
	s.seedMemo()
	random := rand.New(rand.NewSource(1))
	for _, rules := range memoConfigs {
		for _, more := range []string{"", decisionLine} {
			keeps := s.start(t, anyCluster+memoContext+rules+more)
			decides := s.start(t, anyCluster+memoContext+withoutMemo(rules)+more)
			var all []request
			for range 60 {
				all = append(all, memoRequest(random))
			}
			for range 4 {
				for _, q := range all {
					got, left := keeps.ask(q)
					want, wanted := decides.ask(q)
					addLength(&got)
					addLength(&want)
					if !reflect.DeepEqual(got, want) || !reflect.DeepEqual(left.Header, wanted.Header) {
						t.Fatalf("%s%+.200v\ngets %+v\nand leaves %v;\ndecided anew, it gets %+v\nand leaves %v", rules, q, got, left.Header, want, wanted.Header)
					}
				}
			}
		}
	}
}

// addLength adds what a server adds to a short answer.
func addLength(a *answer) {
	if a.service == nil && a.answer["Content-Length"] == nil {
		a.answer.Set("Content-Length", strconv.Itoa(len(a.body)))
	}
}

// withoutMemo has rules append to a header, though nothing, so that nothing is kept.
func withoutMemo(rules string) string {
	const appends = "requestHeaders: [{name: X-Appended, path: /none, mode: append}"
	if strings.Contains(rules, "requestHeaders: [") {
		return strings.Replace(rules, "requestHeaders: [", appends+", ", 1)
	}
	return rules + appends + "]\n"
}

func testKeptDecisionsAreCounted(t *testing.T, s *suite) {
	s.seedMemo()
	rules := "gates: [{path: /memo/plan, dryRun: true}]\nrequestHeaders: [{name: X-Theme, flag: /memo/theme}]\nstatusPath: /.status\n"
	inst := s.start(t, anyCluster+memoContext+rules)
	for range 10 {
		for _, plan := range []string{"gold", "none", "gold"} {
			inst.get("X-User: ann", "X-Plan: "+plan)
		}
	}
	metrics := inst.send(http.MethodGet, "", "/.status/metrics").body
	for line, count := range map[string]int{
		`gate="/memo/plan",decision="pass",reason="TARGETING_MATCH"`: 20, `gate="/memo/plan",decision="dry-run",reason="DEFAULT"`: 10,
		`rule="gate",flag="/memo/plan",variant="on"`: 20, `rule="gate",flag="/memo/plan",variant="off"`: 10,
	} {
		if !strings.Contains(metrics, fmt.Sprintf("{middleware=%q,%s} %d\n", t.Name(), line, count)) {
			t.Errorf("%s isn't %d", line, count)
		}
	}
}

// With the change of any node that is read, all is decided anew.
func testChangeEndsWhatIsKept(t *testing.T, s *suite) {
	s.seedMemo()
	inst := s.start(t, anyCluster+memoContext+"gates: [{path: /memo/plan}]\nrequestHeaders: [{name: X-Theme, flag: /memo/theme}]\n")
	status := func() int { return inst.status(with("X-User: ann", "X-Plan: gold")) }
	for i := range 6 {
		plan, want := "gold", http.StatusOK
		if i%2 == 1 {
			plan, want = "silver", http.StatusForbidden
		}
		s.admin.Put("/memo/plan", []byte(when(is("plan", plan))))
		eventually(t, func() bool { return status() == want }, func() string { return fmt.Sprintf("it stays %d", status()) })
		for range 5 {
			if got := status(); got != want {
				t.Fatalf("it is %d", got)
			}
		}
	}
}
