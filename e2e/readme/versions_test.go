package readme

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"golang.org/x/mod/modfile"
	"gopkg.in/yaml.v3"

	"github.com/mod-zookeeper/traefik-zookeeper/e2e/internal/parts"
	"github.com/mod-zookeeper/traefik-zookeeper/e2e/internal/plugin"
)

// pinned is where a text names a version of the plugin: in the name of a file or an
// address of the release, in a module's version, in the values of Traefik's chart.
var pinned = regexp.MustCompile(`(?:traefik-zookeeper[-@]|/releases/download/|plugin )(v\d+\.\d+\.\d+)|moduleName: github\.com/mod-zookeeper/traefik-zookeeper\s+version: (v\d+\.\d+\.\d+)`)

// The readme's table names the latest release, and every other text names the same.
func TestVersions(t *testing.T) {
	release, err := plugin.Release()
	if err != nil {
		t.Fatal(err)
	}
	list := exec.Command("git", "ls-files", "--cached", "--others", "--exclude-standard", "*.md", "*.yml", "*.hcl", "*.json", "*Dockerfile", ":!vendor", ":!changelog.md")
	list.Dir = parts.Root()
	names, err := list.Output()
	if err != nil {
		t.Fatal(err)
	}
	found := 0
	for _, name := range strings.Fields(string(names)) {
		for _, match := range pinned.FindAllStringSubmatch(text(t, name), -1) {
			found++
			if version := match[1] + match[2]; version != release {
				t.Errorf("%s: %q; the latest release is %s", name, match[0], release)
			}
		}
	}
	if found < 10 {
		t.Errorf("%d versions are named", found)
	}
}

var section = regexp.MustCompile(`(?m)^## (v\d+\.\d+\.\d+)`)

// The changelog knows no later release than the readme.
func TestVersionInChangelog(t *testing.T) {
	release, err := plugin.Release()
	if err != nil {
		t.Fatal(err)
	}
	if latest := section.FindStringSubmatch(text(t, "changelog.md")); latest != nil && latest[1] != release {
		t.Errorf("changelog.md has %s, readme.md %s", latest[1], release)
	}
}

var row = regexp.MustCompile(`(?m)^\| ([^|]+) \| ([^|]+) \| ([^|]+) \|$`)

// What the table says of the others is what the tests and the workflows have.
func TestTableOfVersions(t *testing.T) {
	rows := map[string][]string{}
	for _, match := range row.FindAllStringSubmatch(text(t, "readme.md"), -1) {
		rows[match[1]] = match[2:]
	}
	var supported, exact []string
	modules, err := filepath.Glob(filepath.Join(parts.Root(), "e2e", "traefik", "*", "go.mod"))
	if err != nil || len(modules) == 0 {
		t.Fatalf("%q, %v", modules, err)
	}
	for _, path := range modules {
		version := filepath.Base(filepath.Dir(path))
		supported = append(supported, version)
		for _, require := range module(t, path).Require {
			if require.Mod.Path == "github.com/traefik/traefik/v3" {
				exact = append(exact, strings.TrimPrefix(require.Mod.Version, "v"))
			}
		}
	}
	if want := []string{strings.Join(supported, ", "), fmt.Sprintf("%s in every test, %s in all that run Traefik", exact[0], exact[1])}; !slices.Equal(rows["Traefik"], want) {
		t.Errorf("Traefik: %q; want %q", rows["Traefik"], want)
	}
	if got := matrix(t, "ci.yml", "test", "traefik"); !slices.Equal(got, supported) {
		t.Errorf("the workflow ci tests Traefik %q", got)
	}
	versions := matrix(t, "zookeeper.yml", "demo", "zookeeper")
	if want := versions[0] + " to " + versions[len(versions)-1]; rows["ZooKeeper"][0] != want {
		t.Errorf("ZooKeeper: %q; want %s", rows["ZooKeeper"], want)
	}
	for i, path := range []string{"go.mod", "e2e/go.mod"} {
		version := strings.TrimSuffix(module(t, filepath.Join(parts.Root(), path)).Go.Version, ".0")
		if kind := []string{"Go, for programs that use the package", "Go, for the tests and tools"}[i]; rows[kind] == nil || rows[kind][0] != version+" and later" {
			t.Errorf("%s: %q; want %s and later", kind, rows[kind], version)
		}
	}
}

func module(t *testing.T, path string) *modfile.File {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	file, err := modfile.Parse(path, text, nil)
	if err != nil {
		t.Fatal(err)
	}
	return file
}

// matrix are the values of a key in the matrix of a workflow's job.
func matrix(t *testing.T, workflow, job, key string) []string {
	t.Helper()
	var tree struct {
		Jobs map[string]struct {
			Strategy struct{ Matrix map[string][]string }
		}
	}
	if err := yaml.Unmarshal([]byte(text(t, ".github/workflows/"+workflow)), &tree); err != nil {
		t.Fatal(err)
	}
	values := tree.Jobs[job].Strategy.Matrix[key]
	if len(values) == 0 {
		t.Fatalf("%s: job %s has no matrix with %s", workflow, job, key)
	}
	return values
}
