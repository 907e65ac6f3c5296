package recipes

import (
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/mod-zookeeper/traefik-zookeeper/cmd/zkcheck/_program/dynamic"
	"github.com/mod-zookeeper/traefik-zookeeper/e2e/internal/plugin"
	"github.com/mod-zookeeper/traefik-zookeeper/e2e/internal/port"
	"github.com/mod-zookeeper/traefik-zookeeper/e2e/internal/traefik"
	"github.com/mod-zookeeper/traefik-zookeeper/e2e/internal/zkserver"
)

// The hosts of the pages: one on the internal entrypoint, all others on the public one.
const (
	internalHost = "traefik.internal:8080"
	recipeHeader = "X-Recipe" // tells Traefik which recipe a request is for
)

// A kitchen has all recipes in one Traefik.
type kitchen struct {
	tr       *traefik.Traefik
	shell    *shell
	internal string
}

// Whoever follows a recipe gets what the page shows.
func TestRecipes(t *testing.T) {
	found := recipes(t)
	k := open(t, found)
	for _, r := range found {
		if !t.Run(r.name, func(t *testing.T) { k.follow(t, r) }) {
			return // later ones build on it
		}
	}
}

// open starts ZooKeeper and Traefik, with the configurations of all recipes.
func open(t *testing.T, found []recipe) *kitchen {
	t.Helper()
	zk := zkserver.Start(t)
	service := httptest.NewServer(http.HandlerFunc(answer))
	t.Cleanup(service.Close)
	internal, err := port.Reserve()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(internal.Release)
	zk.Client(t).Put(lastRun, []byte("0"))
	k := &kitchen{shell: startShell(t, zk), internal: internal.Addr()}
	k.shell.write(t, "blocked.txt", names("mallory"))
	k.shell.write(t, "allowed.txt", names("user"))
	k.tr, err = traefik.New(t.TempDir(), traefik.Options{
		Env: []string{"MAINTENANCE_SECRET=open-sesame"},
		Static: map[string]any{
			"entryPoints.internal.address":                internal.Addr(),
			"entryPoints.web.forwardedHeaders.trustedIPs": []string{"127.0.0.1"}, // the test is a balancer
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(k.tr.Close)
	configurations := map[string]string{"last-run.yml": lastRunSeen, "last-run-router.yml": router("last-run"), "service.yml": "http: {services: {shop: {loadBalancer: {servers: [{url: '" + service.URL + "'}]}}}}\n"}
	for i, r := range found {
		for _, config := range r.of("yaml") {
			configurations[fmt.Sprintf("recipe-%d.yml", i)] = strings.ReplaceAll(config, "zk1:2181", zk.Addr())
			configurations[fmt.Sprintf("router-%d.yml", i)] = router(middleware(t, config))
		}
	}
	for name, config := range configurations {
		if err := k.tr.WriteFile(name, config); err != nil {
			t.Fatal(err)
		}
	}
	if err := k.tr.Start(); err != nil {
		t.Fatal(err)
	}
	return k
}

// lastRunSeen is a middleware that tells of the last run: what was written before is known by then.
const lastRunSeen = "http: {middlewares: {last-run: {plugin: {zookeeper: {cluster: main, requestHeaders: [{name: X-Last-Run, path: " + lastRun + "}]}}}}}\n"

// names are as many as the page says.
func names(name string) string {
	var lines strings.Builder
	for i := 1; i <= 10000; i++ {
		fmt.Fprintf(&lines, "%s-%d\n", name, i)
	}
	return lines.String()
}

// answer is the service of the pages, which answers with the headers of the request.
func answer(w http.ResponseWriter, r *http.Request) {
	for name, values := range r.Header {
		for _, value := range values {
			fmt.Fprintf(w, "%s: %s\n", name, value)
		}
	}
}

// middleware is the name of the only one in a configuration.
func middleware(t *testing.T, config string) string {
	t.Helper()
	found, err := dynamic.FromText("recipe.yml", config, plugin.Name)
	if err != nil || len(found) != 1 {
		t.Fatalf("%v, %v in\n%s", found, err, config)
	}
	name := ""
	for only := range found {
		name = only
	}
	return name
}

// router attaches a middleware to a router.
func router(middleware string) string {
	return fmt.Sprintf("http: {routers: {recipe-%[1]s: {rule: 'Header(`%[2]s`, `%[1]s`)', entryPoints: [web], middlewares: [%[1]s], service: shop}}}\n", middleware, recipeHeader)
}

// follow does what a recipe says, block by block.
func (k *kitchen) follow(t *testing.T, r recipe) {
	name := ""
	for _, b := range r.blocks {
		switch b.language {
		case "yaml":
			name = middleware(t, b.text)
		case "sh":
			k.shell.run(t, b.text)
			k.await(t, "last-run", exchange{command: b.text, url: "http://shop.example.com/", lines: []string{fmt.Sprint("X-Last-Run: ", k.shell.runs)}})
		case "console":
			k.try(t, name, exchanges(t, b.text))
		}
	}
}

// try sends the requests of a block until all answers are as shown, and then each once
// more: a change may have come after the first ones.
func (k *kitchen) try(t *testing.T, name string, shown []exchange) {
	t.Helper()
	for _, e := range shown {
		k.await(t, name, e)
	}
	for _, e := range shown {
		if err := k.send(name, e); err != nil {
			t.Fatal(err)
		}
	}
}

// await sends a request until its answer is as shown.
func (k *kitchen) await(t *testing.T, name string, e exchange) {
	t.Helper()
	var complaint error
	err := k.tr.Await(func() error {
		if complaint = k.shell.complaint(); complaint != nil {
			return nil // waiting doesn't help
		}
		return k.send(name, e)
	})
	if err != nil || complaint != nil {
		t.Fatal(errors.Join(err, complaint))
	}
}

// send sends a request, and says what the answer has otherwise than shown.
func (k *kitchen) send(name string, e exchange) error {
	host, path, _ := strings.Cut(strings.TrimPrefix(e.url, "http://"), "/")
	url := k.tr.URL() + "/" + path
	if host == internalHost {
		url = "http://" + k.internal + "/" + path
	}
	request, err := http.NewRequest(http.MethodGet, url, nil)
	if err != nil {
		return err
	}
	request.Host = host
	request.Header.Set(recipeHeader, name)
	return e.do(request)
}
