//go:build !race

package ensemble

import (
	"fmt"
	"runtime"
	"runtime/debug"
	"strings"
	"testing"
)

// connections are connection strings of so many parts, sound ones and others.
var connections = map[string]func(n int) string{
	"servers":              parts("zk%d:2181,"),
	"servers in capitals":  parts("ZK%d.example.com , "),
	"one server":           parts("zk1:2181,"),
	"addresses":            parts("[2001:db8::%x]:2181,"),
	"zones":                parts("[fe80::1%%eth%d],"),
	"commas":               parts(","),
	"blanks":               parts(" "),
	"servers with a fault": parts("zk%d:x,"),
	"schemes":              parts("zk://zk%d,"),
	"only schemes":         parts("zk://"),
	"credentials":          parts("user:password@zk%d,"),
	"a long name":          parts("a"),
	"letters":              parts("ä"),
	"colons":               parts(":"),
	"brackets":             parts("["),
	"a deep chroot":        func(n int) string { return "zk1" + parts("/a%d")(n) },
	"slashes":              parts("/"),
	"several chroots":      parts("zk%d/a,"),
}

func parts(form string) func(n int) string {
	return func(n int) string {
		var text strings.Builder
		for i := range n {
			if strings.Contains(form, "%") {
				fmt.Fprintf(&text, form, []any{i}[:strings.Count(form, "%")-2*strings.Count(form, "%%")]...)
			} else {
				text.WriteString(form)
			}
		}
		return text.String()
	}
}

// spent is what a lookup takes, in bytes; an allocation counts as some.
func spent(look func(string), text string) float64 {
	defer debug.SetGCPercent(debug.SetGCPercent(-1)) // a collection would empty pools, which then are filled again
	least := 1e18
	for range 3 {
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		look(text)
		runtime.ReadMemStats(&after)
		least = min(least, float64(after.TotalAlloc-before.TotalAlloc+16*(after.Mallocs-before.Mallocs)))
	}
	return least
}

// doubles sees that twice as much costs at most two and a half times as much.
func doubles(t *testing.T, what string, cost func(n int) float64, n int) {
	t.Helper()
	once, twice := cost(n), cost(2*n)
	if twice > 2.5*once+64<<10 {
		t.Errorf("%s: %d cost %.0f, twice as many %.0f", what, n, once, twice)
	}
}

func costOfServers(text string) float64 {
	return spent(func(text string) { settingsOf(text) }, text)
}

func TestCostOfServers(t *testing.T) {
	for name, of := range connections {
		doubles(t, name, func(n int) float64 { return costOfServers(of(n)) }, 500)
		if _, err := settingsOf(of(500)); err != nil && len(err.Error()) > 500*300 {
			t.Errorf("%s: %.400q", name, err.Error())
		}
	}
}

// FuzzServersCost looks for connection strings of which twice as much costs more than
// twice.
func FuzzServersCost(f *testing.F) {
	for _, of := range connections {
		f.Add(of(1), 500)
	}
	f.Fuzz(func(t *testing.T, unit string, count int) {
		if unit == "" || count < 1 || len(unit) > 1000 {
			return
		}
		count = min(count, 1<<17/len(unit))
		doubles(t, fmt.Sprintf("servers of %q", unit), func(n int) float64 { return costOfServers(strings.Repeat(unit, n)) }, count)
	})
}
