package behaviour

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

// chained is what middlewares of the plugin do that stand behind one another.
var chained = []behaviour{
	{"a secret in a chain", testSecretInAChain},
	{"the decisions of a chain", testDecisionsOfAChain},
	{"a request that is tried again in a chain", testRequestThatIsTriedAgain},
	{"headers of the response in a chain", testHeadersOfTheResponseInAChain},
	{"a refusal behind headers of the response", testRefusalBehindHeadersOfTheResponse},
	{"what a refusal withholds", testWhatARefusalWithholds},
}

// chain is middlewares with these configurations, in their order, in front of a service.
func (s *suite) chain(t *testing.T, service http.Handler, configs ...string) *instance {
	t.Helper()
	inst := &instance{}
	var next http.Handler = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		inst.seen.Store(r)
		service.ServeHTTP(w, r)
	})
	for i := len(configs) - 1; i >= 0; i-- {
		next = s.before(t, configs[i], next)
	}
	inst.handler = next
	return inst
}

var fine = http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusOK) })

// A gate lets those pass whose secret a middleware in front has taken out of the request.
// No service gets it, and nobody else passes.
func testSecretInAChain(t *testing.T, s *suite) {
	s.admin.Put("/chain/on", []byte("on"))
	s.admin.Put("/chain/off", []byte("off"))
	const bypass = "bypass: {header: {name: X-Pass, value: " + password + "}, cookie: {name: pass, value: " + password + "}}"
	for _, first := range []string{"/chain/on", "/chain/off", "/chain/none"} {
		for _, more := range []string{"", decisionLine, "targetingKey: '{ip}'\n"} {
			inst := s.chain(t, fine, gateAt(first, bypass)+more, gateAt("/chain/off", bypass)+more, anyCluster+"requestHeaders: [{name: X-Value, path: /chain/on}]\n", gateAt("/chain/off", bypass))
			for _, q := range []string{"X-Pass: " + password, "x-pass: " + password, "Cookie: a=b; pass=" + password, "Cookie: pass=" + password} {
				a, _ := inst.ask(with(q, "X-Other: kept"))
				if a.status != http.StatusOK {
					t.Errorf("%s: %d for %.8s", first, a.status, q)
				}
				for name, values := range a.service {
					if strings.Contains(strings.Join(values, " "), password) {
						t.Errorf("the service sees the secret in %s", name)
					}
				}
			}
			for _, q := range []string{"", "X-Pass: wrong", "Cookie: pass=wrong", "X-Other: " + password} {
				if got := inst.status(with(q)); got != http.StatusForbidden {
					t.Errorf("%s: %d for %s", first, got, q)
				}
			}
		}
	}
}

// Decisions stand in one header in the order of the middlewares, for the service and the
// access log, whichever of them blocks. What the client has put there goes.
func testDecisionsOfAChain(t *testing.T, s *suite) {
	s.admin.Put("/chain/on", []byte("on"))
	s.admin.Put("/chain/share", []byte("100%"))
	s.admin.Put("/chain/theme", []byte(`{"variants":{"a":"blue"},"defaultVariant":"a"}`))
	one := `pass; flag="/chain/on"; variant="true"; reason=STATIC; age=0`
	two := `pass; flag="/chain/share"; variant="true"; reason=SPLIT; age=0`
	three := `set; flag="/chain/theme"; variant="a"; reason=STATIC; age=0`
	blocked := `block; flag="/chain/none"; reason=ERROR; error=FLAG_NOT_FOUND; age=0`
	first, second := gateAt("/chain/on")+decisionLine, byUser("/chain/share")+decisionLine
	third := anyCluster + "requestHeaders: [{name: X-Theme, flag: /chain/theme}]\n" + decisionLine
	quiet := gateAt("/chain/on")
	for _, c := range []struct {
		configs []string
		status  int
		want    string
	}{
		{[]string{first, second, third}, 200, one + ", " + two + ", " + three},
		{[]string{third, quiet, first}, 200, three + ", " + one},
		{[]string{first, gateAt("/chain/none") + decisionLine, third}, 403, one + ", " + blocked},
		{[]string{first, gateAt("/chain/none"), third}, 403, one},
		{[]string{quiet, second}, 200, two},
		{[]string{first, anyCluster + decisionLine}, 200, one},
		{[]string{anyCluster + decisionLine, anyCluster + decisionLine}, 200, ""},
	} {
		inst := s.chain(t, fine, c.configs...)
		for _, forged := range []string{"X-Other: a", "X-Zookeeper-Decision: " + one, "X_Zookeeper_Decision: forged"} {
			a, r := inst.ask(with("X-User: ann", forged))
			got := strings.Join(r.Header["X-Zookeeper-Decision"], " | ")
			if a.status != c.status || got != c.want || r.Header["X_zookeeper_decision"] != nil {
				t.Errorf("%d middlewares: %d\n%s, want\n%s", len(c.configs), a.status, got, c.want)
			}
			if seen := strings.Join(a.service["X-Zookeeper-Decision"], " | "); a.service != nil && seen != c.want {
				t.Errorf("the service sees\n%s, want\n%s", seen, c.want)
			}
		}
	}
}

// A middleware between two of the plugin's may send a request more than once. Each time
// it is decided about anew.
func testRequestThatIsTriedAgain(t *testing.T, s *suite) {
	s.admin.Put("/chain/on", []byte("on"))
	second := s.before(t, gateAt("/chain/on")+decisionLine, fine)
	twice := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		second.ServeHTTP(httptest.NewRecorder(), r.WithContext(r.Context()))
		second.ServeHTTP(w, r.Clone(r.Context()))
		second.ServeHTTP(httptest.NewRecorder(), r)
	})
	inst := s.chain(t, twice, gateAt("/chain/on")+decisionLine)
	one := `pass; flag="/chain/on"; variant="true"; reason=STATIC; age=0`
	if got := inst.decision(with()); got != one+", "+one {
		t.Error(got)
	}
}

// The headers of the response are those of all middlewares. Of two that set one, the outer
// one counts, as it is the last to see the answer.
func testHeadersOfTheResponseInAChain(t *testing.T, s *suite) {
	s.admin.Put("/chain/one", []byte("one"))
	s.admin.Put("/chain/two", []byte("two"))
	config := func(path string) string {
		return anyCluster + "responseHeaders: [{name: X-Set, path: " + path + "}, {name: X-Append, path: " + path + ", mode: append}, {name: X-Absent, path: " + path + ", mode: ifAbsent}]\n"
	}
	hints := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(http.StatusEarlyHints)
		clear(w.Header())
		w.WriteHeader(http.StatusOK)
	})
	server := httptest.NewServer(s.chain(t, hints, config("/chain/one"), config("/chain/two")).handler)
	defer server.Close()
	response, _ := fetch(t, server, http.MethodGet, "", nil)
	if got := headersOf(response.Header); got != "X-Set: one, X-Append: two+one, X-Absent: two" {
		t.Error(got)
	}
}

// A middleware in front adds its headers to a refusal, too, and nothing that would have it
// kept, or that describes another body.
func testRefusalBehindHeadersOfTheResponse(t *testing.T, s *suite) {
	s.admin.Put("/chain/cache", []byte("public, max-age=3600"))
	s.admin.Put("/chain/type", []byte("text/html"))
	s.admin.Put("/chain/mine/ann", []byte("hers"))
	common := anyCluster + "responseHeaders: [{name: Cache-Control, path: /chain/cache}, {name: Content-Type, path: /chain/type}, {name: X-Set, path: /chain/type}, {name: CDN-Cache-Control, path: /chain/cache}, "
	front := common + "{name: ETag, mode: remove}, {name: X-Mine, path: '/chain/mine/{header.X-User}'}]\n"
	sets := common + "{name: X-Mine, path: /chain/mine/ann}]\n"
	for _, gate := range []string{gateAt("/chain/closed", "status: 503"), byUser("/chain/closed", "jsonBody: '{}'"), gateAt("/chain/closed", "redirect: /soon"), gateAt("/chain/closed", "status: 200"), gateAt("/chain/closed", "status: 299") + decisionLine} {
		for _, configs := range [][]string{{front, gate}, {sets, gate}, {front, anyCluster + decisionLine, front, gate}, {gateAt("/chain/on") + decisionLine, front, gate}} {
			s.admin.Put("/chain/on", []byte("on"))
			for _, method := range []string{http.MethodGet, http.MethodPost} {
				a, _ := s.chain(t, fine, configs...).ask(request{method: method, headers: []string{"X-User: ann"}})
				checkHeaders(t, a.answer, "Cache-Control: no-store|Content-Type: text/plain; charset=utf-8|X-Set: text/html|X-Mine: hers|Cdn-Cache-Control: ")
				if a.service != nil {
					t.Error("it reaches the service")
				}
			}
		}
	}
	pretender := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.Header().Set("Zookeeper-Refusal", "yes") })
	for _, service := range []http.Handler{fine, pretender} {
		if a := s.chain(t, service, front, gateAt("/chain/on")).get("X-User: ann"); a.answer.Get("Cache-Control") != "public, max-age=3600" {
			t.Errorf("an answer of the service has %v", a.answer)
		}
	}
}

// A refused request may still come to a service, which makes a page of it. Secrets and forged
// headers are gone then, also where the configuration can't be used.
func testWhatARefusalWithholds(t *testing.T, s *suite) {
	rules := "requestHeaders: [{name: X-Managed, path: /a}]\ndecisionHeader: X-Zookeeper-Decision\n"
	gate := gateAt("/chain/closed") + "  - {path: /b, bypass: {header: {name: X-Pass, value: " + password + "}, cookie: {name: pass, value: " + password + "}}}\n" + rules
	for name, config := range map[string]string{"a closed gate": gate, "a mistake": gate + "unknown: 1\n", "a mistake in a gate": strings.Replace(gate, "bypass:", "blockWhen: perhaps, bypass:", 1)} {
		inst := s.start(t, config)
		a, r := inst.ask(with("X-Pass: "+password, "X_Pass: "+password, "Cookie: a=b; pass="+password+"; c=d", "X-Managed: forged", "X_Managed: forged", "X_Zookeeper_Decision: forged", "X-Other: kept"))
		for header, values := range r.Header {
			text := strings.Join(values, " ")
			if strings.Contains(text, password) || strings.Contains(text, "forged") {
				t.Errorf("%s: it still has %s: %s", name, header, text)
			}
		}
		if a.status < 400 || r.Header.Get("Cookie") != "a=b; c=d" || r.Header.Get("X-Other") != "kept" {
			t.Errorf("%s: %d, %v", name, a.status, r.Header)
		}
	}
}
