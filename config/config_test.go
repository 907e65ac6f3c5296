package config

import (
	"reflect"
	"strings"
	"testing"
)

// Each field but Decoded counts as a typed one.
func TestTypedFields(t *testing.T) {
	if (&Config{Decoded: map[string]any{"cluster": "a"}}).HasTypedFields() {
		t.Error("Decoded counts as a typed field")
	}
	fields := reflect.TypeOf(Config{})
	for i := range fields.NumField() {
		c := &Config{}
		field := reflect.ValueOf(c).Elem().Field(i)
		switch field.Kind() {
		case reflect.String:
			field.SetString("a")
		case reflect.Bool:
			field.SetBool(true)
		case reflect.Slice:
			field.Set(reflect.MakeSlice(field.Type(), 1, 1))
		case reflect.Map:
			field.Set(reflect.MakeMap(field.Type()))
			field.SetMapIndex(reflect.ValueOf("a"), reflect.Zero(field.Type().Elem()))
		case reflect.Interface:
			field.Set(reflect.ValueOf(1))
		case reflect.Pointer:
			field.Set(reflect.New(field.Type().Elem()))
		}
		if name := fields.Field(i).Name; c.HasTypedFields() != (name != "Decoded") {
			t.Errorf("%s is a typed field: %t", name, c.HasTypedFields())
		}
	}
}

// Each field of the configuration is read from a key of its name.
func TestEachFieldHasAKey(t *testing.T) {
	keys := keysByLevel()
	for level, of := range map[string]any{
		"": Config{}, "clusters.name": Cluster{}, "clusters.name.tls": TLS{}, "requestHeaders[0]": HeaderRule{}, "gates[0]": Gate{}, "gates[0].bypass": Bypass{}, "gates[0].bypass.header": Secret{}, "ipStrategy": IPStrategy{},
	} {
		fields := reflect.TypeOf(of)
		for i := range fields.NumField() {
			name := fields.Field(i).Name
			if name != "Decoded" && sameKey(strings.ToLower(name), keys[level]) == "" {
				t.Errorf("%q has no key for %s: %q", level, name, keys[level])
			}
		}
	}
}

// Providers hand over lists, texts and empty mappings in forms of their own.
func TestFormsOfProviders(t *testing.T) {
	path := func(value any) map[string]any { return map[string]any{"gates": []any{map[string]any{"path": value}}} }
	for _, c := range []struct {
		path any
		want []string
	}{
		{"/a", []string{"/a"}},
		{"/a , /b,\n/c\n", []string{"/a", "/b", "/c"}},
		{" /a,/b ", []string{" /a", "/b "}},
		{[]any{"/a", " /b"}, []string{"/a", " /b"}},
		{[]string{"/a", "/b"}, []string{"/a", "/b"}},
		{map[string]any{"0": "/a", "1": "/b"}, []string{"/a", "/b"}},
		{[]any{7, true}, []string{"7", "true"}},
	} {
		got, mistakes := Decode(path(c.path))
		if len(mistakes) > 0 || !reflect.DeepEqual(got.Gates[0].Path, c.want) {
			t.Errorf("%#v: %q, %q; want %q", c.path, got.Gates[0].Path, mistakes, c.want)
		}
	}
	typed := []map[string]any{{"path": "/a"}, {"path": "/b"}}
	if got, mistakes := Decode(map[string]any{"gates": typed}); len(mistakes) > 0 || len(got.Gates) != 2 {
		t.Errorf("%+v, %q", got, mistakes)
	}
	for value, want := range map[any]bool{"true": true, true: true, "false": false, false: false, "": false, nil: false} {
		got, mistakes := Decode(map[string]any{"clusters": map[string]any{"main": map[string]any{"tls": value}}})
		if len(mistakes) > 0 || (got.Clusters["main"].TLS != nil) != want {
			t.Errorf("%#v: %+v, %q", value, got.Clusters["main"], mistakes)
		}
	}
}

// A strategy that is empty, in whatever form a provider has for that, is one. Numbers are
// texts or numbers.
func TestFormsOfAnIPStrategy(t *testing.T) {
	for _, value := range []any{"", "true", true, map[string]any{}} {
		got, mistakes := Decode(map[string]any{"ipStrategy": value})
		if len(mistakes) > 0 || got.IPStrategy == nil || !reflect.DeepEqual(*got.IPStrategy, IPStrategy{}) {
			t.Errorf("%#v: %+v, %q", value, got.IPStrategy, mistakes)
		}
	}
	for _, tree := range []map[string]any{{}, {"ipStrategy": nil}, {"ipStrategy": "false"}, {"ipStrategy": false}} {
		if got, mistakes := Decode(tree); len(mistakes) > 0 || got.IPStrategy != nil {
			t.Errorf("%v: %+v, %q", tree, got.IPStrategy, mistakes)
		}
	}
	want := IPStrategy{Depth: "2", ExcludedIPs: []string{"10.0.0.1", "10.1.0.0/16"}, IPv6Subnet: "64"}
	for _, tree := range []map[string]any{
		{"depth": "2", "excludedIPs": "10.0.0.1, 10.1.0.0/16", "ipv6Subnet": "64"}, {"depth": 2, "excludedips": []any{"10.0.0.1", "10.1.0.0/16"}, "IPv6SUBNET": int64(64)},
		{"depth": 2.0, "excludedIPs": map[string]any{"0": "10.0.0.1", "1": "10.1.0.0/16"}, "ipv6Subnet": 64.0},
	} {
		if got, mistakes := Decode(map[string]any{"ipstrategy": tree}); len(mistakes) > 0 || !reflect.DeepEqual(*got.IPStrategy, want) {
			t.Errorf("%v: %+v, %q", tree, got.IPStrategy, mistakes)
		}
	}
}

// A value in a wrong form is named with its key. One that may be a secret isn't shown.
func TestMistakesInTheForm(t *testing.T) {
	cluster := func(key string, value any) map[string]any {
		return map[string]any{"clusters": map[string]any{"main": map[string]any{key: value}}}
	}
	for _, c := range []struct {
		tree map[string]any
		want string
	}{
		{map[string]any{"cluster": []any{"a"}}, `cluster: a list: a single value`},
		{map[string]any{"dryRun": "yes"}, `dryRun: "yes": true or false`},
		{map[string]any{"gates": "/a"}, `gates: "/a": a list of mappings`},
		{map[string]any{"[0]": map[string]any{"gates": []any{}}}, `[0]: "[0]": a mapping of keys to values is expected here, and no list; take out the dash`},
		{map[string]any{"gates": []any{"/a"}}, `gates[0]: "/a": a mapping of keys to values is expected here, as in path: /a`},
		{map[string]any{"gates": []any{map[string]any{"path": []any{[]any{}}}}}, `gates[0].path[0]: a list: a single value`},
		{map[string]any{"gates": []any{map[string]any{"path": map[string]any{"1": "/a"}}}}, `gates[0].path: a mapping: a value or a list`},
		{map[string]any{"clusters": "zk1"}, `clusters: "zk1": a mapping of names`},
		{map[string]any{"clusters": map[string]any{"servers": "zk1"}}, `below a name of your own: clusters.main.servers`},
		{map[string]any{"context": "{ip}"}, `context: "{ip}": a mapping of names`},
		{map[string]any{"context": map[string]any{"a": []any{}}}, `context.a: a list: a single value`},
		{map[string]any{"cluster": "a", "Cluster": "b"}, `the key stands here twice`},
		{cluster("password", []any{"s3cret"}), `clusters.main.password: "...": a single value`},
		{cluster("tls", "s3cret"), `clusters.main.tls: "...": true is expected here, or a mapping`},
	} {
		_, mistakes := Decode(c.tree)
		if got := strings.Join(mistakes, "; "); len(mistakes) != 1 || !strings.Contains(got, c.want) || strings.Contains(got, "s3cret") {
			t.Errorf("%v: %s; want %s", c.tree, got, c.want)
		}
	}
}
