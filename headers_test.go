package zookeeper

import (
	"net/http"
	"reflect"
	"sort"
	"strings"
	"testing"
)

// A mistake in a header's rule has its key, what stands there, and the remedy.
func TestMistakesInAHeaderRule(t *testing.T) {
	path := []string{"/a"}
	for _, c := range []struct {
		rule HeaderRule
		want string
	}{
		{HeaderRule{Path: path}, `h.name: "": the header's name is wanted`},
		{HeaderRule{Name: "X A", Path: path}, `h.name: "X A": a header's name has letters`},
		{HeaderRule{Name: "host", Path: path}, "belongs to the connection or the message"},
		{HeaderRule{Name: "a-b-c-d-e-f-g-h", Path: path}, "at most 6 hyphens"},
		{HeaderRule{Name: "X-A"}, `h.path: "": the path of a node is wanted`},
		{HeaderRule{Name: "X-A", Path: path, Flag: path}, `h.flag: "/a": either path`},
		{HeaderRule{Name: "X-A", Path: path, Mode: "add"}, `h.mode: "add": set, append, ifAbsent or remove`},
		{HeaderRule{Name: "X-A", Path: path, Mode: modeRemove}, `h.mode: "remove": a header that is removed has no path`},
		{HeaderRule{Name: "X-A", Path: path, Format: "yaml"}, `h.format: "yaml": text, json`},
		{HeaderRule{Name: "X-A", Path: path, Format: formatJSON}, `h.key: "": format json needs the key`},
		{HeaderRule{Name: "X-A", Path: path, Key: "a"}, `h.key: "a": only formats json and properties have a key`},
		{HeaderRule{Name: "X-A", Path: path, Encoding: "hex"}, `h.encoding: "hex": base64`},
		{HeaderRule{Name: "X-A", Flag: path, Encoding: "base64"}, "a flag's value has no encoding"},
		{HeaderRule{Name: "X-A", Path: path, Default: "a\nb"}, `h.default: "a\nb": it has a line break`},
		{HeaderRule{Name: "X-A", Path: path, Value: "Bearer"}, `h.value: "Bearer": it needs {value}`},
		{HeaderRule{Name: "X-A", Path: path, Map: map[string]string{"on": "a\nb"}}, `h.map.on: "a\nb": it has a line break`},
		{HeaderRule{Name: "X-A", Path: path, MaxNodes: "many"}, `h.maxNodes: "many": how many nodes`},
	} {
		f := &problemList{}
		checkHeader("h", c.rule, &clusterChoice{}, f)
		if got := strings.Join(f.list, "; "); len(f.list) != 1 || !strings.Contains(got, c.want) {
			t.Errorf("%+v: %s; want %s", c.rule, got, c.want)
		}
	}
}

func TestModesOfAHeaderRule(t *testing.T) {
	for _, c := range []struct {
		rule HeaderRule
		want string
	}{
		{HeaderRule{Name: "x-a", Path: []string{"/a"}}, modeSet},
		{HeaderRule{Name: "x-a", Path: []string{"/a"}, Mode: "append"}, modeAppend},
		{HeaderRule{Name: "x-a", Flag: []string{"/a"}, Mode: "ifAbsent"}, modeIfAbsent},
		{HeaderRule{Name: "x-a", Mode: "remove"}, modeRemove},
	} {
		f := &problemList{}
		rule := checkHeader("h", c.rule, &clusterChoice{}, f)
		if len(f.list) > 0 || rule.mode != c.want || rule.name != "X-A" || (rule.source == nil) != (c.want == modeRemove) {
			t.Errorf("%+v: %+v, %v", c.rule, rule, f.err())
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
		got := cgiAliases(name)
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
		f := &problemList{}
		rule := checkHeader("h", HeaderRule{Name: "X-A", Path: []string{"/a"}, Value: frame, Default: word, Map: map[string]string{value: word}}, &clusterChoice{}, f)
		if len(f.list) == 0 {
			checkArrives(t, formatValue(rule, value))
			checkArrives(t, formatValue(rule, value+"x"))
			checkArrives(t, rule.fallback)
		}
	})
}
