package traffic

import "testing"

type check struct {
	name string
	run  func(t *testing.T, s *stage)
}

// streams are the checks that a proxy can get wrong by itself.
var streams = []check{
	{"modes", testModes},
	{"after a 1xx", testAfterA1xx},
	{"continue", testContinue},
	{"trailers", testTrailers},
	{"events", testEvents},
	{"calls", testCalls},
	{"upgrade", testUpgrade},
}

var others = []check{
	{"as Traefik's own", testAsTheirs},
	{"closed gates", testClosed},
	{"closed gates, to gRPC", testClosedToGRPC},
	{"preflights", testPreflights},
	{"closed gates behind CORS", testClosedBehindCORS},
	{"hosts", testHosts},
	{"a rule in Unicode", testRuleInUnicode},
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
