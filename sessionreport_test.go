package zookeeper

import (
	"testing"
	"time"
)

func TestASessionThatNobodyWantsIsNotDown(t *testing.T) {
	s := newSession("main", &settings{sessionTimeout: time.Second})
	s.state.downSince = time.Now().Add(-time.Minute)
	report := sessionReportOf(s)
	if report.State != StateSuspended || report.DownFor != 0 || report.Problem != "" || report.Watches != 0 || report.Timeout != time.Second {
		t.Errorf("%+v", report)
	}
	s.state.started = true
	report = sessionReportOf(s)
	if report.DownFor < time.Minute || report.Problem == "" {
		t.Errorf("a minute later: %+v", report)
	}
}

func TestWhatASessionIs(t *testing.T) {
	s := newSession("main", &settings{sessionTimeout: time.Second})
	s.state.started, s.state.word, s.state.downSince = true, StateReadOnly, time.Time{}
	s.state.server, s.state.id, s.state.negotiated = "zk1:2181", 0x10, 2*time.Second
	report := sessionReportOf(s)
	if !report.Up || report.Server != "zk1:2181" || report.SessionID != 0x10 || report.Timeout != 2*time.Second || report.DownFor != 0 || report.Problem != "" {
		t.Errorf("%+v", report)
	}
	s.state.word = StateSuspended
	if report := sessionReportOf(s); report.Up || report.Server != "" || report.SessionID != 0 {
		t.Errorf("suspended: %+v", report)
	}
}

// A recursive watch stands for the one of its root's data, not for that of its children.
func TestWatchesAtTheServer(t *testing.T) {
	s := newSession("main", &settings{})
	s.state.word = StateConnected
	s.state.connection.recursive = map[string]bool{"/tree": true}
	s.state.points[pointKey{path: "/tree"}] = &watchpoint{set: true}
	s.state.points[pointKey{path: "/tree", children: true}] = &watchpoint{set: true}
	s.state.points[pointKey{path: "/a"}] = &watchpoint{set: true}
	s.state.points[pointKey{path: "/b"}] = &watchpoint{}
	if got := sessionReportOf(s).Watches; got != 3 {
		t.Errorf("%d watches, want 3", got)
	}
	s.state.word = StateSuspended
	if got := sessionReportOf(s).Watches; got != 0 {
		t.Errorf("%d watches without a connection", got)
	}
}
