//go:build hooks

package plugin

import (
	"testing"
	"time"

	zookeeper "github.com/mod-zookeeper/traefik-zookeeper"
)

func init() { buildTags = []string{"hooks"} }

// ForcePanics has a function called before all guarded work of the plugin.
func ForcePanics(t testing.TB, p Plugin, force func(what string)) {
	hook(t, p, "ForcePanics", zookeeper.ForcePanics)(force)
}

// AuditEvery has the plugin read watched nodes again after other pauses.
func AuditEvery(t testing.TB, p Plugin, pause time.Duration) {
	hook(t, p, "AuditEvery", zookeeper.AuditEvery)(pause)
}

// Linger has the plugin's instances and pools go sooner.
func Linger(t testing.TB, p Plugin, time time.Duration) {
	hook(t, p, "Linger", zookeeper.Linger)(time)
}

// hook is the plugin's function of that name, in its mode.
func hook[F any](t testing.TB, p Plugin, name string, compiled F) F {
	t.Helper()
	if i, is := p.(*interpreted); is {
		return eval(t, i.interpreter, "zookeeper."+name).Interface().(F)
	}
	return compiled
}

// CloseClients has the plugin replace its connections.
func CloseClients(t testing.TB, p Plugin) {
	hook(t, p, "CloseClients", zookeeper.CloseClients)()
}
