package main

import (
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"slices"
	"testing"
)

// A published is a plugin of Traefik's catalog at a version, with all that is to be
// found in it. Each finding was looked at in the code of the plugin.
type published struct {
	module, version, sum string
	findings             []expected
}

type expected struct {
	place  string
	reason string // why it is true
}

var plugins = []published{
	{"github.com/traefik/plugindemo", "v0.2.2", "h1:cDcrmdpqOYUDuW9sk4bdsJQvpCBttoOJly58Q3Dj8xg=", nil},
	{"github.com/PascalMinder/geoblock", "v0.3.8", "h1:JlWfSHVPndmky9/NWgiZ9QiSKnoqaVNGKATcQsxV+N0=", []expected{
		{"cachePersistence.go:77 select", "requests of all middlewares run it, each with the channel of its own cache; a nudge may go to another cache"},
		{"cachePersistence.go:95 select", "there is a worker for each middleware's name, with a timer and a quit channel of its own"},
		{"cachePersistence.go:106 select", "the workers again"},
		{"cachePersistence.go:118 select", "the workers again"},
		{"cachePersistence.go:263 goguard", "Run encodes the cache and writes a file, and doesn't recover"},
		{"geoblock.go:749 exit", "logger.Fatal on an address that is none; it panics in New"},
	}},
	{"github.com/tomMoulard/fail2ban", "v0.8.3", "h1:pAmgf5eTthqaZqdBzGf4tqziiyzhuf/MwHHvaZjboTk=", []expected{
		{"pkg/data/data.go:32 contextkey", "the key is the text data to Yaegi, also for another plugin with such a type"},
		{"pkg/response/status/code_catcher.go:147 writerflush", "a service that streams through the catcher isn't flushed"},
	}},
}

func TestPublishedPlugins(t *testing.T) {
	for _, p := range plugins {
		t.Run(p.module, func(t *testing.T) {
			t.Parallel()
			var want []string
			for _, e := range p.findings {
				want = append(want, e.place)
			}
			slices.Sort(want)
			got := places(t, download(t, p))
			for _, place := range want {
				if !slices.Contains(got, place) {
					t.Errorf("%s isn't found", place)
				}
			}
			for _, place := range got {
				if !slices.Contains(want, place) {
					t.Errorf("%s is found, and nobody has looked at it", place)
				}
			}
		})
	}
}

// download returns a directory with a copy of the plugin.
func download(t *testing.T, p published) string {
	t.Helper()
	cmd := exec.Command("go", "mod", "download", "-json", p.module+"@"+p.version)
	cmd.Dir = t.TempDir()
	cmd.Env = append(os.Environ(), "GOWORK=off", "GOFLAGS=")
	out, err := cmd.Output()
	var got struct{ Dir, Sum, Error string }
	if jsonErr := json.Unmarshal(out, &got); err != nil || jsonErr != nil {
		t.Fatalf("%v, %v: %s%s", err, jsonErr, got.Error, out)
	}
	if got.Sum != p.sum {
		t.Fatalf("the sum of %s %s is %s", p.module, p.version, got.Sum)
	}
	dir := t.TempDir()
	if err := os.CopyFS(dir, os.DirFS(got.Dir)); err != nil {
		t.Fatal(err)
	}
	return dir
}

// at is the place of a finding and its rule, as "plugin.go:3 select".
func at(f finding) string {
	return fmt.Sprintf("%s:%d %s", f.File, f.Line, f.Rule)
}
