package readme

import (
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"sort"
	"strings"
	"testing"

	zookeeper "github.com/mod-zookeeper/traefik-zookeeper"
	"github.com/mod-zookeeper/traefik-zookeeper/cmd/zkcheck/_program/dynamic"
	"github.com/mod-zookeeper/traefik-zookeeper/e2e/internal/certificates"
	"github.com/mod-zookeeper/traefik-zookeeper/e2e/internal/plugin"
)

// An option is a row of a table in docs/configuration.md.
type option struct{ anchor, name, example string }

var (
	optionRow = regexp.MustCompile(`(?m)^\| <a id="([^"]*)"></a>\x60([^\x60]+)\x60 \|.*\| \x60([^\x60]+)\x60 \|$`)
	begins    = regexp.MustCompile(`(?m)^\| <a id=`)
	listed    = regexp.MustCompile(`([\w.<>\[\]]*)bogus: "bogus": unknown key; the keys here are ([\w, ]+)`)
)

// options are the rows of the tables of options.
func options(t *testing.T) []option {
	t.Helper()
	document := text(t, "docs/configuration.md")
	var found []option
	for _, match := range optionRow.FindAllStringSubmatch(document, -1) {
		found = append(found, option{match[1], match[2], match[3]})
	}
	if all := begins.FindAllString(document, -1); len(found) == 0 || len(all) != len(found) {
		t.Fatalf("%d rows have an anchor, and %d of these an option and an example", len(all), len(found))
	}
	return found
}

// The tables of options have the keys that the plugin knows, and no other.
func TestOptionsTable(t *testing.T) {
	var documented []string
	for _, o := range options(t) {
		documented = append(documented, o.name)
	}
	config, err := plugin.FromYAML("bogus: 1\nipStrategy: {bogus: 1}\nclusters:\n  <name>: {servers: a, bogus: 1, tls: {bogus: 1}}\nrequestHeaders:\n  - {name: X-A, path: /a, bogus: 1}\nresponseHeaders:\n  - {name: X-A, path: /a, bogus: 1}\n")
	if err != nil {
		t.Fatal(err)
	}
	_, err = plugin.Compiled().New(t.Context(), http.NotFoundHandler(), config, "table")
	if err == nil {
		t.Fatal("unknown keys are accepted")
	}
	known := keys(err.Error())
	// A gate's mistakes are logged.
	gated, err := plugin.FromYAML("gates:\n  - {path: /a, bogus: 1, bypass: {bogus: 1, header: {name: X-A, value: a, bogus: 1}, cookie: {name: a, value: a, bogus: 1}}}\n")
	if err != nil {
		t.Fatal(err)
	}
	p := plugin.Compiled()
	if _, err := p.New(t.Context(), http.NotFoundHandler(), gated, "table"); err != nil {
		t.Fatal(err)
	}
	known = append(known, keys(p.Output())...)
	sort.Strings(known)
	sort.Strings(documented)
	if strings.Join(known, " ") != strings.Join(documented, " ") {
		t.Errorf("the tables have the options\n%q\nthe plugin knows\n%q", documented, known)
	}
}

// mappings stand in the table by what is in them.
var mappings = map[string]bool{"clusters": true, "requestHeaders": true, "gates": true, "gates[].bypass": true, "gates[].bypass.header": true, "ipStrategy": true}

// alike are mappings that the table describes by another one.
var alike = map[string]string{"responseHeaders[].": "requestHeaders[].", "gates[].bypass.cookie.": "gates[].bypass.header."}

func keys(message string) []string {
	seen := map[string]bool{}
	for _, match := range listed.FindAllStringSubmatch(message, -1) {
		place := strings.ReplaceAll(match[1], "[0]", "[]")
		if alike[place] != "" {
			place = alike[place]
		}
		for _, key := range strings.Split(match[2], ", ") {
			seen[place+key] = !mappings[place+key]
		}
	}
	var found []string
	for key, isOption := range seen {
		if isOption {
			found = append(found, key)
		}
	}
	return found
}

// Each option has an anchor that follows from its name.
func TestOptionsHaveAnchors(t *testing.T) {
	derive := strings.NewReplacer(".<name>", "", "[]", "", ".", "-")
	for _, o := range options(t) {
		if want := derive.Replace(strings.ToLower(o.name)); o.anchor != want {
			t.Errorf("%s has the anchor %q; want %q", o.name, o.anchor, want)
		}
	}
}

// places are where the examples of options stand in a configuration, by what their names begin
// with. The longest beginning counts.
var places = map[string]string{
	"":                       "EXAMPLE, clusters: {main: {servers: zk1}}",
	"clusters.<name>.":       "clusters: {main: {EXAMPLE}}",
	"clusters.<name>.tls.":   "clusters: {main: {servers: zk1, tls: {EXAMPLE}}}",
	"requestHeaders[].":      "requestHeaders: [{EXAMPLE}]",
	"gates[].":               "gates: [{EXAMPLE}]",
	"gates[].bypass.":        "gates: [{path: /flags/a, bypass: {EXAMPLE}}]",
	"gates[].bypass.header.": "gates: [{path: /flags/a, bypass: {header: {EXAMPLE}}}]",
	"ipStrategy.":            "ipStrategy: {EXAMPLE}",
}

// inPlace is an example as part of a whole configuration.
func inPlace(o option) string {
	longest := ""
	for beginning := range places {
		if strings.HasPrefix(o.name, beginning) && len(beginning) > len(longest) {
			longest = beginning
		}
	}
	return "{" + strings.Replace(places[longest], "EXAMPLE", o.example, 1) + "}"
}

// The example of each option sets the option, and is sound.
func TestExamplesOfOptions(t *testing.T) {
	folder := secrets(t)
	for _, o := range options(t) {
		key := o.name[strings.LastIndex(o.name, ".")+1:]
		if !regexp.MustCompile(`(^|[ {])` + key + `: `).MatchString(o.example) {
			t.Errorf("%s: the example doesn't set %s: %s", o.name, key, o.example)
		}
		found, err := plugin.FromYAML(strings.ReplaceAll(inPlace(o), "/run/secrets", folder))
		if err != nil {
			t.Errorf("%s: %v", o.name, err)
			continue
		}
		c := zookeeper.CreateConfig()
		if err := dynamic.Decode(found, c); err != nil {
			t.Fatal(err)
		}
		if _, err := zookeeper.Read(c); err != nil {
			t.Errorf("%s: %v", o.name, err)
		}
	}
}

// secrets makes the files and the environment variables that the examples name.
func secrets(t *testing.T) string {
	t.Helper()
	t.Setenv("ZOOKEEPER_PASSWORD", "secret")
	t.Setenv("PREVIEW_SECRET", "secret")
	folder := t.TempDir()
	authority := certificates.NewAuthority(t, "examples")
	certificate := authority.Issue(t, certificates.Request{})
	link := func(from, to string) {
		if err := os.Symlink(from, filepath.Join(folder, to)); err != nil {
			t.Fatal(err)
		}
	}
	link(authority.File, "ca.pem")
	link(certificate.Cert, "traefik.pem")
	link(certificate.Key, "traefik-key.pem")
	for _, name := range []string{"zookeeper", "preview", "page.html"} {
		if err := os.WriteFile(filepath.Join(folder, name), []byte("secret"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return folder
}
