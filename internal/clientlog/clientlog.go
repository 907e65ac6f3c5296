// Package clientlog gets what a client logs of its attempts to have a session, and keeps of it what
// explains the next transition.
package clientlog

import (
	"fmt"
	"strings"
	"sync"
	"time"

	"github.com/mod-zookeeper/traefik-zookeeper/internal/ensemble"
	"github.com/mod-zookeeper/traefik-zookeeper/internal/log"
)

// A Log gets what a client logs. The client logs each of its attempts, while the
// plugin's log is for transitions. So its last message is kept for the line about the
// transition that it explains.
type Log struct {
	cluster string

	mu        sync.Mutex
	last      string
	advice    string          // what helps against what the last message says; empty for none
	dismissed time.Time       // when a server wanted other credentials last; zero where none did
	reported  map[string]bool // the mistakes that were reported since the last session that has lasted
	begun     time.Time       // when the session began; zero while there is none
	lasting   time.Duration   // how long a session has to last, for mistakes to be news again
}

// New is the log of a cluster's clients.
func New(cluster string) *Log {
	return &Log{cluster: cluster, reported: map[string]bool{}}
}

// Printf is the client's logger. Mistakes that no waiting mends are reported
// once, as soon as they show.
func (l *Log) Printf(format string, args ...any) {
	format = ensemble.Corrected(format)
	text := fmt.Sprintf(format, args...)
	why := ensemble.Explanation(format, args)
	if why != "" {
		text += ": " + why
	}
	advice := ensemble.AdviceFor(args)
	l.keep(text, advice)
	l.noteDismissal(format, args)
	log.Cluster(log.LevelDebug, l.cluster, "client: %s", text)
	if advice != "" && l.isNews(advice) {
		log.Cluster(log.LevelError, l.cluster, "%s: %s", text, advice)
	}
}

// keep keeps a message with its advice. The client has two loops, and one ends when the
// other one has ended: a message about that doesn't replace one with advice.
func (l *Log) keep(text, advice string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if advice == "" && l.advice != "" && strings.Contains(text, "loop terminated") {
		return
	}
	l.advice = advice
	l.last = text
}

// noteDismissal notes that a server wants other credentials. That holds until no server can
// be reached, since it may come back with other ones, or until a session is used.
func (l *Log) noteDismissal(format string, args []any) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if strings.HasPrefix(format, ensemble.NoConnection) {
		l.dismissed = time.Time{}
	}
	for _, arg := range args {
		err, isError := arg.(error)
		if isError && ensemble.IsDismissal(err) {
			l.dismissed = time.Now()
		}
	}
}

// dismissedFor is how long a dismissal holds at most. The client tries again much sooner.
const dismissedFor = 30 * time.Second

// IsDismissed tells whether the last server that was reached wanted other credentials.
func (l *Log) IsDismissed() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return !l.dismissed.IsZero() && time.Since(l.dismissed) < dismissedFor
}

// Report logs a mistake, unless that was done since the last session that has lasted.
func (l *Log) Report(mistake string) {
	l.keep(mistake, "")
	if l.isNews(mistake) {
		log.Cluster(log.LevelError, l.cluster, "%s", mistake)
	}
}

// isNews tells whether a mistake is to be reported, and notes that it is.
func (l *Log) isNews(mistake string) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.forgetAfter()
	if l.reported[mistake] {
		return false
	}
	l.reported[mistake] = true
	return true
}

// SessionBegan makes mistakes news again once the session has lasted for a timeout.
// A session that a server ends at once is another failed attempt.
func (l *Log) SessionBegan(timeout time.Duration) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.begun = time.Now()
	l.lasting = timeout
	l.dismissed = time.Time{}
}

// SessionEnded notes that there is no session any more.
func (l *Log) SessionEnded() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.forgetAfter()
	l.begun = time.Time{}
}

// forgetAfter forgets what was reported before a session that has lasted; l.mu is held.
func (l *Log) forgetAfter() {
	if !l.begun.IsZero() && time.Since(l.begun) > l.lasting {
		l.reported = map[string]bool{}
		l.begun = time.Time{}
	}
}

// Latest is the last message. It is never empty.
func (l *Log) Latest() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.last == "" {
		return "no server has answered yet"
	}
	return l.last
}

// Problem is the last message with its advice.
func (l *Log) Problem() string {
	text := l.Latest()
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.advice != "" {
		return text + ": " + l.advice
	}
	return text
}
