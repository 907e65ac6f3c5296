package faults

import (
	"testing"
	"time"

	"github.com/mod-zookeeper/traefik-zookeeper/e2e/internal/zkserver"
)

// longerThanSession is how long what hangs, hangs.
const longerThanSession = sessionTimeout + time.Second

var servers = []fault{
	{name: "the leader is killed", short: 2, full: 15, inject: func(t *testing.T, s *stage) {
		s.kill(t, s.leader(t))
	}},
	{name: "the plugin's server is killed", short: 2, full: 15, inject: func(t *testing.T, s *stage) {
		_, at := s.session(t)
		s.kill(t, at)
	}},
	{name: "all servers are killed", short: 1, full: 5, inject: func(t *testing.T, s *stage) {
		for _, server := range s.ensemble.Servers {
			server.Kill()
		}
		time.Sleep(longerThanSession)
		check(t, s.ensemble.Start())
		s.awaitNews(t, time.Now())
	}},
	{name: "a rolling restart", short: 1, full: 50, inject: func(t *testing.T, s *stage) {
		for _, server := range s.ensemble.Servers {
			check(t, server.Restart())
			check(t, s.ensemble.AwaitQuorum())
		}
		s.awaitNews(t, time.Now())
	}},
	{name: "the plugin's server hangs", short: 1, full: 5, inject: func(t *testing.T, s *stage) {
		_, at := s.session(t)
		s.hang(t, at)
	}},
	{name: "the leader hangs", short: 1, full: 5, inject: func(t *testing.T, s *stage) {
		s.hang(t, s.leader(t))
	}},
}

func check(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func (s *stage) leader(t *testing.T) *zkserver.Server {
	t.Helper()
	var leader *zkserver.Server
	for deadline := time.Now().Add(patience); leader == nil; leader = s.ensemble.Leader() {
		if time.Now().After(deadline) {
			t.Fatal("nobody leads")
		}
	}
	return leader
}

// kill kills a server. The others have the new value served without it, and it
// comes back.
func (s *stage) kill(t *testing.T, server *zkserver.Server) {
	t.Helper()
	server.Kill()
	check(t, s.ensemble.AwaitQuorum())
	s.awaitNews(t, time.Now())
	check(t, server.Start())
	check(t, s.ensemble.AwaitQuorum())
}

// hang lets a server do nothing for longer than sessions last, and go on.
func (s *stage) hang(t *testing.T, server *zkserver.Server) {
	t.Helper()
	server.Pause()
	defer server.Resume()
	time.Sleep(longerThanSession)
	server.Resume()
	check(t, s.ensemble.AwaitQuorum())
	s.awaitNews(t, time.Now())
}
