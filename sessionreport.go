package zookeeper

import "time"

// A sessionReport is what is known of a cluster's session at one moment.
type sessionReport struct {
	Cluster    string
	Servers    []string
	Chroot     string
	State      State
	Since      time.Time // of the state
	Up         bool      // there is a session
	Server     string    // empty while there is no session
	SessionID  int64     // 0 while there is no session
	Timeout    time.Duration
	Sessions   int64
	Reconnects int64
	Watches    int           // at the server
	Problem    string        // the last error, while there is no session
	DownFor    time.Duration // 0 while there is a session, and while none is wanted
}

func sessionReportOf(s *session) *sessionReport {
	h := lockSession(s)
	defer s.mu.Unlock()
	report := &sessionReport{
		Cluster: s.name, Servers: h.settings.servers, Chroot: string(s.chroot), State: h.word, Since: h.since, Up: h.up(),
		Timeout: h.timeout(), Sessions: h.sessions, Reconnects: h.reconnects, Watches: countWatches(h),
	}
	if report.Up {
		report.Server = h.server
		report.SessionID = h.id
	} else if h.started {
		report.Problem = s.log.problem()
	}
	if h.started && !h.downSince.IsZero() {
		report.DownFor = time.Since(h.downSince)
	}
	return report
}

// watchpointsAt are those of the keys that have a watchpoint.
func watchpointsAt(s *session, keys []pointKey) map[pointKey]bool {
	h := lockSession(s)
	defer s.mu.Unlock()
	there := map[pointKey]bool{}
	for _, key := range keys {
		if h.points[key] != nil {
			there[key] = true
		}
	}
	return there
}
