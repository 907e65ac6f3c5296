package proxy

import (
	"fmt"
	"strings"
	"testing"
)

const (
	allowed = "203.0.113.9"
	denied  = "198.51.100.1"
)

// forgeries are what a balancer may send that Traefik trusts, by the middleware's strategy
// and the answer's status. Most balancers append the client's address to X-Forwarded-For,
// and let through what else the client sends: an X-Real-Ip, and a list of addresses.
var forgeries = map[string]map[int][][]string{
	"": {
		403: {
			{"X-Real-Ip: " + allowed, "X-Forwarded-For: " + denied},
			{"X-Real-Ip: " + allowed, "X-Forwarded-For: " + allowed + ", " + denied},
			{"X-Real-Ip: " + allowed, "X-Forwarded-For: " + allowed, "X-Forwarded-For: " + denied},
			{"X-Real-Ip: " + allowed, "X-Real-Ip: " + denied, "X-Forwarded-For: " + denied},
			{"X-Real-Ip: " + allowed, "X-Real-Ip: " + denied, "X-Forwarded-For: " + allowed},
			{"X-Real-Ip:", "X-Real-Ip: " + allowed, "X-Forwarded-For: " + denied},
			{"X-Real-Ip: " + allowed, "X-Forwarded-For: " + denied, "Connection: X-Forwarded-For"},
			{"X-Real-Ip: " + allowed, "X-Forwarded-For: " + denied, handshake},
			{"X-Forwarded-For: " + allowed}, {"X-Real-Ip: " + denied}, {"X-Real-Ip: " + denied, "X-Forwarded-For: " + denied},
		},
		200: {
			{"X-Real-Ip: " + allowed}, {"X-Real-Ip: " + allowed, "X-Forwarded-For: " + allowed}, {"X-Real-Ip: " + allowed, "X-Forwarded-For: " + denied + ", " + allowed},
			{"X-Real-Ip: " + allowed, "X-Forwarded-For: " + denied, "X-Forwarded-For: " + allowed}, {"X-Real-Ip: " + allowed, "X-Forwarded-For: " + allowed, handshake},
		},
	},
	"{}":         {403: {{"X-Real-Ip: " + allowed, "X-Forwarded-For: " + allowed}}},
	"{depth: 0}": {403: {{"X-Real-Ip: " + allowed, "X-Forwarded-For: " + allowed}}},
	"{depth: 1}": {
		403: {
			{"X-Real-Ip: " + allowed, "X-Forwarded-For: " + allowed + ", " + denied}, {"X-Real-Ip: " + allowed, "X-Forwarded-For: " + allowed, "X-Forwarded-For: " + denied},
			{"X-Real-Ip: " + allowed}, {"X-Forwarded-For: " + denied, handshake},
		},
		200: {{"X-Real-Ip: " + denied, "X-Forwarded-For: " + allowed}, {"X-Forwarded-For: " + denied, "X-Forwarded-For: " + allowed, handshake}},
	},
	"{excludedIPs: [10.0.0.0/8]}": {
		403: {{"X-Forwarded-For: " + allowed + ", " + denied + ", 10.0.0.1"}, {"X-Forwarded-For: 10.0.0.1", "X-Real-Ip: " + allowed}},
		200: {{"X-Forwarded-For: " + denied + ", " + allowed, "X-Forwarded-For: 10.0.0.1"}},
	},
	"{header: X-Client}": {
		403: {
			{"X-Client: " + denied, "X-Real-Ip: " + allowed, "X-Forwarded-For: " + allowed}, {"X-Client: " + allowed, "X-Client: " + denied}, {"X-Client: " + allowed, "Connection: X-Client"},
			{"X_Client: " + allowed},
		},
		200: {{"X-Client: " + allowed}},
	},
}

// The test is the balancer.
func TestForgedAddressesBehindATrustedBalancer(t *testing.T) {
	plugin := func(strategy string) string {
		text := cluster + "gates:\n  - {path: /flags/closed, body: 'by " + strategy + "', bypass: {ipsPath: /allowed}}\n"
		if strategy != "" {
			text += "ipStrategy: " + strategy + "\n"
		}
		return text
	}
	s := setUpBefore(t, "", plugin(""), map[string]string{"/allowed": allowed + " # the office\n"}, map[string]any{"entryPoints.web.forwardedHeaders.trustedIPs": []string{"127.0.0.1"}})
	for strategy, statuses := range forgeries {
		if err := s.traefik.WriteConfig(s.config(plugin(strategy))); err != nil {
			t.Fatal(err)
		}
		s.await(t, "/", func(a answer) error {
			if strings.TrimSpace(a.body) != strings.TrimSpace("by "+strategy) || a.status != 403 {
				return fmt.Errorf("status %d, %s", a.status, a.body)
			}
			return nil
		})
		for want, requests := range statuses {
			for _, lines := range requests {
				if r, _, _ := s.exchange(t, strings.Join(lines, "\r\n")); r.StatusCode != want {
					t.Errorf("%q with ipStrategy %s: %s, want %d", lines, strategy, r.Status, want)
				}
			}
		}
	}
}
