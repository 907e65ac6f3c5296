package config

import (
	"encoding/json"
	"math"
	"reflect"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/mod-zookeeper/traefik-zookeeper/internal/problems"
)

// FuzzDecode: whatever tree a provider hands over, the plugin reads all of it or
// names what it doesn't, and it reads the same from each provider. Gates never get lost.
func FuzzDecode(f *testing.F) {
	for _, tree := range []string{
		`{"clusters":{"c":{"servers":"zk1,zk2/a"}},"gates":[{"path":"/a"}]}`,
		`{"clusters":{"c":{"servers":["zk1","zk2"],"tls":{"insecureSkipVerify":true}}},"requestHeaders":[{"name":"X-A","path":["/a","/b"],"map":{"a":"b"}}]}`,
		`{"gates":[{"path":["/a"],"status":503,"dryRun":true,"bypass":{"ips":["10.0.0.0/8"],"header":{"name":"X-A","value":1}},"headers":{"A":"b"}},{"path":"/b"}]}`,
		`{"gates":[]}`, `{"gates":{}}`, `{"gates":""}`, `{"gates":[null]}`, `{"gates":["on"]}`, `{"gates":{"0":{"path":"/a"}}}`, `{"gates":{"1":{}}}`, `{"gates":{"path":"/a"}}`, `{"gates":true}`,
		`{"GATES":[{"path":"/a"}],"gates":[]}`, `{"Gates":[{"path":"/a"}]}`, `{"gate":[{"path":"/a"}]}`, `{"requestHeaders":[{"gates":[{"path":"/a"}]}]}`, `{"gates":[{"path":"/a","bypass":true}]}`,
		`{"cluster":[],"context":{"a":"{ip}","b":[]},"targetingKey":{"a":{}},"maxNodes":1e30,"startupTimeout":2}`, `{"":{"":{"":[]}},"a.b":[[[]]]}`, `{"clusters":{"a.b":{"servers":false},"":null}}`,
	} {
		f.Add([]byte(tree))
	}
	f.Fuzz(func(t *testing.T, document []byte) {
		var tree map[string]any
		if json.Unmarshal(document, &tree) != nil || tree == nil {
			return
		}
		config, mistakes := Decode(tree)
		for name, other := range map[string]any{"strings": changed(tree, asString), "numbered lists": changed(tree, asNumbered), "capitals": inCapitals(tree)} {
			same, otherMistakes := Decode(other.(map[string]any))
			if len(mistakes) == 0 && (len(otherMistakes) > 0 || !reflect.DeepEqual(config, same)) {
				t.Errorf("as %s: %+v, %q; want %+v", name, same, otherMistakes, config)
			}
		}
		for _, mistake := range mistakes {
			checkNamesKey(t, mistake, tree)
		}
		checkUnknownKeys(t, tree, mistakes)
		checkGatesKept(t, tree, config, mistakes)
	})
}

// changed is a tree in another provider's form, from its leaves up.
func changed(value any, form func(any) any) any {
	switch v := value.(type) {
	case map[string]any:
		tree := map[string]any{}
		for key, below := range v {
			tree[key] = changed(below, form)
		}
		return form(tree)
	case []any:
		list := []any{}
		for _, item := range v {
			list = append(list, changed(item, form))
		}
		return form(list)
	}
	return form(value)
}

// asString has scalars as files and labels have them.
func asString(value any) any {
	switch scalar := value.(type) {
	case float64:
		if scalar == math.Trunc(scalar) && math.Abs(scalar) < 1<<53 {
			return strconv.FormatInt(int64(scalar), 10)
		}
	case bool:
		return strconv.FormatBool(scalar)
	}
	return value
}

// asNumbered has lists as key-value stores have them.
func asNumbered(value any) any {
	list, isList := value.([]any)
	numbered := map[string]any{}
	for i, item := range list {
		if item != nil {
			numbered[strconv.Itoa(i)] = item
		}
	}
	if !isList || len(numbered) == 0 || len(numbered) < len(list) {
		return value
	}
	return numbered
}

// plainKey matches keys that are the same in upper and lower case to everybody.
var plainKey = regexp.MustCompile("^[!#$%&'*+.^_`|~0-9A-Za-z-]+$")

func inCapitals(tree map[string]any) any {
	capitals := map[string]any{}
	for key, value := range tree {
		if plainKey.MatchString(key) {
			key = strings.ToUpper(key)
		}
		capitals[key] = value
	}
	return capitals
}

func checkNamesKey(t *testing.T, mistake string, tree map[string]any) {
	t.Helper()
	for key := range tree {
		if len(mistake) > len(key) && strings.EqualFold(mistake[:len(key)], key) && strings.IndexByte(":.[", mistake[len(key)]) >= 0 {
			return
		}
	}
	t.Errorf("a mistake names no key that is there: %s", mistake)
}

// checkUnknownKeys looks for the mistakes that they are, at the top and in lists
// of rules.
func checkUnknownKeys(t *testing.T, tree map[string]any, mistakes []string) {
	t.Helper()
	wantUnknown(t, "", tree, reflect.TypeOf(Config{}), mistakes)
	for name, rule := range map[string]reflect.Type{"requestHeaders": reflect.TypeOf(HeaderRule{}), "responseHeaders": reflect.TypeOf(HeaderRule{}), "gates": reflect.TypeOf(Gate{})} {
		list, _ := tree[name].([]any)
		for i, item := range list {
			below, _ := item.(map[string]any)
			wantUnknown(t, name+problems.Index(i)+".", below, rule, mistakes)
		}
	}
}

func wantUnknown(t *testing.T, at string, tree map[string]any, rule reflect.Type, mistakes []string) {
	t.Helper()
	for key := range tree {
		_, known := rule.FieldByNameFunc(func(name string) bool { return strings.EqualFold(name, key) && name != "Decoded" })
		named := false
		for _, mistake := range mistakes {
			named = named || strings.HasPrefix(mistake, at+key+": ")
		}
		if !known && !named {
			t.Errorf("the unknown key %q is in no mistake: %q", at+key, mistakes)
		}
	}
}

// checkGatesKept: as many gates as there are items, or a mistake and a New that
// knows that it has a route to guard.
func checkGatesKept(t *testing.T, tree map[string]any, config *Config, mistakes []string) {
	t.Helper()
	items, asked := 0, false
	for key, value := range tree {
		if strings.EqualFold(key, "gates") && value != nil && value != "" {
			list, isList := value.([]any)
			numbered, _ := value.(map[string]any)
			items += len(list) + len(numbered)
			asked = asked || !isList || len(list) > 0
		}
	}
	if asked && !GuardsRoute(&Config{Decoded: tree}) {
		t.Error("New would let the router vanish")
	}
	if len(mistakes) == 0 && len(config.Gates) != items {
		t.Errorf("%d gates, want %d", len(config.Gates), items)
	}
}

func TestGuardsRoute(t *testing.T) {
	list := []any{map[string]any{"path": "/a"}}
	for name, want := range map[string]bool{"gates": true, "GATES": true, "gate": true, "gaets": true, "gtaes": true, "requestHeaders": false, "cluster": false, "maxStale": false, "tags": false} {
		if got := GuardsRoute(&Config{Decoded: map[string]any{name: list}}); got != want {
			t.Errorf("%s: %t", name, got)
		}
	}
	if GuardsRoute(&Config{Decoded: map[string]any{"gates": []any{}}}) {
		t.Error("an empty list of gates guards nothing")
	}
	if !GuardsRoute(&Config{Gates: []Gate{{}}}) {
		t.Error("typed gates don't count")
	}
}
