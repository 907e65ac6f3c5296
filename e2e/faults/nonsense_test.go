package faults

import (
	"slices"
	"testing"
	"time"

	"github.com/mod-zookeeper/traefik-zookeeper/e2e/internal/fakezk"
)

// some kinds of nonsense stand for all of them in the short form.
var some = []string{
	"AcceptsAndIsSilent", "ConnectReplyTwoGB", "SessionEndsAtOnce", "FrameTwoGBStream", "XidUnknown", "AnswersOutOfOrder", "EndlessEvents",
}

// nonsense is servers that misbehave in every way that the client knows of.
func nonsense() []fault {
	var faults []fault
	for _, m := range fakezk.Misbehaviours {
		f := fault{name: "nonsense: " + m.Name, full: 1, inject: func(t *testing.T, s *stage) {
			if m.Want == fakezk.Succeed || m.Want == fakezk.End {
				s.writer.lie(fakezk.Word)
			}
			for _, way := range s.ways {
				way.Become(m.Serve)
			}
			time.Sleep(longEnough())
			s.mend(t)
		}}
		if *full || slices.Contains(some, m.Name) {
			f.short = 1
			faults = append(faults, f)
		}
	}
	return faults
}

// longEnough is for how long the servers misbehave.
func longEnough() time.Duration {
	if *full {
		return longerThanSession
	}
	return time.Second
}

// lie notes what a server may say that can't be told from the truth: that nodes have
// other values, or none.
func (w *writer) lie(word string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.value.begin(word + valuePath)
	w.value.begin("none")
	w.number.begin("none")
	w.flicker.begin(word + flickerPath)
	w.flicker.begin("none")
	w.tenant.begin(word + tenantPath)
	w.tenant.begin("none")
}
