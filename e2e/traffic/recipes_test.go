package traffic

import (
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/mod-zookeeper/traefik-zookeeper/e2e/internal/parts"
)

var fence = regexp.MustCompile("(?s)```yaml\n(.*?)```")

// recipes are what the document's configurations are for, in their order: a router's
// middlewares, and who answers a preflight.
var recipes = []struct {
	middlewares string
	service     bool // the service answers preflights
}{
	{"cors, checkout", false},
	{"checkout-preflights", true},
}

// Whoever copies the configurations of docs/http.md gets what it says.
func testRecipes(t *testing.T, s *stage) {
	text, err := os.ReadFile(filepath.Join(parts.Root(), "docs", "http.md"))
	if err != nil {
		t.Fatal(err)
	}
	blocks := fence.FindAllStringSubmatch(string(text), -1)
	if len(blocks) != len(recipes) {
		t.Fatalf("%d configurations in docs/http.md: say here what the new one is for", len(blocks))
	}
	for i, recipe := range recipes {
		name := fmt.Sprint("recipe-", i)
		if err := s.traefik.WriteFile(name+".yml", blocks[i][1]); err != nil {
			t.Fatal(err)
		}
		router := route{name: name, middlewares: strings.Split(recipe.middlewares, ", ")}
		if err := s.traefik.WriteFile(name+"-router.yml", "http:\n  routers:\n"+strings.ReplaceAll(router.yaml(), "service: service", "service: service@file")); err != nil {
			t.Fatal(err)
		}
		s.checkRecipe(t, "/"+name, recipe.service)
	}
}

// checkRecipe waits for a closed gate that browsers take for one, and sends a preflight.
func (s *stage) checkRecipe(t *testing.T, path string, service bool) {
	t.Helper()
	origin := []string{"Origin: https://shop.example"}
	err := s.traefik.Await(func() error {
		a, err := s.try(call{path: path, headers: origin})
		if err == nil && (a.status != http.StatusServiceUnavailable || a.header.Get("Access-Control-Allow-Origin") != "https://shop.example" || a.header.Get("Vary") != "Origin") {
			err = fmt.Errorf("%s: %d with %v", path, a.status, a.header)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, headers := range [][]string{preflight, origin} {
		a := s.do(t, call{method: http.MethodOptions, path: path, headers: headers})
		arrived, want := len(s.service.arrivals(a.id)) > 0, service && len(headers) == len(preflight)
		if arrived != want || (a.status == http.StatusOK) != (len(headers) == len(preflight)) {
			t.Errorf("%s: %q gets %d, and reaches the service: %t", path, headers, a.status, arrived)
		}
	}
}
