package examples

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"

	"github.com/mod-zookeeper/traefik-zookeeper/e2e/internal/port"
	"github.com/mod-zookeeper/traefik-zookeeper/e2e/internal/traefik"
	"github.com/mod-zookeeper/traefik-zookeeper/e2e/internal/zkserver"
)

// A scenario is an example at work: its configuration in the real Traefik, its
// nodes in a real ZooKeeper.
type scenario struct {
	t        *testing.T
	zk       *zkserver.Server
	tr       *traefik.Traefik
	commands []string // of zkCli.sh, as the file has them in its comments
}

var (
	servers = regexp.MustCompile(`zk\d:2181(,zk\d:2181)*|zookeeper:2181`)
	command = regexp.MustCompile(`(?m)^#   zkCli\.sh -server zk1:2181 (.*)$`)
	comment = regexp.MustCompile(`(?m)^#   +([\w ]+:.*)$`)
)

// play starts an example with its nodes. Other addresses are replaced as told.
func play(t *testing.T, name string, replace ...string) *scenario {
	t.Helper()
	zk := zkserver.Start(t)
	zkserver.Shell(t, text(t, name+"/seed.txt"), "-server", zk.Addr())
	service := httptest.NewServer(traefik.Echo())
	t.Cleanup(service.Close)
	replacer := strings.NewReplacer(append(replace, "http://127.0.0.1:8080", service.URL, "http://whoami:80", service.URL)...)
	config := text(t, name+"/dynamic.yml")
	s := &scenario{t: t, zk: zk}
	for _, match := range command.FindAllStringSubmatch(config, -1) {
		s.commands = append(s.commands, match[1])
	}
	options := ""
	for _, line := range comment.FindAllString(config, -1) {
		if !strings.Contains(line, "zkCli.sh") {
			options += strings.TrimPrefix(line, "#   ") + "\n"
		}
	}
	static, err := traefik.Flat(replacer.Replace(options))
	if err != nil {
		t.Fatal(err)
	}
	delete(static, "entryPoints.web.address")
	s.tr = traefik.Start(t, servers.ReplaceAllString(replacer.Replace(config), zk.Addr()), traefik.Options{Static: static})
	return s
}

// run runs a command of the file's comments.
func (s *scenario) run(n int) {
	s.t.Helper()
	zkserver.Shell(s.t, s.commands[n]+"\n", "-server", s.zk.Addr())
}

// An answer is what a request came to.
type answer struct {
	status  int
	header  http.Header
	body    string
	service traefik.Echoed // the request as it reached the service
}

// get sends a request with headers, each written as Name: value.
func (s *scenario) get(path string, headers ...string) (answer, error) {
	r, err := http.NewRequest(http.MethodGet, s.tr.URL()+path, nil)
	if err != nil {
		return answer{}, err
	}
	for _, line := range headers {
		name, value, _ := strings.Cut(line, ": ")
		r.Header.Add(name, value)
		if name == "Host" {
			r.Host = value
		}
	}
	response, err := http.DefaultClient.Do(r)
	if err != nil {
		return answer{}, err
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	a := answer{status: response.StatusCode, header: response.Header, body: string(body)}
	json.Unmarshal(body, &a.service)
	return a, err
}

// await asks until an answer is as it should be.
func (s *scenario) await(what string, holds func(a answer) bool, path string, headers ...string) {
	s.t.Helper()
	err := s.tr.Await(func() error {
		a, err := s.get(path, headers...)
		if err == nil && !holds(a) {
			err = fmt.Errorf("%s: status %d, %q", what, a.status, a.body)
		}
		return err
	})
	if err != nil {
		s.t.Fatal(err)
	}
}

func status(want int) func(answer) bool { return func(a answer) bool { return a.status == want } }

func gets(header, want string) func(answer) bool {
	return func(a answer) bool { return a.status == http.StatusOK && a.service.Headers.Get(header) == want }
}

func TestComposeConfiguration(t *testing.T) {
	s := play(t, "compose")
	s.await("release", gets("X-Release", "2026.1"), "/")
	s.await("closed", status(http.StatusForbidden), "/checkout")
	zkserver.Shell(t, "set /flags/checkout on\n", "-server", s.zk.Addr())
	s.await("open", gets("X-Release", "2026.1"), "/checkout")
}

func TestMaintenance(t *testing.T) {
	s := play(t, "maintenance")
	s.await("open", status(http.StatusOK), "/")
	s.run(0)
	s.await("maintenance", func(a answer) bool {
		return a.status == http.StatusServiceUnavailable && a.body == "<h1>We move to a new house</h1>" &&
			a.header.Get("Retry-After") == "600" && a.header.Get("Content-Type") == "text/html; charset=utf-8"
	}, "/")
	s.await("JSON", func(a answer) bool { return a.body == `{"error": "maintenance"}` }, "/", "Accept: application/json")
	s.await("health", status(http.StatusOK), "/health")
	s.zk.Client(t).Put("/site/page", []byte("<h1>Almost done</h1>"))
	s.await("page", func(a answer) bool { return a.body == "<h1>Almost done</h1>" }, "/")
}

func TestCanary(t *testing.T) {
	internal, err := port.Reserve()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(internal.Release)
	canary := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { w.WriteHeader(http.StatusTeapot) }))
	t.Cleanup(canary.Close)
	s := play(t, "canary", "127.0.0.1:8081", internal.Addr(), "http://127.0.0.1:8090", canary.URL)
	s.await("stable", status(http.StatusOK), "/")
	s.await("forged", status(http.StatusOK), "/", "X-Canary: true")
	s.run(0)
	chosen := func() string {
		users := ""
		for i := range 200 {
			a, err := s.get("/", fmt.Sprintf("Cookie: uid=%d", i))
			if err == nil && a.status == http.StatusTeapot {
				users += fmt.Sprint(i, " ")
			}
		}
		return users
	}
	first := ""
	s.await("some canaries", func(answer) bool {
		first = chosen()
		return first != ""
	}, "/")
	if n := len(strings.Fields(first)); n < 30 || n > 70 {
		t.Errorf("%d of 200 users get the canary, with a share of 25%%", n)
	}
	if second := chosen(); second != first {
		t.Errorf("users %s\nand then %s", first, second)
	}
}

func TestAB(t *testing.T) {
	s := play(t, "ab")
	count := map[string]int{}
	for i := range 100 {
		s.await("a variant", func(a answer) bool {
			variant := a.service.Headers.Get("X-Variant")
			if variant == "" || variant != a.header.Get("X-Variant") {
				return false
			}
			count[variant]++
			return true
		}, "/", fmt.Sprintf("Cookie: uid=%d", i), "X-Variant: mine")
	}
	if count["blue"] < 25 || count["green"] < 25 || len(count) > 2 {
		t.Errorf("variants %v", count)
	}
	s.run(0)
	for i := range 20 {
		s.await("the end of the test", gets("X-Variant", "blue"), "/", fmt.Sprintf("Cookie: uid=%d", i))
	}
}

func TestTenants(t *testing.T) {
	s := play(t, "tenants")
	s.await("silver", gets("X-Plan", "silver"), "/", "Host: a.example.com")
	s.await("free", gets("X-Plan", "free"), "/", "Host: b.example.com")
	s.run(0)
	s.run(1)
	s.await("gold", gets("X-Plan", "gold"), "/", "Host: b.example.com")
	s.run(2)
	s.await("closed", status(http.StatusPaymentRequired), "/", "Host: a.example.com")
	s.await("open", gets("X-Plan", "gold"), "/", "Host: b.example.com")
}

func TestClusters(t *testing.T) {
	s := play(t, "clusters")
	s.await("values", func(a answer) bool {
		return a.service.Headers.Get("X-Db-Host") == "db.eu.example.com" && a.service.Headers.Get("X-Motd") == "hello, everywhere"
	}, "/")
	s.zk.Client(t).Put("/flags/checkout", []byte("off"))
	s.await("closed", status(http.StatusForbidden), "/")
}
