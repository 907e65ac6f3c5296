package client

import (
	"fmt"
	"net"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/mod-zookeeper/traefik-zookeeper/e2e/internal/fakezk"
	"github.com/mod-zookeeper/traefik-zookeeper/e2e/internal/relay"
)

// codes are those of ZooKeeper's KeeperException.
var codes = []int32{-1, -2, -3, -4, -5, -6, -7, -8, -12, -13, -14, -100, -101, -102, -103, -108, -110, -111, -112, -113, -114, -115, -118, -119, -120, -121, -122, -123, -124, -125, -127}

func TestCodesHaveNamesCompiled(t *testing.T) { named(t, compiled) }

func TestCodesHaveNamesInterpreted(t *testing.T) { named(t, interpreted) }

func named(t *testing.T, mode string) {
	inMode(t, mode, "Ask", func(t *testing.T, ask func(addr string) string) {
		said := map[string]int32{}
		for _, code := range codes {
			got := ask(relay.Start(t, fakezk.Answers(code)).Addr())
			if got == "" || strings.Contains(got, "unknown error") || said[got] != 0 {
				t.Errorf("%d is %q, and so is %d", code, got, said[got])
			}
			said[got] = code
		}
		if got := ask(relay.Start(t, fakezk.Answers(-9999)).Addr()); !strings.Contains(got, "-9999") {
			t.Errorf("a code that doesn't exist is %q", got)
		}
	})
}

// Whatever a server closes a connection with, it is asked again after pauses; and
// where it has said that it wants other credentials, after longer ones than otherwise.

func TestPausesAfterDismissalCompiled(t *testing.T) { dismissals(t, compiled) }

func TestPausesAfterDismissalInterpreted(t *testing.T) { dismissals(t, interpreted) }

func dismissals(t *testing.T, mode string) {
	for code, lasting := range map[int32]bool{-112: false, -118: false, -1: false, -4: false, -115: true, -124: true} {
		t.Run(fmt.Sprint(code), func(t *testing.T) {
			t.Parallel()
			inMode(t, mode, "AskAgain", func(t *testing.T, ask func(addr string, stopped func() bool) string) {
				sessions := make(chan time.Time, 100)
				serve := fakezk.Dismisses(code)
				server := relay.Start(t, func(conn net.Conn) {
					sessions <- time.Now()
					serve(conn)
				})
				var stopped atomic.Bool
				ended := make(chan string)
				go func() { ended <- ask(server.Addr(), stopped.Load) }()
				checkPauses(t, sessions, lasting)
				stopped.Store(true)
				if problem := <-ended; problem != "" {
					t.Error(problem)
				}
			})
		})
	}
}

// No pause of 12 is longer than 800 ms otherwise; and one in a million times none is
// longer than a second where they grow up to ten.
func checkPauses(t *testing.T, sessions <-chan time.Time, lasting bool) {
	t.Helper()
	first := <-sessions
	last, longest := first, time.Duration(0)
	for i := 0; i < 11 || lasting && longest < time.Second && i < 16; i++ {
		if lasting && longest > time.Second {
			return
		}
		select {
		case now := <-sessions:
			longest = max(longest, now.Sub(last))
			last = now
		case <-time.After(2 * requestBound):
			t.Fatal("the client has given up")
		}
	}
	if took := last.Sub(first); took < 500*time.Millisecond {
		t.Errorf("12 sessions within %s", took)
	}
	if lasting && longest < time.Second {
		t.Errorf("the longest pause was %s", longest)
	}
}
