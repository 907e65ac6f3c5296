package rules

import (
	"net/http"
	"reflect"
	"sort"
	"strings"
	"testing"

	"github.com/mod-zookeeper/traefik-zookeeper/config"
	"github.com/mod-zookeeper/traefik-zookeeper/internal/problems"
	"github.com/mod-zookeeper/traefik-zookeeper/internal/value"
)

// A mistake in a header's rule has its key, what stands there, and the remedy.
func TestMistakesInAHeaderRule(t *testing.T) {
	path := []string{"/a"}
	for _, c := range []struct {
		rule config.HeaderRule
		want string
	}{
		{config.HeaderRule{Path: path}, `h.name: "": the header's name is expected`},
		{config.HeaderRule{Name: "X A", Path: path}, `h.name: "X A": a header's name has letters`},
		{config.HeaderRule{Name: "host", Path: path}, "belongs to the connection or the message"},
		{config.HeaderRule{Name: "a-b-c-d-e-f-g-h", Path: path}, "at most 6 hyphens"},
		{config.HeaderRule{Name: "X-A"}, `h.path: "": the path of a node is expected`},
		{config.HeaderRule{Name: "X-A", Path: path, Flag: path}, `h.flag: "/a": either path`},
		{config.HeaderRule{Name: "X-A", Path: path, Mode: "add"}, `h.mode: "add": set, append, ifAbsent or remove`},
		{config.HeaderRule{Name: "X-A", Path: path, Mode: modeRemove}, `h.mode: "remove": a header that is removed has no path`},
		{config.HeaderRule{Name: "X-A", Path: path, Format: "yaml"}, `h.format: "yaml": text, json`},
		{config.HeaderRule{Name: "X-A", Path: path, Format: value.FormatJSON}, `h.key: "": format json needs the key`},
		{config.HeaderRule{Name: "X-A", Path: path, Key: "a"}, `h.key: "a": only formats json and properties have a key`},
		{config.HeaderRule{Name: "X-A", Path: path, Encoding: "hex"}, `h.encoding: "hex": base64`},
		{config.HeaderRule{Name: "X-A", Flag: path, Encoding: "base64"}, "a flag's value has no encoding"},
		{config.HeaderRule{Name: "X-A", Path: path, Default: "a\nb"}, `h.default: "a\nb": it has a line break`},
		{config.HeaderRule{Name: "X-A", Path: path, Value: "Bearer"}, `h.value: "Bearer": it needs {value}`},
		{config.HeaderRule{Name: "X-A", Path: path, Map: map[string]string{"on": "a\nb"}}, `h.map.on: "a\nb": it has a line break`},
		{config.HeaderRule{Name: "X-A", Path: path, MaxNodes: "many"}, `h.maxNodes: "many": how many nodes`},
	} {
		list := &problems.List{}
		checkHeader("h", c.rule, &clusterChoice{}, list)
		if got := strings.Join(list.Texts(), "; "); len(list.Texts()) != 1 || !strings.Contains(got, c.want) {
			t.Errorf("%+v: %s; want %s", c.rule, got, c.want)
		}
	}
}

func TestModesOfAHeaderRule(t *testing.T) {
	for _, c := range []struct {
		rule config.HeaderRule
		want string
	}{
		{config.HeaderRule{Name: "x-a", Path: []string{"/a"}}, ModeSet},
		{config.HeaderRule{Name: "x-a", Path: []string{"/a"}, Mode: "append"}, ModeAppend},
		{config.HeaderRule{Name: "x-a", Flag: []string{"/a"}, Mode: "ifAbsent"}, ModeIfAbsent},
		{config.HeaderRule{Name: "x-a", Mode: "remove"}, modeRemove},
	} {
		list := &problems.List{}
		rule := checkHeader("h", c.rule, &clusterChoice{}, list)
		if len(list.Texts()) > 0 || rule.Mode != c.want || rule.Name != "X-A" || (rule.Source == nil) != (c.want == modeRemove) {
			t.Errorf("%+v: %+v, %v", c.rule, rule, list.Err())
		}
	}
}

// The aliases of a name are those that services behind CGI can't tell from it, as the
// server delivers them.
func TestCGIAliases(t *testing.T) {
	for name, want := range map[string][]string{
		"Release":   nil,
		"X-Release": {"X_release"},
		"X_release": {"X-Release"},
		"X-Db-Host": {"X-Db_host", "X_db-Host", "X_db_host"},
	} {
		got := CGIAliases(name)
		sort.Strings(got)
		if !reflect.DeepEqual(got, want) {
			t.Errorf("%s has the aliases %q, want %q", name, got, want)
		}
		for _, alias := range got {
			if alias != http.CanonicalHeaderKey(alias) {
				t.Errorf("the server never delivers %s", alias)
			}
		}
	}
}

// FuzzHeaderOfARule: whatever stands in the configuration, a value that a header can
// hold reaches the service in one header of one request.
func FuzzHeaderOfARule(f *testing.F) {
	for _, data := range oddTexts {
		for _, frame := range []string{"", "Bearer {value}", "{value}{value}", " {value} ", "{value}\r\nX-Injected: 1"} {
			f.Add([]byte(data), frame, "word")
		}
	}
	f.Fuzz(func(t *testing.T, data []byte, frame, word string) {
		value := strings.Trim(string(data), " \t")
		if !isFieldValue(value) {
			value = "" // since nothing is made of what is refused
		}
		list := &problems.List{}
		rule := checkHeader("h", config.HeaderRule{Name: "X-A", Path: []string{"/a"}, Value: frame, Default: word, Map: map[string]string{value: word}}, &clusterChoice{}, list)
		if list.Err() == nil {
			checkArrives(t, FormatValue(rule, value))
			checkArrives(t, FormatValue(rule, value+"x"))
			checkArrives(t, rule.Fallback)
		}
	})
}
