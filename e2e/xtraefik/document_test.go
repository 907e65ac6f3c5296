package xtraefik

import (
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/mod-zookeeper/traefik-zookeeper/e2e/internal/parts"
	"github.com/mod-zookeeper/traefik-zookeeper/e2e/internal/plugin"
	"github.com/mod-zookeeper/traefik-zookeeper/e2e/internal/traefik"
	"github.com/mod-zookeeper/traefik-zookeeper/e2e/internal/zkserver"
)

func text(t *testing.T, name string) string {
	t.Helper()
	file, err := os.ReadFile(filepath.Join(parts.Root(), name))
	if err != nil {
		t.Fatal(err)
	}
	return string(file)
}

var command = regexp.MustCompile("(?m)^go .*$")

// commands are those of the document: from the published modules, from a clone, and for a profile.
func commands(t *testing.T) (published, clone, profile string) {
	t.Helper()
	found := command.FindAllString(text(t, "docs/compiled.md"), -1)
	if len(found) != 3 {
		t.Fatalf("the document has the commands %q: say here what the new one is for", found)
	}
	return found[0], found[1], found[2]
}

// pinned puts the version of the tests' Traefik in the place of the document's, which is one
// of those that are tested.
func pinned(t *testing.T, line string) string {
	t.Helper()
	if !strings.Contains(text(t, "e2e/traefik/3.6/go.mod"), "traefik/v3 v3.6.12\n") || !strings.Contains(line, " build v3.6.12 ") {
		t.Errorf("the tests have another Traefik than %s", line)
	}
	return strings.Replace(line, "v3.6.12", version(t), 1)
}

// runIn runs a command of the document, in a folder.
func runIn(t *testing.T, folder, line string) string {
	t.Helper()
	run := exec.Command("sh", "-c", line)
	run.Dir = folder
	output, err := run.CombinedOutput()
	if err != nil {
		t.Fatalf("%s: %v\n%s", line, err, output)
	}
	return string(output)
}

func buildsFromClone(t *testing.T) {
	_, clone, _ := commands(t)
	binary := filepath.Join(t.TempDir(), "traefik")
	line := strings.Replace(pinned(t, clone), "--output $PWD/traefik", "--output "+binary, 1)
	runIn(t, parts.Root(), line)
	serves(t, binary, "zookeeper", nil)
}

// The image is built by the document's command.
func TestImage(t *testing.T) {
	published, _, _ := commands(t)
	image := text(t, "examples/compiled/Dockerfile")
	for _, want := range []string{"\nRUN " + published + " --output /traefik\n", "\nFROM traefik:v3.6.12\n", "\nCOPY --from=build /traefik /usr/local/bin/traefik\n"} {
		if !strings.Contains(image, want) {
			t.Errorf("the Dockerfile has no line %q", want)
		}
	}
}

// A profile has the plugin's functions while requests pass it.
func TestProfile(t *testing.T) {
	_, _, profile := commands(t)
	tr := startRelease(t)
	done := make(chan struct{})
	stopped := make(chan struct{})
	go func() {
		defer close(stopped)
		for {
			select {
			case <-done:
				return
			default:
				ask(tr, "/release/")
			}
		}
	}()
	defer func() { close(done); <-stopped }()
	line := strings.NewReplacer("http://127.0.0.1:8080", tr.APIURL(), "seconds=10", "seconds=1", "-top", "-top -nodecount=10000").Replace(profile)
	folder := t.TempDir()
	t.Setenv("PPROF_TMPDIR", folder)
	err := tr.Await(func() error {
		if output := runIn(t, folder, line); !strings.Contains(output, " "+plugin.Module) {
			return fmt.Errorf("no function of the plugin in\n%s", output)
		}
		return nil
	})
	if err != nil {
		t.Error(err)
	}
}

// startRelease starts the Traefik with plugins compiled in, with a router whose header follows
// a node.
func startRelease(t *testing.T) *traefik.Traefik {
	t.Helper()
	zk := zkserver.Start(t)
	zk.Client(t).Put("/release", []byte("2026.1"))
	tr := start(t, configuration(echo(t),
		middleware{"release", "zookeeper", "{clusters: {main: {servers: '" + zk.Addr() + "'}}, requestHeaders: [{name: X-Release, path: /release}]}"}))
	await(t, tr, "/release/", http.StatusOK)
	return tr
}
