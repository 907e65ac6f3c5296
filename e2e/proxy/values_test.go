package proxy

import (
	"bufio"
	"bytes"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/mod-zookeeper/traefik-zookeeper/e2e/internal/traefik"
)

const (
	cluster = "clusters:\n  main: {servers: $SERVERS, sessionTimeout: 2s}\n"
	release = cluster + "requestHeaders:\n  - {name: X-Release, path: /release/current, default: none}\n"
	gate    = "gates:\n  - {path: /flags/checkout, body: not yet}\n"
)

func TestHeaderFollowsItsNode(t *testing.T) {
	s := setUp(t, release, map[string]string{"/release/current": "1"})
	s.awaitValue(t, "X-Release", "1")
	for i := range 20 {
		value := fmt.Sprint("value ", i)
		s.admin.Put("/release/current", []byte(value))
		s.awaitValue(t, "X-Release", value)
	}
	s.admin.Delete("/release")
	s.awaitValue(t, "X-Release", "none")
	s.admin.Put("/release/current", []byte("back"))
	s.awaitValue(t, "X-Release", "back")
	for i := 1; i <= 10000; i++ {
		s.admin.Put("/release/current", fmt.Append(nil, i))
	}
	s.awaitValue(t, "X-Release", "10000")
}

func TestGateOpensAndCloses(t *testing.T) {
	s := setUp(t, cluster+gate, nil)
	s.await(t, "/", func(a answer) error {
		if a.status != http.StatusForbidden || a.body != "not yet" || a.header.Get("Content-Type") != "text/plain; charset=utf-8" {
			return fmt.Errorf("closed: %+v", a)
		}
		return nil
	})
	for range 5 {
		s.admin.Put("/flags/checkout", []byte("on"))
		s.awaitStatus(t, "/", http.StatusOK)
		s.admin.Put("/flags/checkout", []byte("off"))
		s.awaitStatus(t, "/", http.StatusForbidden)
	}
	head, err := http.Head(s.traefik.URL())
	if err != nil {
		t.Fatal(err)
	}
	head.Body.Close()
	if head.StatusCode != http.StatusForbidden || head.ContentLength != int64(len("not yet")) {
		t.Errorf("HEAD: %d, %d bytes", head.StatusCode, head.ContentLength)
	}
}

// A client writes whatever it likes; raw lines reach spellings that Go's client
// would mend.
func TestForgedHeadersNeverGetThrough(t *testing.T) {
	s := setUp(t, cluster+"requestHeaders:\n  - {name: X-Release, path: /release/current}\n  - {name: X-Never-Set, path: /never/set}\n",
		map[string]string{"/release/current": "ours"})
	s.awaitValue(t, "X-Release", "ours")
	for _, lines := range []string{
		"X-Release: forged", "x-release: forged", "X_Release: forged", "x_RELEASE: forged", "X-Release: a\r\nX-Release: b",
		"X-Never-Set: forged", "X_Never_Set: forged", "X-Never_Set: forged", "x_never-set: forged",
		"Connection: X-Release", "Connection: close, X-Release\r\nX-Release: forged", "Connection: X-Never-Set\r\nX-Never-Set: forged",
	} {
		body := s.raw(t, lines)
		for _, wrong := range []string{"forged", `"a"`, "X-Never", "X_"} {
			if strings.Contains(body, wrong) {
				t.Errorf("%q came through: %s", lines, body)
			}
		}
		if !strings.Contains(body, `"ours"`) {
			t.Errorf("%q took the value away: %s", lines, body)
		}
	}
}

func (s *stage) raw(t *testing.T, lines string) string {
	t.Helper()
	addr := strings.TrimPrefix(s.traefik.URL(), "http://")
	conn, err := net.DialTimeout("tcp", addr, 5*time.Second)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	conn.SetDeadline(time.Now().Add(10 * time.Second))
	fmt.Fprintf(conn, "GET / HTTP/1.1\r\nHost: %s\r\n%s\r\n\r\n", addr, lines)
	response, err := http.ReadResponse(bufio.NewReader(conn), nil)
	if err != nil {
		t.Fatalf("%q: %v", lines, err)
	}
	defer response.Body.Close()
	var body bytes.Buffer
	if _, err := body.ReadFrom(response.Body); err != nil {
		t.Fatal(err)
	}
	if response.StatusCode != http.StatusOK {
		t.Fatalf("%q: %s", lines, response.Status)
	}
	return body.String()
}

func TestRefusedValues(t *testing.T) {
	s := setUp(t, cluster+`requestHeaders:
  - {name: X-Release, path: /release/current, default: none}
  - {name: X-Db-Host, path: /app/settings, format: json, key: db.host, default: none}
`, map[string]string{"/release/current": "good", "/app/settings": `{"db":{"host":"db1"}}`})
	s.awaitValue(t, "X-Release", "good")
	for _, bad := range []string{"evil\r\nX-Admin: yes", "nul\x00", "\xff\xfe", strings.Repeat("m", 1<<20-200), "{bad json", `["another shape"]`} {
		s.admin.Put("/release/current", []byte("\x01"+bad))
		s.admin.Put("/app/settings", []byte(bad))
		s.await(t, "/", func(a answer) error {
			if a.value("X-Release") != "good" || a.value("X-Db-Host") != "db1" || a.service.Get("X-Admin") != "" {
				t.Fatalf("%.20q came through as %v", bad, a.service)
			}
			return nil
		})
	}
	refused := func() (n int) {
		for _, line := range s.traefik.PluginLog() {
			if strings.HasPrefix(line, "error: ") && strings.Contains(line, " refused ") {
				n++
			}
		}
		return n
	}
	if err := s.traefik.Await(func() error {
		if n := refused(); n < 2 || n > 12 {
			return fmt.Errorf("%d refusals in the log", n)
		}
		return nil
	}); err != nil {
		t.Error(err)
	}
	s.admin.Put("/release/current", []byte(""))
	s.admin.Put("/app/settings", []byte("{}"))
	s.awaitValue(t, "X-Release", "none")
	s.awaitValue(t, "X-Db-Host", "none")
}

// The plugin doesn't wrap the ResponseWriter: what streams still does.
func TestStreaming(t *testing.T) {
	s := setUp(t, release, map[string]string{"/release/current": "1"})
	s.awaitValue(t, "X-Release", "1")
	goOn := make(chan struct{})
	events := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/event-stream")
		fmt.Fprintf(w, "data: %s\n\n", r.Header.Get("X-Release"))
		w.(http.Flusher).Flush()
		<-goOn
		fmt.Fprint(w, "data: end\n\n")
	}))
	defer events.Close()
	if err := s.traefik.WriteConfig(traefik.Route(strings.ReplaceAll(release, "$SERVERS", s.zk.Addr()), events.URL)); err != nil {
		t.Fatal(err)
	}
	var stream *http.Response
	err := s.traefik.Await(func() error {
		response, err := http.Get(s.traefik.URL())
		if err == nil && response.Header.Get("Content-Type") != "text/event-stream" {
			response.Body.Close()
			return fmt.Errorf("still the other service: %s", response.Status)
		}
		stream = response
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	defer stream.Body.Close()
	lines := bufio.NewReader(stream.Body)
	first, err := lines.ReadString('\n') // while the service waits: nothing holds it back
	close(goOn)
	if err != nil || first != "data: 1\n" {
		t.Errorf("the first event is %q, %v", first, err)
	}
}
