package status

import (
	"os"
	"regexp"
	"runtime/debug"
	"strings"
	"testing"
)

// The newest section of the changelog is about this version.
func TestTheVersionIsThatOfTheChangelog(t *testing.T) {
	text, err := os.ReadFile("../../changelog.md")
	if err != nil {
		t.Fatal(err)
	}
	newest := regexp.MustCompile(`(?m)^## \[?([^\s\]]+)`).FindStringSubmatch(string(text))
	if newest == nil || strings.ToLower(newest[1]) != Version {
		t.Errorf("the version is %q, and the newest section %q", Version, newest)
	}
}

func TestVersionsOfTraefik(t *testing.T) {
	const path = "github.com/traefik/traefik/v3"
	for want, build := range map[string]*debug.BuildInfo{
		"v3.6.1": {Main: debug.Module{Path: path, Version: "v3.6.1"}},
		"v3.6.2": {Main: debug.Module{Path: path, Version: "v3.6.2+dirty"}},
		"v3.7.0": {Main: debug.Module{Path: "traefik", Version: "(devel)"}, Deps: []*debug.Module{{Path: "example.com/other", Version: "v1.0.0"}, {Path: path, Version: "v3.7.0"}}},
		"":       {Main: debug.Module{Path: path, Version: "(devel)"}},
	} {
		if got := versionIn(build); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}
