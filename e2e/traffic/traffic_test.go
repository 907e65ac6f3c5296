package traffic

import "testing"

type check struct {
	name string
	run  func(t *testing.T, s *stage)
}

// streams are what each way to the service can get wrong by itself.
var streams = []check{
	{"modes", testModes},
	{"after a 1xx", testAfterA1xx},
	{"continue", testContinue},
	{"trailers", testTrailers},
	{"events", testEvents},
	{"calls", testCalls},
	{"upgrade", testUpgrade},
	{"closed gates", testClosed},
}

// others are what is the same in each of them.
var others = []check{
	{"as Traefik's own", testAsTheirs},
	{"halves", testHalves},
	{"a redirect behind", testRedirectBehind},
	{"closed gates, to gRPC", testClosedToGRPC},
	{"gRPC-Web", testGRPCWeb},
	{"closed gates, to gRPC-Web", testClosedToGRPCWeb},
	{"preflights", testPreflights},
	{"closed gates behind CORS", testClosedBehindCORS},
	{"hosts", testHosts},
	{"a rule in Unicode", testRuleInUnicode},
	{"decisions of chains", testDecisions},
	{"a secret in chains", testSecret},
	{"a wrong secret in chains", testWrongSecret},
	{"answers of chains", testAnswersOfChains},
	{"headers of chains", testHeadersOfChains},
	{"closed gates in chains", testClosedInChains},
	{"error pages", testErrorPages},
	{"compression", testCompression},
	{"events in chains", testEventsInChains},
	{"upgrades in chains", testUpgradesInChains},
	{"forwardAuth in front", testForwardAuthInFront},
	{"errors in front", testErrorsInFront},
	{"the user of forwardAuth", testUserOfForwardAuth},
	{"a stripped path", testStrippedPath},
	{"retries", testRetries},
	{"no forged decision in the access log", testNoForgedDecisionInTheAccessLog},
	{"a circuit breaker", testCircuitBreaker},
	{"a rate limit", testRateLimit},
	{"the document's configurations", testRecipes},
}

func runAll(t *testing.T, s *stage, checks []check) {
	for _, c := range checks {
		t.Run(c.name, func(t *testing.T) { c.run(t, s) })
	}
}

// One Traefik serves all checks.
func TestTraffic(t *testing.T) {
	s := start(t, nil)
	runAll(t, s, streams)
	runAll(t, s, others)
}

// Traefik's fast proxy speaks HTTP/1.1 with services by code of its own.
func TestFastProxy(t *testing.T) {
	runAll(t, start(t, map[string]any{"experimental.fastProxy": map[string]any{}}), streams)
}
