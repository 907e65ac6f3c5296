package session

import (
	"time"
)

// A Report is what is known of a cluster's session at one moment.
type Report struct {
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

// ReportOf reports what is known of a session now. The lock must not be held.
func ReportOf(s *Session) *Report {
	in := Lock(s)
	defer s.Mu.Unlock()
	report := &Report{
		Cluster: s.Name, Servers: in.settings.Servers, Chroot: string(s.Chroot), State: in.state, Since: in.since, Up: in.IsUp(),
		Timeout: in.timeout(), Sessions: in.sessions, Reconnects: in.reconnects, Watches: countWatches(in),
	}
	if report.Up {
		report.Server = in.server
		report.SessionID = in.id
	} else if in.started {
		report.Problem = s.log.Problem()
	}
	if in.started && !in.DownSince.IsZero() {
		report.DownFor = time.Since(in.DownSince)
	}
	return report
}
