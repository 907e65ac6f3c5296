package zookeeper

import (
	"fmt"
	"sync"

	"github.com/go-zookeeper/zk"
)

// clientLog keeps the client's last message, for the line about the transition
// that it explains. The client logs each attempt; the log is for transitions.
type clientLog struct {
	cluster string

	mu       sync.Mutex
	last     string
	reported map[string]bool // since the last session
}

func newClientLog(cluster string) *clientLog {
	return &clientLog{cluster: cluster, reported: map[string]bool{}}
}

// Printf is the client's logger. Mistakes that no waiting mends are reported
// once, as soon as they show.
func (l *clientLog) Printf(format string, args ...any) {
	text := fmt.Sprintf(format, args...)
	l.keep(text)
	logCluster(levelDebug, l.cluster, "client: %s", text)
	advice := adviceFor(args)
	if advice != "" && l.isNews(advice) {
		logCluster(levelError, l.cluster, "%s: %s", text, advice)
	}
}

func (l *clientLog) keep(text string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.last = text
}

// report logs a mistake, once.
func (l *clientLog) report(mistake string) {
	l.keep(mistake)
	if l.isNews(mistake) {
		logCluster(levelError, l.cluster, "%s", mistake)
	}
}

func (l *clientLog) isNews(mistake string) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.reported[mistake] {
		return false
	}
	l.reported[mistake] = true
	return true
}

// forget makes mistakes news again, after a session.
func (l *clientLog) forget() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.reported = map[string]bool{}
}

func (l *clientLog) latest() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.last
}

// Yaegi: converted in a function of its own, an interface never aliases a variable.
func asLogger(l *clientLog) zk.Logger { return l }
