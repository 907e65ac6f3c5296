package main

import (
	"maps"
	"slices"
	"strings"
	"testing"
)

const extension = "example.com/t/ext"

func TestMissingModules(t *testing.T) {
	dir := layPlugin(t, map[string]string{
		"go.mod":       "module example.com/t\n\nreplace (\n\texample.com/t/ext => ./pkg/ext\n\texample.com/there => ./there\n\texample.com/c => example.com/d v1.0.0\n)\n",
		"there/go.mod": "module example.com/there\n",
	})
	m, err := readModuleFile(dir)
	if err != nil {
		t.Fatal(err)
	}
	if got := m.missing(); !slices.Equal(got, []string{extension}) {
		t.Errorf("missing: %q", got)
	}
}

func TestStandIn(t *testing.T) {
	dir := layPlugin(t, map[string]string{
		"a/a.go": "package a\n\nimport \"example.com/t/ext\"\n\ntype A struct {\n\text.Router `yaml:\",inline\"`\n}\n",
		"b/b.go": "package b\n\nimport e \"example.com/t/ext\"\n\ntype B struct{ e.HTTP }\n",
		"b/s.go": "package b\n\nimport \"example.com/t/ext\"\n\ntype C struct{ ext.HTTP }\n\nfunc f(ext struct{ No int }) int { return ext.No }\n",
		"c/c.go": "package c\n\nvar ext struct{ No int }\nvar _ = ext.No\n",
	})
	to := t.TempDir()
	if err := standIn(dir, extension, to); err != nil {
		t.Fatal(err)
	}
	want := map[string]string{"go.mod": "module example.com/t/ext\n", "standin.go": "package ext\n\ntype HTTP struct{}\n\ntype Router struct{}\n"}
	if got := filesIn(t, to); !maps.Equal(got, want) {
		t.Errorf("%v; want %v", got, want)
	}
}

func TestNoStandIn(t *testing.T) {
	for name, text := range map[string]string{
		"a function":   "package a\n\nimport \"example.com/t/ext\"\n\nfunc f() { ext.Do() }\n",
		"a field":      "package a\n\nimport \"example.com/t/ext\"\n\ntype A struct{ Name ext.Do }\n",
		"a package":    "package a\n\nimport \"example.com/t/ext/inner\"\n\ntype A struct{ inner.Do }\n",
		"for two ends": "package a\n\nimport \"example.com/t/ext\"\n\ntype A struct{ ext.Do }\n\nvar _ = ext.Do{}\n",
	} {
		err := standIn(layPlugin(t, map[string]string{"a.go": text}), extension, t.TempDir())
		if err == nil || !strings.Contains(err.Error(), "which only its own repository has") || !strings.Contains(err.Error(), "--with "+traefikModule+"=folder") {
			t.Errorf("%s: error %v", name, err)
		}
	}
}
