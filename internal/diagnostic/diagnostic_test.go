package diagnostic

import (
	"errors"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/mod-zookeeper/traefik-zookeeper/flag"
	"github.com/mod-zookeeper/traefik-zookeeper/flag/lint"
	"github.com/mod-zookeeper/traefik-zookeeper/internal/log"
	"github.com/mod-zookeeper/traefik-zookeeper/internal/value"
)

// What is new is told: once a version, and again where a version turns out to have something else.
func TestDiagnostics(t *testing.T) {
	var lines []string
	log.SetLogger(func(_, message string) { lines = append(lines, message) })
	defer log.SetLogger(nil)
	refusals := &atomic.Int64{}
	about := &Subject{Cluster: "main", Path: "/a", Format: "flag", Key: "b", Refused: refusals}
	finding := func(severity string) []*flag.Finding {
		return []*flag.Finding{{Severity: severity, Place: "targeting", Message: "wrong"}}
	}
	sound := &value.Reading{}
	mistake := &value.Reading{Findings: finding(lint.Mistake)}
	suspicion := &value.Reading{Findings: finding(lint.Suspicion)}
	refused := &value.Reading{Refused: errors.New("is bad"), Findings: append(finding(lint.Mistake), &flag.Finding{Severity: lint.Mistake, Message: "is bad", Refused: true})}
	if IsNeeded(nil, sound) {
		t.Error("of a sound version, there is something to say")
	}
	var last *Diagnostic
	for i, c := range []struct {
		version int64
		reading *value.Reading
		line    string
	}{
		{1, mistake, "cluster main: /a has a mistake as flag b: targeting: wrong"}, {1, mistake, ""},
		{2, suspicion, "cluster main: /a is suspicious as flag b: targeting: wrong"}, {2, sound, ""}, {2, suspicion, ""},
		{3, refused, "cluster main: /a refused as flag b: it is bad; besides: targeting: wrong"}, {3, refused, ""},
		{4, sound, ""}, {5, mistake, "cluster main: /a has a mistake as flag b: targeting: wrong"},
	} {
		lines = nil
		last = Of(last, about, c.version, c.reading)
		if strings.Join(lines, "\n") != c.line || (len(last.Findings) > 0) != (c.reading != sound) || (last.Refused != "") != (c.reading == refused) {
			t.Errorf("%d: %q, %+v", i, lines, last)
		}
	}
	if refusals.Load() != 1 {
		t.Errorf("%d refusals", refusals.Load())
	}
}
