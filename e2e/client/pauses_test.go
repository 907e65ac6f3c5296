package client

import (
	"net"
	"slices"
	"testing"
	"time"

	"github.com/mod-zookeeper/traefik-zookeeper/e2e/internal/fakezk"
	"github.com/mod-zookeeper/traefik-zookeeper/e2e/internal/relay"
)

// Pauses are random, so nothing is said about any one of them. What is said here
// about many is wrong once in a million runs.

func TestPausesBetweenRoundsCompiled(t *testing.T) { rounds(t, compiled) }

func TestPausesBetweenRoundsInterpreted(t *testing.T) { rounds(t, interpreted) }

func rounds(t *testing.T, mode string) {
	inMode(t, mode, "Rounds", func(t *testing.T, rounds func(n int) ([]time.Duration, string)) {
		const n = 16
		pauses, problem := rounds(n)
		if problem != "" {
			t.Fatal(problem)
		}
		var total time.Duration
		for _, pause := range pauses {
			total += pause
		}
		shortest, longest := slices.Min(pauses), slices.Max(pauses)
		t.Log(pauses)
		switch {
		case total < time.Second:
			t.Errorf("%d rounds within %s", n, total)
		case longest < 200*time.Millisecond:
			t.Errorf("the pauses don't grow: %s is the longest of %v", longest, pauses)
		case shortest > 500*time.Millisecond:
			t.Errorf("all pauses are long: %v", pauses)
		}
	})
}

func TestPausesAfterShortSessionsCompiled(t *testing.T) { shortSessions(t, compiled) }

func TestPausesAfterShortSessionsInterpreted(t *testing.T) { shortSessions(t, interpreted) }

func shortSessions(t *testing.T, mode string) {
	inMode(t, mode, "Connect", func(t *testing.T, connect func(addr string) (func(), string)) {
		sessions := make(chan time.Time)
		stop := make(chan struct{})
		defer close(stop)
		server := relay.Start(t, func(conn net.Conn) {
			fakezk.GrantsAndCloses(conn)
			select {
			case sessions <- time.Now():
			case <-stop:
			}
		})
		closeIt, problem := connect(server.Addr())
		if problem != "" {
			t.Fatal(problem)
		}
		defer closeIt()
		const n = 12
		first := <-sessions
		last := first
		for range n - 1 {
			select {
			case last = <-sessions:
			case <-time.After(requestBound):
				t.Fatal("the client has given up")
			}
		}
		if took := last.Sub(first); took < 500*time.Millisecond {
			t.Errorf("%d sessions within %s", n, took)
		}
	})
}
