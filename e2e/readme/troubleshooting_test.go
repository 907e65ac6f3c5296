package readme

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/mod-zookeeper/traefik-zookeeper/e2e/internal/traefik"
	"github.com/mod-zookeeper/traefik-zookeeper/e2e/internal/zkserver"
)

// troubled are middlewares that each have one of the problems of docs/troubleshooting.md. The
// cluster away has no server, and nobody defines the cluster nowhere.
const troubled = `
    defines: {clusters: {main: {servers: SERVERS}, away: {servers: "127.0.0.1:1", sessionTimeout: 1s}}, cluster: main, statusPath: /.zookeeper, logLevel: debug}
    off: {cluster: main, gates: [{path: /flags/off}]}
    missing: {cluster: main, gates: [{path: /flags/missing}]}
    refused: {cluster: main, gates: [{path: /flags/refused}]}
    text: {cluster: main, gates: [{path: /flags/text}]}
    nokey: {cluster: main, gates: [{path: /flags/share}]}
    secret: {cluster: main, gates: [{path: /flags/secret}]}
    away: {cluster: away, startupTimeout: 100ms, gates: [{path: /flags/away}]}
    undefined: {cluster: nowhere, startupTimeout: 100ms, gates: [{path: /flags/undefined}]}
    gatemistake: {cluster: main, gates: [{path: /flags/off, blokWhen: on}]}
    headermistake: {cluster: main, requestHeaders: [{name: X-Release, pth: /release/current}]}
    loop: {cluster: main, gates: [{path: /flags/off, redirect: /loop}]}
    unsendable: {cluster: main, requestHeaders: [{name: X-Release, path: /release/broken}]}
    stale: {cluster: main, maxStale: 1s, gates: [{path: /flags/off}]}
    dry: {cluster: main, dryRun: true, gates: [{path: /flags/off}]}
`

// differs comes later: at a start, the first definition that Traefik makes is in force.
const differs = `
http:
  routers:
    differs: {rule: 'Path("/differs")', middlewares: [differs], service: shop}
  middlewares:
    differs: {plugin: {zookeeper: {clusters: {main: {servers: "zk9:2181"}}, gates: [{path: /flags/off}]}}}
`

// troubledConfiguration has a router for each of them, at the path of its name.
func troubledConfiguration(service, server string) string {
	text := "http:\n  services: {shop: {loadBalancer: {servers: [{url: " + service + "}]}}}\n"
	routers, middlewares := "  routers:\n", "  middlewares:\n"
	for line := range strings.Lines(strings.ReplaceAll(troubled, "SERVERS", `"`+server+`"`)) {
		name, config, found := strings.Cut(strings.TrimSpace(line), ": ")
		if !found {
			continue
		}
		rule := "Path(`/" + name + "`)"
		if name == "defines" {
			rule = "PathPrefix(`/.zookeeper`)"
		}
		routers += fmt.Sprintf("    %s: {rule: %q, middlewares: [%s], service: shop}\n", name, rule, name)
		config = strings.TrimSuffix(config, "}") + ", decisionHeader: X-Zookeeper-Decision}"
		middlewares += fmt.Sprintf("    %s: {plugin: {zookeeper: %s}}\n", name, config)
	}
	routers += "    unknown: {rule: Path(`/unknown`), middlewares: [unknown], service: shop}\n"
	middlewares += "    unknown: {plugin: {zoo: {a: b}}}\n"
	return text + routers + middlewares
}

// troubledNodes are what the nodes of the troubled middlewares hold.
var troubledNodes = map[string]string{
	"/flags":          "",
	"/flags/off":      "off",
	"/flags/refused":  "maybe",
	"/flags/share":    "25%",
	"/flags/text":     `{"state": "ENABLED", "variants": {"a": "a", "b": "b"}, "defaultVariant": "a"}`,
	"/release":        "",
	"/release/broken": "a\nb",
}

// troubledStatus is what the troubled middlewares answer.
var troubledStatus = map[string]int{
	"/off": 403, "/missing": 403, "/refused": 403, "/text": 403, "/nokey": 403, "/secret": 403, "/away": 403, "/stale": 403, "/undefined": 403,
	"/gatemistake": 503, "/differs": 503, "/loop": 503, "/.zookeeper/ready": 503, "/headermistake": 404, "/unknown": 404, "/unsendable": 200, "/dry": 200,
}

// A trouble is a Traefik with all problems of docs/troubleshooting.md at once.
type trouble struct {
	tr        *traefik.Traefik
	accessLog string
}

func startTrouble(t *testing.T, zk *zkserver.Server) *trouble {
	t.Helper()
	service := httptest.NewServer(traefik.Echo())
	t.Cleanup(service.Close)
	accessLog := filepath.Join(t.TempDir(), "access.log")
	static := map[string]any{"accessLog.filePath": accessLog, "accessLog.format": "json", "accessLog.fields.headers.names.X-Zookeeper-Decision": "keep"}
	tr := &trouble{tr: traefik.Start(t, troubledConfiguration(service.URL, zk.Addr()), traefik.Options{Static: static}), accessLog: accessLog}
	await(t, tr.tr, "/off", http.StatusForbidden, "")
	if err := tr.tr.WriteFile("differs.yml", differs); err != nil {
		t.Fatal(err)
	}
	return tr
}

// get returns the status and the body of an answer.
func (tr *trouble) get(path string) (int, string, error) {
	response, err := http.Get(tr.tr.URL() + path)
	if err != nil {
		return 0, "", err
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	return response.StatusCode, string(body), err
}

// awaitAnswers waits until all middlewares answer as they should.
func (tr *trouble) awaitAnswers(t *testing.T) {
	t.Helper()
	err := tr.tr.Await(func() error {
		for path, want := range troubledStatus {
			if status, _, err := tr.get(path); err != nil || status != want {
				return fmt.Errorf("%s: status %d, %v; want %d", path, status, err, want)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// said is all that a user can see: the log, /ready, and the decisions in the access log.
func (tr *trouble) said() (string, error) {
	_, ready, err := tr.get("/.zookeeper/ready")
	if err != nil {
		return "", err
	}
	lines := []string{ready}
	for _, e := range tr.tr.Entries() {
		lines = append(lines, e.Message, e.Error)
	}
	log, err := os.ReadFile(tr.accessLog)
	if err != nil {
		return "", err
	}
	for line := range strings.Lines(string(log)) {
		var entry struct {
			Decision string `json:"request_X-Zookeeper-Decision"`
		}
		if json.Unmarshal([]byte(line), &entry) == nil {
			lines = append(lines, entry.Decision)
		}
	}
	return strings.Join(lines, "\n"), nil
}

// unsaid are those of some lines that nobody has said. In the place of … may be any text.
func unsaid(lines []string, said string) []string {
	var missing []string
	for _, line := range lines {
		form := strings.ReplaceAll(regexp.QuoteMeta(line), "…", ".*")
		if !regexp.MustCompile(`(?m)(^|zookeeper: )` + form + `\s*$`).MatchString(said) {
			missing = append(missing, line)
		}
	}
	return missing
}

// The page quotes what the log, /ready and the access log really say.
func TestTroubleshooting(t *testing.T) {
	zk := zkserver.Start(t)
	for _, path := range slices.Sorted(maps.Keys(troubledNodes)) {
		zk.Client(t).Put(path, []byte(troubledNodes[path]))
	}
	zkserver.Shell(t, "create /flags/secret on\naddauth digest a:b\nsetAcl /flags/secret auth::cdrwa\n", "-server", zk.Addr())
	tr := startTrouble(t, zk)
	tr.awaitAnswers(t)
	zk.Client(t).Put("/flags/off", []byte("no")) // a change, to the same effect
	if err := tr.tr.Await(func() error {
		if !strings.Contains(tr.tr.Log(), "/flags/off changed") {
			return errors.New("the change isn't logged")
		}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	zk.Stop()
	page := text(t, "docs/troubleshooting.md")
	var lines []string
	for _, block := range blocks(t, "docs/troubleshooting.md", "text") {
		lines = append(lines, strings.Split(strings.TrimSpace(block), "\n")...)
	}
	err := tr.tr.Await(func() error {
		for _, path := range []string{"/off", "/stale"} { // for their decisions
			if _, _, err := tr.get(path); err != nil {
				return err
			}
		}
		said, err := tr.said()
		if err != nil {
			return err
		}
		for _, code := range regexp.MustCompile("`error=([A-Z_]+)`").FindAllStringSubmatch(page, -1) {
			if code[1] != "GENERAL" && !strings.Contains(said, "error="+code[1]+";") { // e2e/behaviour has that one
				return errors.New("no decision has the error code " + code[1])
			}
		}
		for _, aged := range []string{`reason=STATIC; age=[1-9]`, `reason=STALE; age=[1-9]`} {
			if !regexp.MustCompile(aged).MatchString(said) {
				return errors.New("no decision has " + aged)
			}
		}
		if missing := unsaid(lines, said); len(missing) > 0 {
			return fmt.Errorf("nobody says\n%s\nin\n%s", strings.Join(missing, "\n"), said)
		}
		return nil
	})
	if err != nil {
		t.Error(err)
	}
}
