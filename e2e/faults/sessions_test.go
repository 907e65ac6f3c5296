package faults

import (
	"errors"
	"testing"
	"time"

	"github.com/mod-zookeeper/traefik-zookeeper/e2e/internal/zkserver"
)

var errNotYet = errors.New("not yet")

var sessions = []fault{
	{name: "the session expires", short: 1, full: 5, inject: func(t *testing.T, s *stage) {
		before, _ := s.session(t)
		s.bend(held, held)
		err := s.await(func() error {
			sessions, err := s.sessionsOfPlugin()
			if err == nil && len(sessions) > 0 {
				time.Sleep(20 * time.Millisecond)
				err = errNotYet
			}
			return err
		})
		check(t, err)
		time.Sleep(sessionTimeout)
		s.mend(t)
		s.renewed(t, before)
	}},
	{name: "another client closes the session", short: 3, full: 30, inject: func(t *testing.T, s *stage) {
		before := s.endSession(t)
		s.awaitNews(t, time.Now())
		s.renewed(t, before)
	}},
}

// endSession closes the plugin's session, as somebody else, and returns which it was.
func (s *stage) endSession(t *testing.T) string {
	t.Helper()
	session, at := s.session(t)
	granted := s.ways[s.ensemble.Index(at)].Greeting()
	check(t, zkserver.EndSession(at.Addr(), granted))
	return session
}

// renewed tells that the plugin has another session than before.
func (s *stage) renewed(t *testing.T, before string) {
	t.Helper()
	if now, _ := s.session(t); now == before {
		t.Errorf("the session %s is still there", now)
	}
}
