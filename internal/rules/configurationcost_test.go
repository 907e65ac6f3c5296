//go:build !race

package rules

import (
	"fmt"
	"runtime"
	"runtime/debug"
	"strings"
	"testing"

	"github.com/mod-zookeeper/traefik-zookeeper/config"
)

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

// configurations are trees of so many parts, as Traefik decodes them.
var configurations = map[string]func(n int) map[string]any{
	"clusters":                        func(n int) map[string]any { return tree("clusters", named(n, map[string]any{"servers": "zk1"})) },
	"clusters with a fault":           func(n int) map[string]any { return tree("clusters", named(n, map[string]any{"servers": "zk1:x"})) },
	"unknown keys":                    func(n int) map[string]any { return named(n, "x") },
	"unknown keys that are like some": func(n int) map[string]any { return tree("gates", []any{named(n, "x")}) },
	"an unknown key":                  func(n int) map[string]any { return map[string]any{strings.Repeat("gates", n): "x"} },
	"rules that name no cluster of several": func(n int) map[string]any {
		return map[string]any{"clusters": named(n, map[string]any{"servers": "zk1"}), "gates": repeated(n, map[string]any{"path": "/a"})}
	},
	"rules of an unknown cluster": func(n int) map[string]any {
		return map[string]any{"clusters": named(n, map[string]any{"servers": "zk1"}), "gates": repeated(n, map[string]any{"path": "/a", "cluster": "other"})}
	},
	"one header many times": func(n int) map[string]any {
		return tree("requestHeaders", repeated(n, map[string]any{"name": "X-A", "path": "/a"}))
	},
	"headers that no template sees": func(n int) map[string]any {
		return map[string]any{"decisionHeader": "X-A", "context": named(n, "{header.X-A}")}
	},
	"alternatives": func(n int) map[string]any { return tree("targetingKey", "{"+parts("cookie.c%d|")(n)+"ip}") },
	"braces":       func(n int) map[string]any { return tree("targetingKey", parts("{ip}")(n)) },
	"paths": func(n int) map[string]any {
		return tree("gates", []any{map[string]any{"path": parts("/a%d, ")(n) + "/b"}})
	},
	"a deep path": func(n int) map[string]any {
		return tree("gates", []any{map[string]any{"path": parts("/{ip}/a%d")(n), "maxNodes": 5}})
	},
	"a fixed path": func(n int) map[string]any {
		return tree("gates", []any{map[string]any{"path": parts("/a%d")(n) + "/{ip}" + parts("/a%d")(n)}})
	},
	"addresses": func(n int) map[string]any {
		return tree("gates", []any{map[string]any{"path": "/a", "bypass": map[string]any{"ips": parts("10.0.0.1,")(n) + "::1"}}})
	},
	"prefixes": func(n int) map[string]any {
		return tree("gates", []any{map[string]any{"path": "/a", "bypass": map[string]any{"pathPrefixes": parts("/a%d,")(n) + "/b"}}})
	},
	"translations": func(n int) map[string]any {
		return tree("requestHeaders", []any{map[string]any{"name": "X-A", "path": "/a", "map": named(n, "x")}})
	},
	"a deep mapping": func(n int) map[string]any {
		deep := map[string]any{}
		for range n {
			deep = map[string]any{"gates": deep}
		}
		return deep
	},
}

func tree(key string, value any) map[string]any { return map[string]any{key: value} }

func named(n int, value any) map[string]any {
	all := map[string]any{}
	for i := range n {
		all[fmt.Sprintf("statuz%04d", i)] = value
	}
	return all
}

func repeated(n int, value any) []any {
	all := make([]any, n)
	for i := range all {
		all[i] = value
	}
	return all
}

// allocated is how many bytes a function allocates. Other goroutines may add to that,
// so the least of some times counts.
func allocated(times int, do func()) uint64 {
	defer debug.SetGCPercent(debug.SetGCPercent(-1)) // a collection would empty pools, which then are filled again
	least := ^uint64(0)
	for range times {
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		do()
		runtime.ReadMemStats(&after)
		least = min(least, after.TotalAlloc-before.TotalAlloc)
	}
	return least
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

// units are what costly texts consist of.
var units = []string{"a", ",", ";", "a;", "a=b; ", " a =b;", "a,", "text/html;q=1,", "&", "a&", "a=%&", "a;&", "/", "/a", "/.", "%2f", "%41=&", ".", ":", " ", "\"", "\\"}

// doubles sees that twice as much costs at most two and a half times as much.
func doubles(t *testing.T, what string, cost func(n int) float64, n int) {
	t.Helper()
	once, twice := cost(n), cost(2*n)
	if twice > 2.5*once+64<<10 {
		t.Errorf("%s: %d cost %.0f, twice as many %.0f", what, n, once, twice)
	}
}

func TestCostOfConfigurations(t *testing.T) {
	for name, of := range configurations {
		doubles(t, name, func(n int) float64 {
			decoded := of(n)
			return spent(func(string) { Compile(&config.Config{Decoded: decoded}) }, "")
		}, 200)
	}
}

// FuzzConfigurationCost looks for texts anywhere in a configuration, of which twice as
// much costs more than twice.
func FuzzConfigurationCost(f *testing.F) {
	for _, unit := range units {
		f.Add(unit, 500)
	}
	f.Fuzz(func(t *testing.T, unit string, count int) {
		if unit == "" || count < 1 || len(unit) > 1000 {
			return
		}
		count = min(count, 1<<17/len(unit))
		doubles(t, fmt.Sprintf("texts of %q", unit), func(n int) float64 {
			text := strings.Repeat(unit, n)
			decoded := map[string]any{text: text, "targetingKey": text, "decisionHeader": text, "gates": text,
				"requestHeaders": []any{map[string]any{"name": text, "path": text, "map": map[string]any{text: text}, "value": text}}}
			return spent(func(string) { Compile(&config.Config{Decoded: decoded}) }, "")
		}, count)
	})
}

// A name has twice as many aliases for each separator, and those that have too many are
// refused before they are counted.
func TestSeparatorsInNames(t *testing.T) {
	name := strings.Repeat("a-", 18) + "a"
	for what, decoded := range map[string]map[string]any{
		"a header": tree("requestHeaders", []any{map[string]any{"name": name, "path": "/a"}}), "decisionHeader": tree("decisionHeader", name),
		"a bypass": tree("gates", []any{map[string]any{"path": "/a", "bypass": map[string]any{"header": map[string]any{"name": name, "value": "x"}}}}),
	} {
		var err error
		cost := allocated(1, func() { _, _, err = Compile(&config.Config{Decoded: decoded}) })
		if err == nil || !strings.Contains(err.Error(), "at most 6 hyphens") || cost > 1<<20 {
			t.Errorf("%s: %d bytes, %v", what, cost, err)
		}
	}
}
