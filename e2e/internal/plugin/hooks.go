//go:build hooks

package plugin

import (
	"context"
	"testing"
	"time"

	zookeeper "github.com/mod-zookeeper/traefik-zookeeper"
	"github.com/mod-zookeeper/traefik-zookeeper/internal/clusters"
	"github.com/mod-zookeeper/traefik-zookeeper/internal/guard"
	"github.com/mod-zookeeper/traefik-zookeeper/internal/store"
)

func init() { buildTags = []string{"hooks"} }

// ForcePanics has a function called before all guarded work of the plugin.
func ForcePanics(t testing.TB, p Plugin, force func(what string)) {
	Function(t, p, Module+"/internal/guard", "ForcePanics", guard.ForcePanics)(force)
}

// RecheckEvery has the plugin read watched nodes again after other pauses.
func RecheckEvery(t testing.TB, p Plugin, pause time.Duration) {
	Function(t, p, Module+"/internal/store", "RecheckEvery", store.RecheckEvery)(pause)
}

// Linger has the plugin's instances and pools go sooner.
func Linger(t testing.TB, p Plugin, time time.Duration) {
	Function(t, p, Module+"/internal/clusters", "SetLinger", clusters.SetLinger)(time)
}

// CloseClient closes the client of a cluster, as other code of the process may do it.
func CloseClient(t testing.TB, p Plugin, cluster string) {
	t.Helper()
	closeClient := closeCompiled
	if i, is := p.(*interpreted); is {
		closeClient = closeInterpreted(t, i)
	}
	if why := closeClient(cluster); why != "" {
		t.Fatal(why)
	}
}

func closeCompiled(cluster string) string {
	h, err := zookeeper.Acquire(context.Background(), cluster)
	if err != nil {
		return err.Error()
	}
	h.Conn().Close()
	if err := h.Release(); err != nil {
		return err.Error()
	}
	return ""
}

// closeInterpreted is closeCompiled inside of the interpreter, which takes the text
// only once.
func closeInterpreted(t testing.TB, i *interpreted) func(cluster string) string {
	t.Helper()
	if _, err := i.interpreter.Eval("closeClient"); err != nil {
		eval(t, i.interpreter, closing)
	}
	return eval(t, i.interpreter, "closeClient").Interface().(func(string) string)
}

const closing = `
import "context"

func closeClient(cluster string) string {
	h, err := zookeeper.Acquire(context.Background(), cluster)
	if err != nil {
		return err.Error()
	}
	h.Conn().Close()
	err = h.Release()
	if err != nil {
		return err.Error()
	}
	return ""
}
`
