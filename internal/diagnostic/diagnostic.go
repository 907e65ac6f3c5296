// Package diagnostic says what is wrong with a version of a node, once: that it can't be used,
// or that its flag is a mistake, or suspicious.
package diagnostic

import (
	"sync/atomic"
	"time"

	"github.com/mod-zookeeper/traefik-zookeeper/internal/log"
	"github.com/mod-zookeeper/traefik-zookeeper/internal/value"
)

// A Diagnostic is about the last version of a node that there was something to say of, as it is
// read in one way. It isn't changed.
type Diagnostic struct {
	Version  int64     // of the node
	Since    time.Time // when that was read first
	Refused  string    // why the present version can't be used; empty where it can
	Findings []string  // what else is wrong with its flag, or suspicious, the mistakes first

	line string // that was logged
}

// A Subject is what a diagnostic is about.
type Subject struct {
	Cluster string
	Path    string // with the chroot
	Format  string
	Key     string
	Refused *atomic.Int64 // counts the versions of all nodes that can't be used
}

// IsNeeded tells whether there is something to say of a reading, or was before.
func IsNeeded(last *Diagnostic, r *value.Reading) bool {
	return last != nil || r.Refused != nil || len(r.Findings) > 0
}

// Of is the diagnostic on a reading of a version, after the last one. What is new in it is logged.
func Of(last *Diagnostic, about *Subject, version int64, r *value.Reading) *Diagnostic {
	v := &Diagnostic{Version: version, Since: time.Now(), Findings: value.Findings(about.Key, r)}
	if r.Refused != nil {
		v.Refused = value.RefusalText(about.Format, about.Key, r.Refused)
	}
	v.line = v.Refused + value.FindingsText(about.Format, about.Key, r)
	if last != nil && v.line == "" {
		v.Version = last.Version
		v.line = last.line
		return v
	}
	if last != nil && last.Version == version && last.line == v.line {
		v.Since = last.Since
		return v
	}
	if r.Refused != nil {
		about.Refused.Add(1)
	}
	log.Cluster(log.LevelWarn, about.Cluster, "%s %s", about.Path, v.line)
	return v
}

// FindingsOf are the findings of a diagnostic; none for nil.
func FindingsOf(v *Diagnostic) []string {
	if v == nil {
		return nil
	}
	return v.Findings
}

// RefusedSince is since when a version is refused, as one diagnostic or those before it say; zero
// where none does. The diagnostic may be nil.
func RefusedSince(before time.Time, v *Diagnostic) time.Time {
	if v == nil || v.Refused == "" || !before.IsZero() && before.Before(v.Since) {
		return before
	}
	return v.Since
}
