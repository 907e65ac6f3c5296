package session

import (
	"testing"
	"time"

	"github.com/mod-zookeeper/traefik-zookeeper/internal/ensemble"
)

func TestASessionThatNobodyWantsIsNotDown(t *testing.T) {
	s := New("main", &ensemble.Settings{SessionTimeout: time.Second})
	s.internals.DownSince = time.Now().Add(-time.Minute)
	report := ReportOf(s)
	if report.State != StateSuspended || report.DownFor != 0 || report.Problem != "" || report.Watches != 0 || report.Timeout != time.Second {
		t.Errorf("%+v", report)
	}
	s.internals.started = true
	report = ReportOf(s)
	if report.DownFor < time.Minute || report.Problem == "" {
		t.Errorf("a minute later: %+v", report)
	}
}

func TestWhatASessionIs(t *testing.T) {
	s := New("main", &ensemble.Settings{SessionTimeout: time.Second})
	s.internals.started, s.internals.state, s.internals.DownSince = true, StateReadOnly, time.Time{}
	s.internals.server, s.internals.id, s.internals.negotiated = "zk1:2181", 0x10, 2*time.Second
	report := ReportOf(s)
	if !report.Up || report.Server != "zk1:2181" || report.SessionID != 0x10 || report.Timeout != 2*time.Second || report.DownFor != 0 || report.Problem != "" {
		t.Errorf("%+v", report)
	}
	s.internals.state = StateSuspended
	if report := ReportOf(s); report.Up || report.Server != "" || report.SessionID != 0 {
		t.Errorf("suspended: %+v", report)
	}
}

// A recursive watch stands for the one of its root's data, not for that of its children.
func TestWatchesAtTheServer(t *testing.T) {
	s := New("main", &ensemble.Settings{})
	s.internals.state = StateConnected
	s.internals.Connection.Recursive = map[string]bool{"/tree": true}
	s.internals.Triggers[NodeKey{Path: "/tree"}] = &Trigger{set: true}
	s.internals.Triggers[NodeKey{Path: "/tree", Children: true}] = &Trigger{set: true}
	s.internals.Triggers[NodeKey{Path: "/a"}] = &Trigger{set: true}
	s.internals.Triggers[NodeKey{Path: "/b"}] = &Trigger{}
	if got := ReportOf(s).Watches; got != 3 {
		t.Errorf("%d watches, want 3", got)
	}
	s.internals.state = StateSuspended
	if got := ReportOf(s).Watches; got != 0 {
		t.Errorf("%d watches without a connection", got)
	}
}
