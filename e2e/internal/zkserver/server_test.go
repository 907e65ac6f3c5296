package zkserver

import (
	"bytes"
	"net"
	"strings"
	"testing"
	"time"

	"github.com/mod-zookeeper/traefik-zookeeper/e2e/internal/relay"
)

func sessions(t *testing.T, s *Server) int {
	t.Helper()
	n, err := s.Sessions()
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func value(t *testing.T, a *Admin, node string) string {
	t.Helper()
	data, err := retried(func() ([]byte, error) { data, _, err := a.Conn.Get(node); return data, err })
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

func TestServer(t *testing.T) {
	s := Start(t)
	if n := sessions(t, s); n != 0 {
		t.Errorf("%d sessions before the first client", n)
	}
	a := s.Client(t)
	big := bytes.Repeat([]byte("x"), 1_000_000)
	a.Put("/a/b/c", []byte("first"))
	a.Put("/big", big)
	if n := sessions(t, s); n != 1 {
		t.Errorf("%d sessions with one client", n)
	}
	if _, _, _, err := a.Conn.GetW("/big"); err != nil {
		t.Fatal(err)
	}
	if n, err := s.Watches(); n != 1 || err != nil {
		t.Errorf("%d watches, %v; want 1", n, err)
	}
	end := []func(){s.Stop, s.Kill}
	for _, end := range end {
		end()
		if _, err := net.Dial("tcp", s.Addr()); err == nil || s.Running() {
			t.Fatal("the server is still there")
		}
		if err := s.Start(); err != nil {
			t.Fatal(err)
		}
		if got := value(t, a, "/a/b/c"); got != "first" {
			t.Errorf("the node has %q after a restart", got)
		}
	}
	if got := value(t, a, "/big"); got != string(big) {
		t.Errorf("the big node has %d bytes after restarts", len(got))
	}
	a.Delete("/a")
	if exists, _, err := a.Conn.Exists("/a"); exists || err != nil {
		t.Errorf("after Delete: exists %v, %v", exists, err)
	}
}

func TestPauseAndResume(t *testing.T) {
	s := Start(t)
	a := s.Client(t)
	a.Put("/node", []byte("before"))
	s.Pause()
	done := make(chan struct{})
	go func() {
		a.Put("/node", []byte("after"))
		close(done)
	}()
	select {
	case <-done:
		t.Error("a paused server answered")
	case <-time.After(300 * time.Millisecond):
	}
	s.Resume()
	<-done
	if got := value(t, a, "/node"); got != "after" {
		t.Errorf("the node has %q", got)
	}
}

func TestStartReportsWhatTheServerSaid(t *testing.T) {
	s := Prepare(t, Configuration("tickTime=nonsense"))
	err := s.Start()
	if err == nil || !strings.Contains(err.Error(), "nonsense") {
		t.Errorf("error %v", err)
	}
}

func TestEnsembleSurvivesItsLeader(t *testing.T) {
	e := StartEnsemble(t)
	a, err := Connect(e.Addr(), func(err error) { t.Error(err) })
	if err != nil {
		t.Fatal(err)
	}
	defer a.Close()
	a.Put("/node", []byte("before"))
	leader := e.Leader()
	if leader == nil {
		t.Fatal("nobody leads")
	}
	leader.Kill()
	a.Put("/node", []byte("after"))
	if got := value(t, a, "/node"); got != "after" {
		t.Errorf("the node has %q", got)
	}
	if err := leader.Start(); err != nil {
		t.Fatal(err)
	}
}

func TestEndSession(t *testing.T) {
	s := Start(t)
	way := relay.NewWay(t, s.Addr())
	admin, err := Connect(way.Addr(), func(err error) { t.Error(err) })
	if err != nil {
		t.Fatal(err)
	}
	defer admin.Close()
	admin.Put("/node", nil)
	before, err := s.ConnectedSessions()
	if err != nil || len(before) != 1 || before[0].Timeout != 30*time.Second {
		t.Fatalf("%v, %v", before, err)
	}
	if err := EndSession(s.Addr(), way.Greeting()); err != nil {
		t.Fatal(err)
	}
	admin.Put("/node", nil) // in a new session
	after, err := s.ConnectedSessions()
	if err != nil || len(after) != 1 || after[0].ID == before[0].ID {
		t.Errorf("%v, before %v, %v", after, before, err)
	}
}

// A follower that doesn't hear from its leader serves what it knows.
func TestFollowerLagsBehind(t *testing.T) {
	e, err := NewEnsemble(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(e.Close)
	ways := e.QuorumWays(t)
	if err := e.Start(); err != nil {
		t.Fatal(err)
	}
	leader := e.Leader()
	if leader == nil {
		t.Fatal("nobody leads")
	}
	number := (e.Index(leader) + 1) % ensembleSize
	follower := e.Servers[number]
	reader, writer := follower.Client(t), leader.Client(t)
	writer.Put("/node", []byte("before"))
	if _, err := reader.Conn.Sync("/node"); err != nil { // until the follower has it
		t.Fatal(err)
	}
	if got := value(t, reader, "/node"); got != "before" {
		t.Fatalf("the follower has %q", got)
	}
	way := ways[number][e.Index(leader)]
	way.Bend(relay.Line{}, relay.Line{Held: true})
	writer.Put("/node", []byte("after"))
	if got := value(t, reader, "/node"); got != "before" {
		t.Errorf("the follower has %q already", got)
	}
	way.Restore()
	for deadline := time.Now().Add(startPatience); value(t, reader, "/node") != "after"; time.Sleep(time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatal("the follower stays behind")
		}
	}
}
