package faults

import (
	"fmt"
	"testing"
	"time"

	"github.com/go-zookeeper/zk"
)

var nodes = []fault{
	{name: "a node comes and goes", short: 200, full: 1000, inject: func(t *testing.T, s *stage) {
		s.writer.flash()
	}},
	{name: "a burst of changes", short: 1, full: 2, inject: func(t *testing.T, s *stage) {
		for range burst() {
			s.writer.write()
		}
		s.awaitNews(t, time.Now())
	}},
	// ZooKeeper spends a watch of a node that may not be read any more, and tells
	// nobody (since 3.8.4; distributions have it in older ones). What was missed
	// comes when a connection is made.
	{name: "the right to read is taken", short: 1, full: 3, inject: func(t *testing.T, s *stage) {
		s.permit(t, zk.PermWrite|zk.PermAdmin)
		s.writer.write()
		time.Sleep(2 * time.Second)
		s.permit(t, zk.PermAll)
		for _, way := range s.ways {
			way.Refuse()
		}
		s.mend(t)
	}},
	// What a new session finds unreadable is asked for every ten seconds.
	{name: "a node may not be read", short: 0, full: 3, inject: func(t *testing.T, s *stage) {
		s.permit(t, zk.PermWrite|zk.PermAdmin)
		s.endSession(t)
		time.Sleep(2 * time.Second)
		s.permit(t, zk.PermAll)
		s.awaitNews(t, time.Now())
	}},
	{name: "a quota is used up", short: 1, full: 3, inject: func(t *testing.T, s *stage) {
		s.writer.finish()
		quota := s.limit(t)
		time.Sleep(2 * time.Second)
		s.writer.admin.Delete(quota)
		s.tryToWrite(t, true) // the leader may learn of it later than who asked for it
		s.awaitNews(t, time.Now())
		s.writer.start()
	}},
}

// burst is how many times every node is changed at a stretch.
func burst() int {
	if *full {
		return 10000
	}
	return 300
}

// flash makes a node, and deletes it.
func (w *writer) flash() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.n++
	state := fmt.Sprint("flash", w.n)
	w.put(&w.flicker, flickerPath, state, "%s")
	w.flicker.begin("none")
	w.admin.Delete(flickerPath)
}

func (s *stage) permit(t *testing.T, permissions int32) {
	t.Helper()
	_, err := s.writer.admin.Conn.SetACL(valuePath, zk.WorldACL(permissions), -1)
	check(t, err)
}

// limit lets nobody write more than there is, and returns the node that says so.
func (s *stage) limit(t *testing.T) string {
	t.Helper()
	const quota = "/zookeeper/quota/faults"
	s.writer.admin.Put(quota+"/zookeeper_stats", []byte("count=1,bytes=1"))
	s.writer.admin.Put(quota+"/zookeeper_limits", []byte("count=-1,bytes=-1=;byteHardLimit=1;countHardLimit=-1"))
	s.tryToWrite(t, false)
	return quota
}

// tryToWrite writes more than the quota until that succeeds, or fails.
func (s *stage) tryToWrite(t *testing.T, wanted bool) {
	t.Helper()
	const more = "more than the quota"
	s.writer.value.begin(more)
	check(t, s.await(func() error {
		_, err := s.writer.admin.Conn.Set(valuePath, []byte(more), -1)
		if (err == nil) != wanted {
			time.Sleep(20 * time.Millisecond)
			return errNotYet
		}
		return nil
	}))
}
