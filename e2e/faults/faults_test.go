// Package faults tests that the plugin survives everything: Traefik with the
// plugin in it serves requests all the time, through networks that can be cut, from
// an ensemble of three real servers, and every answer is checked against what may
// be served at that moment, while servers, network, sessions, nodes and
// configurations fail.
//
// With -full each fault is injected more often.
package faults

import (
	"flag"
	"fmt"
	"os"
	"strings"
	"testing"
)

var full = flag.Bool("full", false, "inject each fault many times; it takes twenty minutes")

// TestMain also starts the name server, and prints what came of all faults.
func TestMain(m *testing.M) {
	flag.Parse()
	if err := names.start(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	code := m.Run()
	fmt.Print(results.String())
	os.Exit(code)
}

// fault is something that goes wrong, and is mended.
type fault struct {
	name        string
	short, full int // how often it is injected; 0 for left out
	inject      func(t *testing.T, s *stage)
	// tolerates tells which answers are right beside those that always are; nil
	// for none.
	tolerates func(path string, a answer) bool
}

func (f fault) times() int {
	if *full {
		return f.full
	}
	return f.short
}

// TestFaults is everything that happens to one Traefik and one ensemble.
func TestFaults(t *testing.T) {
	t.Parallel()
	s := setUp(t)
	for _, group := range [][]fault{servers, networks, sessions, nodes, configurations, nonsense()} {
		for _, f := range group {
			if f.times() == 0 {
				continue
			}
			t.Run(f.name, func(t *testing.T) { s.run(t, f) })
		}
	}
}

// noPanics tells that none had to be caught at the bottom of a goroutine. (The
// interpreter also prints those that the client's decoders take for an error.)
func noPanics(t *testing.T, log string) {
	t.Helper()
	for line := range strings.Lines(log) {
		if _, message, ours := strings.Cut(line, "zookeeper: "); ours && strings.Contains(message, "panic: ") {
			t.Error(line)
		}
	}
}
