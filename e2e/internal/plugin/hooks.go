//go:build hooks

package plugin

import (
	"context"
	"fmt"
	"path"
	"testing"
	"time"

	zookeeper "github.com/mod-zookeeper/traefik-zookeeper"
	"github.com/mod-zookeeper/traefik-zookeeper/internal/cache"
	"github.com/mod-zookeeper/traefik-zookeeper/internal/clusters"
	"github.com/mod-zookeeper/traefik-zookeeper/internal/guard"
)

func init() { buildTags = []string{"hooks"} }

// ForcePanics has a function called before all guarded work of the plugin.
func ForcePanics(t testing.TB, p Plugin, force func(what string)) {
	hook(t, p, "internal/guard", "ForcePanics", guard.ForcePanics)(force)
}

// RecheckEvery has the plugin read watched nodes again after other pauses.
func RecheckEvery(t testing.TB, p Plugin, pause time.Duration) {
	hook(t, p, "internal/cache", "RecheckEvery", cache.RecheckEvery)(pause)
}

// Linger has the plugin's instances and pools go sooner.
func Linger(t testing.TB, p Plugin, time time.Duration) {
	hook(t, p, "internal/clusters", "SetLinger", clusters.SetLinger)(time)
}

// hook is the function of that name in one of the plugin's packages, in its mode.
func hook[F any](t testing.TB, p Plugin, folder, name string, compiled F) F {
	t.Helper()
	i, is := p.(*interpreted)
	if !is {
		return compiled
	}
	if _, err := i.interpreter.Eval(fmt.Sprintf("import %q", Module+"/"+folder)); err != nil {
		t.Fatal(err)
	}
	return eval(t, i.interpreter, path.Base(folder)+"."+name).Interface().(F)
}

// CloseClient closes the client of a cluster, as other code of the process may do it.
func CloseClient(t testing.TB, p Plugin, cluster string) {
	t.Helper()
	if i, is := p.(*interpreted); is {
		if _, err := i.interpreter.Eval(closing); err != nil {
			t.Fatal(err)
		}
		if why := eval(t, i.interpreter, "closeClient").Interface().(func(string) string)(cluster); why != "" {
			t.Fatal(why)
		}
		return
	}
	h, err := zookeeper.Acquire(context.Background(), cluster)
	if err != nil {
		t.Fatal(err)
	}
	h.Conn().Close()
	if err := h.Release(); err != nil {
		t.Fatal(err)
	}
}

// closing is CloseClient inside of the interpreter.
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
