package faults

import (
	"testing"
	"time"

	"github.com/mod-zookeeper/traefik-zookeeper/e2e/internal/relay"
)

var held = relay.Line{Held: true}

var networks = []fault{
	{name: "all connections break", short: 3, full: 20, inject: func(t *testing.T, s *stage) {
		for _, way := range s.ways {
			way.Refuse()
		}
		s.mend(t)
	}},
	{name: "connections are refused", short: 1, full: 5, inject: func(t *testing.T, s *stage) {
		for _, way := range s.ways {
			way.Refuse()
		}
		time.Sleep(longerThanSession)
		s.mend(t)
	}},
	{name: "packets to the servers are dropped", short: 1, full: 5, inject: cut(held, relay.Line{})},
	{name: "packets from the servers are dropped", short: 1, full: 5, inject: cut(relay.Line{}, held)},
	{name: "packets are dropped both ways", short: 1, full: 5, inject: cut(held, held)},
	{name: "packets take 500 ms", short: 1, full: 5, inject: slow(relay.Line{Delay: 500 * time.Millisecond})},
	{name: "bytes come one by one", short: 1, full: 5, inject: slow(relay.Line{Single: true})},
}

// mend restores the network, and waits for what was written meanwhile.
func (s *stage) mend(t *testing.T) {
	t.Helper()
	s.restore()
	s.awaitNews(t, time.Now())
}

// cut drops packets for longer than sessions last.
func cut(up, down relay.Line) func(*testing.T, *stage) {
	return func(t *testing.T, s *stage) {
		s.bend(up, down)
		time.Sleep(longerThanSession)
		s.mend(t)
	}
}

// slow is a bad network through which changes still get.
func slow(line relay.Line) func(*testing.T, *stage) {
	return func(t *testing.T, s *stage) {
		s.bend(line, line)
		for end := time.Now().Add(longerThanSession); time.Now().Before(end); {
			s.awaitChange(t)
		}
		s.mend(t)
	}
}
