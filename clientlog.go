package zookeeper

import (
	"fmt"
	"strings"
	"sync"
	"time"

	"github.com/go-zookeeper/zk"
)

// clientLog keeps the client's last message, for the line about the transition
// that it explains. The client logs each attempt; the log is for transitions.
type clientLog struct {
	cluster string

	mu        sync.Mutex
	last      string
	advice    string          // about the last message; those about its consequences have none
	dismissed time.Time       // when a server wanted other credentials last; zero where none did
	reported  map[string]bool // since the last session that has lasted
	begun     time.Time       // of the session; zero while there is none
	lasting   time.Duration   // how long a session has to last, for mistakes to be news again
}

func newClientLog(cluster string) *clientLog {
	return &clientLog{cluster: cluster, reported: map[string]bool{}}
}

// Printf is the client's logger. Mistakes that no waiting mends are reported
// once, as soon as they show.
func (l *clientLog) Printf(format string, args ...any) {
	text := fmt.Sprintf(format, args...)
	why := explained(format, args)
	if why != "" {
		text += ": " + why
	}
	advice := adviceFor(args)
	l.keep(text, advice)
	l.noteDismissal(format, args)
	logCluster(levelDebug, l.cluster, "client: %s", text)
	if advice != "" && l.isNews(advice) {
		logCluster(levelError, l.cluster, "%s: %s", text, advice)
	}
}

// keep keeps a message with its advice. A loop that ends since the other one has is
// no news to a message with advice.
func (l *clientLog) keep(text, advice string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if advice == "" && l.advice != "" && strings.Contains(text, "loop terminated") {
		return
	}
	l.advice = advice
	l.last = text
}

// noteDismissal notes that a server wants other credentials. It does until there is no
// server to be reached, which may come back as another one, or a session is used.
func (l *clientLog) noteDismissal(format string, args []any) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if strings.HasPrefix(format, noConnection) {
		l.dismissed = time.Time{}
	}
	for _, arg := range args {
		err, isError := arg.(error)
		if isError && isDismissal(err) {
			l.dismissed = time.Now()
		}
	}
}

// dismissedFor is much longer than the pauses of a client that was dismissed.
const dismissedFor = 30 * time.Second

// isDismissed tells whether the last server wanted other credentials.
func (l *clientLog) isDismissed() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return !l.dismissed.IsZero() && time.Since(l.dismissed) < dismissedFor
}

// report logs a mistake, once.
func (l *clientLog) report(mistake string) {
	l.keep(mistake, "")
	if l.isNews(mistake) {
		logCluster(levelError, l.cluster, "%s", mistake)
	}
}

func (l *clientLog) isNews(mistake string) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.forgetAfter()
	if l.reported[mistake] {
		return false
	}
	l.reported[mistake] = true
	return true
}

// sessionBegan makes mistakes news again once the session has lasted for a timeout.
// One that a server ends at once is the next attempt, no success.
func (l *clientLog) sessionBegan(timeout time.Duration) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.begun = time.Now()
	l.lasting = timeout
	l.dismissed = time.Time{}
}

func (l *clientLog) sessionEnded() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.forgetAfter()
	l.begun = time.Time{}
}

// forgetAfter forgets what was reported before a session that has lasted; l.mu is held.
func (l *clientLog) forgetAfter() {
	if !l.begun.IsZero() && time.Since(l.begun) > l.lasting {
		l.reported = map[string]bool{}
		l.begun = time.Time{}
	}
}

// latest is the last message; of a client that has said nothing yet, that.
func (l *clientLog) latest() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.last == "" {
		return "no server has answered yet"
	}
	return l.last
}

// problem is the last message with the advice, which the log has once, in a line of its own.
func (l *clientLog) problem() string {
	text := l.latest()
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.advice != "" {
		return text + ": " + l.advice
	}
	return text
}

// Yaegi: converted in a function of its own, an interface never aliases a variable.
func asLogger(l *clientLog) zk.Logger { return l }
