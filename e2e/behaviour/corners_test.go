package behaviour

import (
	"net/http"
	"strings"
	"testing"
)

var corners = []behaviour{
	{"a path that a service reads otherwise", testPathThatAServiceReadsOtherwise},
	{"a cookie that comes twice", testCookieThatComesTwice},
	{"a quality in capitals", testQualityInCapitals},
	{"no decisions, no decision header", testNoDecisionsNoDecisionHeader},
	{"a header with two masters", testHeaderWithTwoMasters},
	{"a forged decision beside a wrong gate", testForgedDecisionBesideAWrongGate},
	{"a prefix that is everything", testPrefixThatIsEverything},
	{"a definition inside json", testDefinitionInsideJson},
}

// A service may read these as /admin, or as below it.
func testPathThatAServiceReadsOtherwise(t *testing.T, s *suite) {
	inst := s.start(t, gateAt("/evasions/closed", "bypass: {pathPrefixes: /health}"))
	for _, url := range []string{
		"/health/..;/admin", "/health/..;a=b/admin", "/health/%2e%2e;/admin", "/health/..%3b/admin", "/health/..%5cadmin", "/health/%5c../admin", "/health/%252e%252e/admin",
		"/health/..%252fadmin", "/admin/..%2fhealth", "/admin%2f..%2fhealth", "/admin/%2e%2e/health", "/admin/../health", "/admin/..//health", "/admin/..%2f..%2fhealth",
	} {
		if got := inst.status(to(url)); got != http.StatusForbidden {
			t.Errorf("%s gets %d", url, got)
		}
	}
}

func testCookieThatComesTwice(t *testing.T, s *suite) {
	for _, name := range []string{`"cookies.tier"`, `{"cat":["cookies.","tier"]}`} {
		s.admin.Put("/evasions/twice", []byte(when(`{"==":[{"var":`+name+`},"gold"]}`)))
		inst := s.start(t, gateAt("/evasions/twice"))
		if first, last := inst.status(with("Cookie: tier=gold; tier=free")), inst.status(with("Cookie: tier=free; tier=gold")); first != 200 || last != 403 {
			t.Errorf("by %s: %d, %d", name, first, last)
		}
	}
}

func testQualityInCapitals(t *testing.T, s *suite) {
	inst := s.start(t, gateAt("/answers/closed", "body: other", "jsonBody: '{}'", "contentType: text/html"))
	if a := inst.get("Accept: text/html;q=0.5, application/json;Q=0.4"); a.body != "other" {
		t.Errorf("%q", a.body)
	}
}

func testNoDecisionsNoDecisionHeader(t *testing.T, s *suite) {
	inst := s.start(t, header("/decisions/no-flag")+decisionLine)
	if a, _ := inst.ask(with("X-Zookeeper-Decision: forged")); a.service["X-Zookeeper-Decision"] != nil {
		t.Errorf("%q", a.service["X-Zookeeper-Decision"])
	}
}

func testHeaderWithTwoMasters(t *testing.T, s *suite) {
	secret := "path: /a, bypass: {header: {name: X-A, value: " + password + "}}"
	for _, config := range []string{
		gateRule(secret) + "decisionHeader: x-a\n",
		gateRule(secret) + "decisionHeader: x_a\n",
		gateRule(secret) + "requestHeaders:\n  - {name: X-A, flag: /b}\n",
		gateRule(secret) + "requestHeaders:\n  - {name: x_a, flag: /b}\n",
	} {
		t.Run(config, func(t *testing.T) {
			guarded(t, s, mistake{"", config, []string{"gates[0].bypass.header.name", `"X-A"`}})
		})
	}
	if _, err := s.try(t, good+"decisionHeader: X_A\n"); err == nil {
		t.Error("X_A is no mistake beside a rule for X-A")
	}
}

func testForgedDecisionBesideAWrongGate(t *testing.T, s *suite) {
	inst, err := s.try(t, gateRule("path: /a, status: soon")+decisionLine)
	if err != nil {
		t.Fatal(err)
	}
	if got := inst.decision(with("X-Zookeeper-Decision: forged")); strings.Contains(got, "forged") {
		t.Errorf("the access log has %s", got)
	}
}

func testPrefixThatIsEverything(t *testing.T, s *suite) {
	guarded(t, s, mistake{"", bypassRule("pathPrefixes: /health/.."), []string{"gates[0].bypass.pathPrefixes", `"/health/.."`}})
}

func testDefinitionInsideJson(t *testing.T, s *suite) {
	s.admin.Put("/kinds/inside", []byte(`{"flags":{"a":`+when(ann)+`}}`))
	inst := s.start(t, byUser("/kinds/inside", "format: json", "key: flags.a"))
	if a, b := inst.status(as("ann")), inst.status(as("bob")); a != 200 || b != 403 {
		t.Errorf("ann %d, bob %d", a, b)
	}
}
