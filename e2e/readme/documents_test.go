package readme

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/mod-zookeeper/traefik-zookeeper/e2e/internal/parts"
	"github.com/mod-zookeeper/traefik-zookeeper/e2e/internal/traefik"
	"github.com/mod-zookeeper/traefik-zookeeper/e2e/internal/zkserver"
)

// documents are all that people read, by their paths.
func documents(t *testing.T) []string {
	t.Helper()
	names := []string{"readme.md", "CONTRIBUTING.md", "SECURITY.md", "changelog.md", "examples/README.md", "openfeature/readme.md"}
	for _, pattern := range []string{"docs/*.md", "examples/*/README.md"} {
		found, err := filepath.Glob(filepath.Join(parts.Root(), pattern))
		if err != nil || len(found) == 0 {
			t.Fatalf("documents %q, %v", found, err)
		}
		for _, path := range found {
			name, _ := filepath.Rel(parts.Root(), path)
			names = append(names, filepath.ToSlash(name))
		}
	}
	return names
}

// all are the blocks of all documents in a language, behind their documents' names.
func all(t *testing.T, language string) [][2]string {
	t.Helper()
	var found [][2]string
	for _, name := range documents(t) {
		for _, match := range fence.FindAllStringSubmatch(text(t, name), -1) {
			if match[1] == language {
				found = append(found, [2]string{name, match[2]})
			}
		}
	}
	return found
}

// shellCommands are the command lines of a document that begin with a word.
func shellCommands(t *testing.T, document, word string) []string {
	t.Helper()
	var commands []string
	for _, block := range all(t, "sh") {
		for line := range strings.Lines(block[1]) {
			line = strings.TrimSpace(line)
			if block[0] == document && strings.HasPrefix(line, word+" ") {
				commands = append(commands, line)
			}
		}
	}
	return commands
}

// elsewhere are commands for machines that have what this one can't: what they
// use is checked where it is made. Those of the readme's installation are followed in e2e/recipes.
var elsewhere = regexp.MustCompile(`^(docker (compose|build) |curl http://127\.0\.0\.1:8000/|helm upgrade |kubectl create |git clone |tar xzf |curl --location |traefik --configFile=|cd examples/compose$)`)

// make has tests of its own for all it does, and make test runs this one; here it
// is only seen that make knows the targets.
func TestEveryCommand(t *testing.T) {
	zk := zkserver.Start(t)
	zk.Client(t).Put("/release/current", []byte("2026.1"))
	counts := map[string]int{}
	for _, block := range all(t, "sh") {
		if followed(block[0]) {
			continue
		}
		for line := range strings.Lines(block[1]) {
			line = strings.TrimSpace(line)
			switch {
			case line == "":
			case strings.HasPrefix(line, "make "):
				counts["make"]++
				runInRoot(t, line+" --dry-run")
			case strings.HasSuffix(line, "| go run github.com/mod-zookeeper/traefik-zookeeper/cmd/zkcheck@latest -"):
				counts["zkcheck"]++ // e2e/stranger runs it
			case strings.HasPrefix(line, "go run ./cmd/zkcheck "):
				counts["zkcheck"]++
				if strings.Contains(line, "&& zkCli.sh ") {
					writesOnlySound(t, line)
					continue
				}
				line = strings.ReplaceAll(line, "middleware.yml", middleware(t, zk.Addr()))
				runInRoot(t, strings.ReplaceAll(line, "flag.json", flagFile(t, soundFlag)))
			case strings.HasPrefix(line, "zkCli.sh "):
				counts["zkCli.sh"]++ // TestEveryZkCli runs it
			case block[0] == "docs/compiled.md" && strings.HasPrefix(line, "go "):
				counts["xtraefik"]++ // the tests in e2e/xtraefik run it
			case line == "go get github.com/mod-zookeeper/traefik-zookeeper/openfeature":
				counts["elsewhere"]++ // e2e/openfeature runs it
			case elsewhere.MatchString(line):
				counts["elsewhere"]++
			default:
				t.Errorf("%s: no test runs the command %q", block[0], line)
			}
		}
	}
	if counts["make"] < 2 || counts["zkcheck"] < 6 || counts["zkCli.sh"] < 3 || counts["xtraefik"] != 3 || counts["elsewhere"] < 2 {
		t.Errorf("commands: %v", counts)
	}
}

// followed tells whether other tests do all that a document says: those in e2e/recipes, and for
// the Go API those in e2e/stranger.
func followed(document string) bool {
	return strings.HasPrefix(document, "docs/recipes") || document == "docs/getting-started.md" || document == "docs/kubernetes.md" || document == "docs/api.md"
}

func runInRoot(t *testing.T, line string) {
	t.Helper()
	run := exec.Command("sh", "-c", line)
	run.Dir = parts.Root()
	if output, err := run.CombinedOutput(); err != nil {
		t.Errorf("%s: %v\n%s", line, err, output)
	}
}

const (
	soundFlag   = `{"variants": {"on": true, "off": false}, "defaultVariant": "off", "targeting": {"if": [{"==": [{"var": "headers.x-user"}, "ada"]}, "on"]}}`
	unsoundFlag = `{"variants": {"on": true, "off": false}, "defaultVariant": "off", "targetting": {"if": [{"==": [{"var": "headers.x-user"}, "ada"]}, "on"]}}`
)

func flagFile(t *testing.T, definition string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "flag.json")
	if err := os.WriteFile(path, []byte(definition), 0o644); err != nil {
		t.Fatal(err)
	}
	return path
}

// writesOnlySound runs a recipe that is to write a sound flag, and no other. In the place of
// zkCli.sh is a script that notes what it is to do.
func writesOnlySound(t *testing.T, line string) {
	t.Helper()
	for definition, want := range map[string]string{soundFlag: "-server zk1:2181 set /flags/checkout " + soundFlag + "\n", unsoundFlag: ""} {
		folder := t.TempDir()
		noted := filepath.Join(folder, "noted")
		if err := os.WriteFile(filepath.Join(folder, "zkCli.sh"), []byte("#!/bin/sh\necho \"$@\" >> "+noted+"\n"), 0o755); err != nil {
			t.Fatal(err)
		}
		run := exec.Command("sh", "-c", strings.ReplaceAll(line, "flag.json", flagFile(t, definition)))
		run.Dir = parts.Root()
		run.Env = append(os.Environ(), "PATH="+folder+":"+os.Getenv("PATH"))
		output, err := run.CombinedOutput()
		written, _ := os.ReadFile(noted)
		if string(written) != want || (err == nil) != (want != "") {
			t.Errorf("%s: %v, writes %q instead of %q\n%s", line, err, written, want, output)
		}
	}
}

func middleware(t *testing.T, server string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "middleware.yml")
	config := fmt.Sprintf("http: {middlewares: {release: {plugin: {zookeeper: {clusters: {main: {servers: %q}}, requestHeaders: [{name: X-Release, path: /release/current}]}}}}}\n", server)
	if err := os.WriteFile(path, []byte(config), 0o644); err != nil {
		t.Fatal(err)
	}
	return path
}

var zkCli = regexp.MustCompile(`^zkCli\.sh -server zk1:2181(/\S+)? (.*)$`)

// The commands of a document work one after the other, as whoever reads it types them.
func TestEveryZkCli(t *testing.T) {
	for _, name := range documents(t) {
		commands := shellCommands(t, name, "zkCli.sh")
		if len(commands) == 0 || followed(name) {
			continue
		}
		zk := zkserver.Start(t)
		chroot, script := "", ""
		for _, command := range commands {
			match := zkCli.FindStringSubmatch(command)
			if match == nil || script != "" && match[1] != chroot {
				t.Fatalf("%s: %s", name, command)
			}
			chroot = match[1]
			script += match[2] + "\n"
		}
		if chroot != "" {
			zk.Client(t).Put(chroot, nil)
		}
		zkserver.Shell(t, script, "-server", zk.Addr()+chroot)
	}
}

// The plugin's configuration may stand in Traefik's own ZooKeeper provider.
func TestZooKeeperProvider(t *testing.T) {
	zk := zkserver.Start(t)
	admin := zk.Client(t)
	service := httptest.NewServer(traefik.Echo())
	t.Cleanup(service.Close)
	for line := range strings.Lines(blocks(t, "docs/migrating.md", "properties")[0]) {
		node, value, _ := strings.Cut(strings.TrimSpace(line), "=")
		admin.Put("/"+node, []byte(strings.ReplaceAll(value, "zk1:2181", zk.Addr())))
	}
	admin.Put("/traefik/http/routers/shop/rule", []byte("PathPrefix(`/`)"))
	admin.Put("/traefik/http/routers/shop/service", []byte("shop"))
	admin.Put("/traefik/http/routers/shop/middlewares/0", []byte("release"))
	admin.Put("/traefik/http/services/shop/loadBalancer/servers/0/url", []byte(service.URL))
	admin.Put("/release/current", []byte("2026.1"))
	tr := traefik.Start(t, "", traefik.Options{Static: map[string]any{"providers.zooKeeper.endpoints": []string{zk.Addr()}}})
	await(t, tr, "/", http.StatusOK, "2026.1")
}

var (
	link    = regexp.MustCompile(`\]\(([^)\s]+)\)`)
	heading = regexp.MustCompile(`(?m)^#+ (.*)$`)
	mark    = regexp.MustCompile("[^a-z0-9 _-]")
)

// Links lead to files that are there, and to headings or anchors in them.
func TestLinks(t *testing.T) {
	for _, name := range documents(t) {
		for _, match := range link.FindAllStringSubmatch(text(t, name), -1) {
			file, anchor, _ := strings.Cut(match[1], "#")
			if strings.HasPrefix(file, "http") {
				continue
			}
			target := name
			if file != "" {
				target = filepath.Join(filepath.Dir(name), file)
			}
			if _, err := os.Stat(filepath.Join(parts.Root(), target)); err != nil {
				t.Errorf("%s: %v", name, err)
			} else if anchor != "" && !hasAnchor(text(t, target), anchor) {
				t.Errorf("%s: %s has no heading or anchor %s", name, target, anchor)
			}
		}
	}
}

// Each folder of examples has a README, which examples/README.md leads to.
func TestExamplesAreListed(t *testing.T) {
	folders, err := os.ReadDir(filepath.Join(parts.Root(), "examples"))
	if err != nil || len(folders) == 0 {
		t.Fatal(err)
	}
	list := text(t, "examples/README.md")
	for _, folder := range folders {
		if !folder.IsDir() {
			continue
		}
		if text(t, "examples/"+folder.Name()+"/README.md") == "" || !strings.Contains(list, "]("+folder.Name()+")") {
			t.Errorf("examples/%s has no README, or examples/README.md doesn't list it", folder.Name())
		}
	}
}

func hasAnchor(document, anchor string) bool {
	if strings.Contains(document, `<a id="`+anchor+`">`) {
		return true
	}
	for _, match := range heading.FindAllStringSubmatch(document, -1) {
		if strings.ReplaceAll(mark.ReplaceAllString(strings.ToLower(match[1]), ""), " ", "-") == anchor {
			return true
		}
	}
	return false
}
