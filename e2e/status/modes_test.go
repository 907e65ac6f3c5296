package status

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/prometheus/common/expfmt"
	"github.com/prometheus/common/model"

	"github.com/mod-zookeeper/traefik-zookeeper/cmd/zkcheck/_program/dynamic"
	"github.com/mod-zookeeper/traefik-zookeeper/e2e/internal/parts"
	"github.com/mod-zookeeper/traefik-zookeeper/e2e/internal/plugin"
	"github.com/mod-zookeeper/traefik-zookeeper/e2e/internal/zkserver"
)

// A shown status is what a plugin answers for the site; hidden is the page, and JSON, without
// values.
type shown struct{ page, json, metrics, hiddenPage, hiddenJSON string }

// veiled is a further middleware's name, and its configuration.
const veiled = "veiled"

var veiledConfig = map[string]any{"statusPath": "/.veiled", "statusValues": "false"}

// TestStatusIsTheSameInterpreted: the page's markup, the fields and the metrics are
// those of the compiled plugin, and of the documentation. It runs once in a process,
// in which the compiled plugin keeps its counts.
func TestStatusIsTheSameInterpreted(t *testing.T) {
	zk := zkserver.Start(t)
	admin := zk.Client(t)
	var all []shown
	for _, p := range []plugin.Plugin{plugin.Compiled(), plugin.Interpreted(t)} {
		for _, path := range []string{"/flags", "/release", "/tenants", long} { // so that the versions are the same
			admin.Delete(path)
		}
		seed(admin)
		all = append(all, show(t, p, zk.Addr(), admin))
	}
	if a, b := timeless(all[0].page), timeless(all[1].page); a != b {
		t.Errorf("the interpreted page differs: %s", difference(a, b))
	}
	if a, b := timeless(all[0].hiddenPage), timeless(all[1].hiddenPage); a != b {
		t.Errorf("the interpreted page without values differs: %s", difference(a, b))
	}
	for _, of := range []struct {
		what     string
		find     func(t *testing.T, s shown) []string
		document []string
	}{
		{"fields", fields, rows(t, "### The status as JSON", "`([\\w.\\[\\]]+)` \\|")},
		{"metrics", series, rows(t, "### Metrics", "`(\\w+` \\| \\w+ \\| [^|]*)\\|")},
	} {
		compiled, interpreted := of.find(t, all[0]), of.find(t, all[1])
		if !slices.Equal(compiled, interpreted) {
			t.Errorf("%s: %q\ninterpreted %q", of.what, compiled, interpreted)
		}
		if !slices.Equal(compiled, of.document) {
			t.Errorf("%s: %q\nin the documentation %q", of.what, compiled, of.document)
		}
	}
}

// show has a plugin serve the site, and changes it, until its status has all.
func show(t *testing.T, p plugin.Plugin, servers string, admin *zkserver.Admin) shown {
	t.Helper()
	found, err := dynamic.FromText("site.yml", strings.ReplaceAll(site, "$SERVERS", servers), plugin.Name)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	handlers := map[string]http.Handler{}
	found[veiled] = veiledConfig
	for name, config := range found {
		if handlers[name], err = p.New(ctx, http.NotFoundHandler(), config, name); err != nil {
			t.Fatal(err)
		}
	}
	ask := func(name, url string) string {
		w := httptest.NewRecorder()
		handlers[name].ServeHTTP(w, httptest.NewRequest(http.MethodGet, url, nil))
		return w.Body.String()
	}
	await := func(words ...string) {
		for end := time.Now().Add(patience); ; time.Sleep(10 * time.Millisecond) {
			text := ask("status", "/.zookeeper?format=json")
			if lacking := slices.IndexFunc(words, func(word string) bool { return !strings.Contains(text, word) }); lacking < 0 {
				return
			} else if time.Now().After(end) {
				t.Fatalf("%s: no %s in\n%s", p.Mode(), words[lacking], text)
			}
		}
	}
	await("2026.1", "gold", "lost")
	ask("shop", "/shop")
	admin.Put("/release/current", []byte("2026.2"))
	await("2026.2")
	return shown{
		ask("status", "/.zookeeper"), ask("status", "/.zookeeper?format=json"), ask("status", "/.zookeeper/metrics"),
		ask(veiled, "/.veiled"), ask(veiled, "/.veiled?format=json"),
	}
}

// What differs from one moment to the next: ids, times, and how long changes took.
var moments = []*regexp.Regexp{
	regexp.MustCompile(`nonce="[^"]*"`), regexp.MustCompile(`0x[0-9a-f]+`), regexp.MustCompile(`<time .*?</time>`), regexp.MustCompile(`<svg .*?</svg>`),
	regexp.MustCompile(`[\d.]+ ms</td>`), regexp.MustCompile(`half took [^<]*`), regexp.MustCompile(`127\.0\.0\.1:[12]\b`),
}

func timeless(page string) string {
	for _, moment := range moments {
		page = moment.ReplaceAllString(page, "…")
	}
	return page
}

// difference is the first line that differs.
func difference(a, b string) string {
	as, bs := strings.Split(a, "\n"), strings.Split(b, "\n")
	for i := range as {
		if i >= len(bs) || as[i] != bs[i] {
			return fmt.Sprintf("line %d of %d and %d:\n%s\n%s", i+1, len(as), len(bs), as[i], strings.Join(bs[i:min(i+1, len(bs))], ""))
		}
	}
	return "it is longer"
}

// fields are the places of all values in the JSON, as the documentation names them.
func fields(t *testing.T, s shown) []string {
	t.Helper()
	seen := map[string]bool{}
	for _, text := range []string{s.json, s.hiddenJSON} {
		var tree any
		if err := json.Unmarshal([]byte(text), &tree); err != nil {
			t.Fatal(err)
		}
		collect(tree, "", seen)
	}
	return sorted(seen)
}

func collect(tree any, at string, seen map[string]bool) {
	switch value := tree.(type) {
	case map[string]any:
		if strings.HasSuffix(at, ".decisions") { // its keys are decisions and reasons
			seen[at] = true
			return
		}
		for key, below := range value {
			collect(below, strings.TrimPrefix(at+"."+key, "."), seen)
		}
	case []any:
		for _, item := range value {
			collect(item, at+"[]", seen)
		}
	default:
		seen[at] = true
	}
}

// series are the metrics with their types and labels, as the documentation has them.
func series(t *testing.T, s shown) []string {
	t.Helper()
	parser := expfmt.NewTextParser(model.LegacyValidation)
	families, err := parser.TextToMetricFamilies(strings.NewReader(s.metrics))
	if err != nil {
		t.Fatal(err)
	}
	found := map[string]bool{}
	for name, family := range families {
		var labels []string
		for _, label := range family.GetMetric()[0].GetLabel() {
			labels = append(labels, "`"+label.GetName()+"`")
		}
		found[fmt.Sprintf("%s` | %s | %s", name, strings.ToLower(family.GetType().String()), strings.Join(labels, ", "))] = true
	}
	return sorted(found)
}

// rows are what a pattern finds at the beginning of a table's lines, below a heading
// of the documentation.
func rows(t *testing.T, heading, pattern string) []string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(parts.Root(), "docs", "operations.md"))
	if err != nil {
		t.Fatal(err)
	}
	_, section, _ := strings.Cut(string(text), heading)
	section, _, _ = strings.Cut(section, "\n##")
	found := map[string]bool{}
	for _, match := range regexp.MustCompile(`(?m)^\| `+pattern).FindAllStringSubmatch(section, -1) {
		found[match[1]] = true
	}
	return sorted(found)
}

func sorted(set map[string]bool) []string {
	var all []string
	for item := range set {
		all = append(all, strings.TrimSpace(item))
	}
	slices.Sort(all)
	return all
}
