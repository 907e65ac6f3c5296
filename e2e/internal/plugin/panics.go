//go:build panics

package plugin

import (
	"testing"
	"time"

	zookeeper "github.com/mod-zookeeper/traefik-zookeeper"
)

func init() { buildTags = []string{"panics"} }

// ForcePanics has a function called before all guarded work of the plugin.
func ForcePanics(t testing.TB, p Plugin, force func(what string)) {
	t.Helper()
	set := zookeeper.ForcePanics
	if i, is := p.(*interpreted); is {
		set = eval(t, i.interpreter, "zookeeper.ForcePanics").Interface().(func(func(string)))
	}
	set(force)
}

// AuditEvery has the plugin read watched nodes again after other pauses.
func AuditEvery(t testing.TB, p Plugin, pause time.Duration) {
	t.Helper()
	set := zookeeper.AuditEvery
	if i, is := p.(*interpreted); is {
		set = eval(t, i.interpreter, "zookeeper.AuditEvery").Interface().(func(time.Duration))
	}
	set(pause)
}
