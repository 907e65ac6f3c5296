package log

import (
	"sync"
	"time"
)

// Whoever may write nodes may write values that are refused, a thousand times a second.
// The log may be paid for by the line. So the number of warnings about a cluster is
// limited.

const (
	mostWarnings = 200  // about a cluster at once; after that, one a second
	mostLimits   = 1000 // clusters whose warnings are counted
)

const warningsEnded = "more than 200 warnings came at once; from here on one a second is logged. The status page has all that is refused now"

// A warningLimit says how many warnings about a cluster may be logged now.
type warningLimit struct {
	left      float64
	at        time.Time // when so many were left
	announced bool      // the log says that warnings are left out
}

var (
	warningLimits   = map[string]*warningLimit{}
	warningLimitsMu sync.Mutex
)

// mayWarn tells whether a warning about a cluster goes into the log. Before the first one
// that doesn't, the log says so.
func mayWarn(name string) bool {
	isFirst, allowed := false, takeWarning(name, time.Now())
	if !allowed {
		isFirst = isFirstLeftOut(name)
	}
	if isFirst {
		writeLine(LevelWarn, &subject{kind: "cluster", name: name}, warningsEnded)
	}
	return allowed
}

// takeWarning takes one of the warnings that are left for a cluster, if there is one.
func takeWarning(name string, now time.Time) bool {
	warningLimitsMu.Lock()
	defer warningLimitsMu.Unlock()
	limit := warningLimits[name]
	if limit == nil {
		if len(warningLimits) >= mostLimits {
			warningLimits = map[string]*warningLimit{}
		}
		limit = &warningLimit{left: mostWarnings, at: now}
		warningLimits[name] = limit
	}
	limit.left += now.Sub(limit.at).Seconds()
	limit.at = now
	if limit.left > mostWarnings {
		limit.left = mostWarnings
	}
	if limit.left > mostWarnings/2 {
		limit.announced = false
	}
	if limit.left < 1 {
		return false
	}
	limit.left--
	return true
}

// isFirstLeftOut tells whether the log doesn't say yet that warnings are left out, and
// notes that it does from now on.
func isFirstLeftOut(name string) bool {
	warningLimitsMu.Lock()
	defer warningLimitsMu.Unlock()
	limit := warningLimits[name]
	if limit == nil || limit.announced {
		return false
	}
	limit.announced = true
	return true
}
