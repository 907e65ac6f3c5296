package readme

import (
	"fmt"
	"strings"
	"testing"

	"gopkg.in/yaml.v3"

	zookeeper "github.com/mod-zookeeper/traefik-zookeeper"
	"github.com/mod-zookeeper/traefik-zookeeper/cmd/zkcheck/_program/dynamic"
	"github.com/mod-zookeeper/traefik-zookeeper/e2e/internal/plugin"
	"github.com/mod-zookeeper/traefik-zookeeper/e2e/internal/traefik"
)

// Dynamic configurations are sound, and Traefik starts with the static ones.
func TestEveryConfiguration(t *testing.T) {
	t.Setenv("ZOOKEEPER_PASSWORD", "secret") // docs/operations.md has it
	t.Setenv("MAINTENANCE_SECRET", "secret") // and docs/recipes.md that
	kinds := map[string]int{}
	for _, block := range all(t, "yaml") {
		var tree map[string]any
		if err := yaml.Unmarshal([]byte(block[1]), &tree); err != nil {
			t.Fatalf("%s: %v\n%s", block[0], err, block[1])
		}
		routing, _ := tree["http"].(map[string]any)
		if routing != nil && routing["middlewares"] == nil { // a route, which TestMigratingFromHTTPD tries
			kinds["routes"]++
			continue
		}
		if routing != nil {
			kinds["dynamic"]++
			soundAlone(t, block[0], block[1])
			continue
		}
		if tree["scrape_configs"] != nil { // Prometheus', which TestConfigurationsInTraefik tries
			kinds["prometheus"]++
			continue
		}
		if services, _ := tree["services"].(map[string]any); services != nil {
			kinds["compose"]++
			soundAlone(t, block[0], block[1])
			startsWith(t, services["traefik"])
			continue
		}
		kinds["static"]++
		static := flat(t, block[1])
		for _, elsewhere := range []string{"entryPoints.web.address", "entryPoints.internal.address", "providers.file.directory"} {
			delete(static, elsewhere) // the test's Traefik has its own
		}
		traefik.Start(t, "", traefik.Options{Static: static}).Stop()
	}
	if kinds["dynamic"] < 7 || kinds["static"] < 3 || kinds["prometheus"] != 1 || kinds["routes"] != 1 || kinds["compose"] != 1 {
		t.Errorf("configurations: %v", kinds)
	}
}

// startsWith starts Traefik with the options that a compose file gives its service, but for those of
// the machine.
func startsWith(t *testing.T, service any) {
	t.Helper()
	options, _ := service.(map[string]any)
	arguments, _ := options["command"].([]any)
	static := map[string]any{}
	for _, argument := range arguments {
		name, value, _ := strings.Cut(strings.TrimPrefix(fmt.Sprint(argument), "--"), "=")
		if strings.HasPrefix(name, "experimental.") {
			static[name] = value
		}
	}
	if len(static) == 0 {
		t.Fatalf("no plugin: %v", service)
	}
	traefik.Start(t, "", traefik.Options{Static: static}).Stop()
}

// soundAlone checks the middlewares of a document's block; a cluster may be
// defined elsewhere.
func soundAlone(t *testing.T, document, block string) {
	t.Helper()
	found, err := dynamic.FromText("block.yml", block, plugin.Name)
	if err != nil || len(found) == 0 {
		t.Fatalf("%s: %v\n%s", document, err, block)
	}
	for name, config := range found {
		c := zookeeper.CreateConfig()
		if err := dynamic.Decode(config, c); err != nil {
			t.Fatal(err)
		}
		if _, err := zookeeper.Read(c); err != nil {
			t.Errorf("%s: middleware %s: %v", document, name, err)
		}
	}
}
