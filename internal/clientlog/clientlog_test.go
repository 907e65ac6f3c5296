package clientlog

import (
	"errors"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/mod-zookeeper/traefik-zookeeper/internal/ensemble"
)

// A mistake is news again after a session that has lasted, and not after one that a
// server has ended at once.
func TestMistakesAreNewsOnce(t *testing.T) {
	l := New("c")
	session := func(lasting time.Duration) {
		l.SessionBegan(lasting)
		time.Sleep(time.Millisecond)
		l.SessionEnded()
	}
	for i, want := range []bool{true, false, false, true, false} {
		switch i {
		case 2:
			session(time.Hour)
		case 3:
			session(0)
		}
		if got := l.isNews("mistake"); got != want {
			t.Errorf("%d: news: %t, want %t", i, got, want)
		}
	}
}

// The last message is the one that explains, and never empty.
func TestLatestMessage(t *testing.T) {
	l := New("c")
	if got := l.Latest(); got == "" {
		t.Error("nothing")
	}
	required := errors.New("zk: the server requires authentication (" + ensemble.RequiresAuth + ")")
	for _, c := range []struct {
		format string
		err    error
		want   string
	}{
		{"no session at %s: %v", io.EOF, "maxClientCnxns"},
		{"failed to connect to %s: %v", io.EOF, "maxClientCnxns"},
		{"%s: recv loop terminated: %v", io.EOF, "EOF"},
		{"%s: recv loop terminated: %v", required, "set username"},
		{"%s: send loop terminated: %v", io.ErrClosedPipe, "set username"},
		{"failed to connect to %s: %v", errors.New("no route"), "no route"},
	} {
		l.Printf(c.format, "zk1:2181", c.err)
		if got := l.Problem(); !strings.Contains(got, c.want) {
			t.Errorf("%s, %v: %s", c.format, c.err, got)
		}
	}
}
