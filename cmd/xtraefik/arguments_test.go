package main

import (
	"errors"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
)

func TestArguments(t *testing.T) {
	t.Setenv("TRAEFIK_VERSION", "v3.6")
	here, err := filepath.Abs(".")
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		args string
		want options
	}{
		"the least": {"--with example.com/a", options{source{path: traefikModule, version: "v3.6"}, []source{{path: "example.com/a"}}, here + "/traefik"}},
		"all": {"v3.7.9 --with example.com/a@v1.2.3 -with=example.com/b=. --with example.com/c/v2@v2.0.0=" + here + " --output /tmp/t --with github.com/traefik/traefik/v3=.", options{
			source{path: traefikModule, version: "v3.7.9", dir: here},
			[]source{{"example.com/a", "v1.2.3", ""}, {"example.com/b", "", here}, {"example.com/c/v2", "v2.0.0", here}}, "/tmp/t"}},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := parseArguments(strings.Fields(c.args))
			if err != nil || !reflect.DeepEqual(*got, c.want) {
				t.Errorf("%+v, %v; want %+v", got, err, c.want)
			}
		})
	}
}

// Mistakes say what stands there and what is wanted, and that it is the arguments' fault.
func TestMistakenArguments(t *testing.T) {
	for args, want := range map[string]string{
		"":                                       "no command is given: build or help is expected",
		"make":                                   `"make" is no command: build or help is expected`,
		"build":                                  "no plugin is named: --with module[@version][=folder] is expected",
		"build --with /a":                        "the name of the Go module is expected, as its go.mod has it",
		"build --with a.b/c@":                    "there is nothing behind the @ or the =",
		"build --with a.b/c=":                    "there is nothing behind the @ or the =",
		"build --with a.b/c=no":                  "no folder is at ",
		"build --without a.b/c":                  "not defined",
		"build --with a.b/c x":                   `"x" is no flag; the version stands before all flags`,
		"build --output":                         "needs an argument",
		"build --with a.b/c --with a.b/c@v1.0.0": "a.b/c is named twice",
		"build --with github.com/traefik/traefik/v3@v3.6.12":         "the version of Traefik is the first argument",
		"build v3.6 --with github.com/traefik/traefik/v3@v3.6.12=./": "takes its source from a folder",
	} {
		err := run(strings.Fields(args))
		if !errors.Is(err, errUsage) || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: error %v; want %s", args, err, want)
		}
	}
}
