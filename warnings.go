package zookeeper

import (
	"sync"
	"time"
)

// Who may write nodes may write values that are refused, a thousand times a second,
// and the log may be paid for by the line. So there are only so many warnings about a
// cluster.

const (
	mostWarnings  = 200 // at once; then one a second
	mostSpendings = 1000
)

const warningsEnded = "more than 200 warnings came at once; from here on one a second is logged. The status page has all that is refused now"

// A spending is how many warnings about a cluster there may be now.
type spending struct {
	left float64
	at   time.Time // when it was so
	told bool      // that warnings are left out
}

var (
	spendings   = map[string]*spending{}
	spendingsMu sync.Mutex
)

// mayWarn tells whether a warning about a cluster goes into the log.
func mayWarn(name string) bool {
	first, allowed := false, spendWarning(name, time.Now())
	if !allowed {
		first = isFirstLeftOut(name)
	}
	if first {
		logOf(levelWarn, "cluster", name, warningsEnded)
	}
	return allowed
}

func spendWarning(name string, now time.Time) bool {
	spendingsMu.Lock()
	defer spendingsMu.Unlock()
	s := spendings[name]
	if s == nil {
		if len(spendings) >= mostSpendings {
			spendings = map[string]*spending{}
		}
		s = &spending{left: mostWarnings, at: now}
		spendings[name] = s
	}
	s.left += now.Sub(s.at).Seconds()
	s.at = now
	if s.left > mostWarnings {
		s.left = mostWarnings
	}
	if s.left > mostWarnings/2 {
		s.told = false
	}
	if s.left < 1 {
		return false
	}
	s.left--
	return true
}

func isFirstLeftOut(name string) bool {
	spendingsMu.Lock()
	defer spendingsMu.Unlock()
	s := spendings[name]
	if s == nil || s.told {
		return false
	}
	s.told = true
	return true
}
