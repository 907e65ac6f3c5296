package faults

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"net/http"
	"strings"
	"testing"
	"time"
)

var configurations = []fault{
	{name: "contradicting definitions", short: 0, full: 4, tolerates: missingOrRefused, inject: contradict},
	{name: "a half-written configuration", short: 10, full: 60, tolerates: missingOrRefused, inject: writeHalf},
}

// missingOrRefused: Traefik has no router for what isn't configured rightly, or
// the plugin refuses what it can't guard.
func missingOrRefused(_ string, a answer) bool {
	return a.status == http.StatusNotFound || a.status == http.StatusServiceUnavailable
}

// contradict adds a second definition of the cluster. Which of the two Traefik
// makes first is chance; the other one is an error.
func contradict(t *testing.T, s *stage) {
	both := maps.Clone(middlewares)
	both["other"] = `{clusters: {main: {servers: "$SERVERS", sessionTimeout: 3s}}, gates: [{path: ` + missingPath + `, default: "on"}]}`
	logged := len(s.traefik.Log())
	check(t, s.traefik.WriteConfig(s.configurationOf(both)))
	err := s.await(func() error {
		value, err := get(s.traefik.URL() + "/value")
		if err != nil {
			return err
		}
		other, err := get(s.traefik.URL() + "/other")
		if err == nil && !(value.status == http.StatusOK && other.status == http.StatusServiceUnavailable) &&
			!(value.status == http.StatusNotFound && other.status == http.StatusOK) {
			err = fmt.Errorf("value %d, other %d: one has to be refused", value.status, other.status)
		}
		return err
	})
	check(t, err)
	check(t, s.await(func() error {
		if said := s.traefik.Log()[logged:]; !strings.Contains(said, "clusters.main") {
			return fmt.Errorf("no error names the cluster:\n%s", said)
		}
		return nil
	}))
	time.Sleep(time.Second)
	s.reconfigure(t)
	check(t, s.await(func() error {
		other, err := get(s.traefik.URL() + "/other")
		if err == nil && other.status != http.StatusNotFound {
			err = fmt.Errorf("the second definition is still there: %v", other)
		}
		return err
	}))
}

// reconfigure writes the right configuration, and waits until it serves.
func (s *stage) reconfigure(t *testing.T) {
	t.Helper()
	check(t, s.traefik.WriteConfig(s.configuration()))
	s.awaitNews(t, time.Now())
	for _, subject := range s.subjects {
		check(t, s.await(func() error {
			_, _, err := subject.ask(s.traefik.URL())
			return err
		}))
	}
}

var cuts = rand.New(rand.NewPCG(1, 2))

// writeHalf has Traefik read the first part of its configuration.
func writeHalf(t *testing.T, s *stage) {
	whole := s.configuration()
	check(t, s.traefik.OverwriteConfig(whole[:cuts.IntN(len(whole))]))
	time.Sleep(300 * time.Millisecond)
	check(t, s.traefik.OverwriteConfig(whole))
	s.reconfigure(t)
}
