// Package proxy tests the plugin end to end: the real Traefik, a real ZooKeeper
// server, a service behind, requests in front.
package proxy

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/mod-zookeeper/traefik-zookeeper/e2e/internal/traefik"
	"github.com/mod-zookeeper/traefik-zookeeper/e2e/internal/zkserver"
)

// stage is all the parts of a test.
type stage struct {
	zk      *zkserver.Server
	admin   *zkserver.Admin
	traefik *traefik.Traefik
	service *httptest.Server
}

// setUp starts all parts. In the plugin's configuration, $SERVERS stands for
// the server's address.
func setUp(t *testing.T, plugin string, nodes map[string]string) *stage {
	t.Helper()
	return setUpBefore(t, "", plugin, nodes, nil)
}

// setUpBefore is setUp with a service and static options of the test's own.
func setUpBefore(t *testing.T, service, plugin string, nodes map[string]string, static map[string]any) *stage {
	t.Helper()
	s := newStage(t, nodes)
	if service == "" {
		service = s.service.URL
	}
	s.launch(t, traefik.Route(strings.ReplaceAll(plugin, "$SERVERS", s.zk.Addr()), service), static)
	return s
}

// newStage starts all parts but Traefik.
func newStage(t *testing.T, nodes map[string]string) *stage {
	t.Helper()
	s := &stage{zk: zkserver.Start(t), service: httptest.NewServer(traefik.Echo())}
	t.Cleanup(s.service.Close)
	s.admin = s.zk.Client(t)
	for path, value := range nodes {
		s.admin.Put(path, []byte(value))
	}
	return s
}

// launch starts Traefik and waits until it has the router.
func (s *stage) launch(t *testing.T, config string, static map[string]any) {
	t.Helper()
	s.traefik = traefik.Start(t, config, traefik.Options{Static: static})
	s.await(t, "/", func(a answer) error {
		if a.status == http.StatusNotFound {
			return fmt.Errorf("no router yet: %s", a.body)
		}
		return nil
	})
}

func (s *stage) config(plugin string) string {
	return traefik.Route(strings.ReplaceAll(plugin, "$SERVERS", s.zk.Addr()), s.service.URL)
}

// answer is what a request came to.
type answer struct {
	status  int
	body    string
	header  http.Header
	service http.Header // what reached the service; nil if nothing did
}

// value is a header as the service saw it.
func (a answer) value(name string) string {
	return strings.Join(a.service.Values(name), " | ")
}

func (s *stage) get(path string) (answer, error) {
	r, err := http.NewRequest(http.MethodGet, s.traefik.URL()+path, nil)
	if err != nil {
		return answer{}, err
	}
	return do(r)
}

var client = &http.Client{Timeout: 20 * time.Second}

func do(r *http.Request) (answer, error) {
	response, err := client.Do(r)
	if err != nil {
		return answer{}, err
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	a := answer{status: response.StatusCode, body: string(body), header: response.Header}
	var echoed traefik.Echoed
	if json.Unmarshal(body, &echoed) == nil {
		a.service = echoed.Headers
	}
	return a, err
}

// await asks until the answer is as it should be.
func (s *stage) await(t *testing.T, path string, check func(answer) error) {
	t.Helper()
	err := s.traefik.Await(func() error {
		a, err := s.get(path)
		if err != nil {
			return err
		}
		return check(a)
	})
	if err != nil {
		t.Fatal(err)
	}
}

func (s *stage) awaitValue(t *testing.T, name, want string) {
	t.Helper()
	s.await(t, "/", func(a answer) error {
		if got := a.value(name); a.status != http.StatusOK || got != want {
			return fmt.Errorf("status %d, %s is %q, want %q", a.status, name, got, want)
		}
		return nil
	})
}

func (s *stage) awaitStatus(t *testing.T, path string, want int) {
	t.Helper()
	s.await(t, path, func(a answer) error {
		if a.status != want {
			return fmt.Errorf("status %d, want %d: %s", a.status, want, a.body)
		}
		return nil
	})
}

// load sends requests all the time until stop, and checks every answer.
type load struct {
	stop    chan struct{}
	workers sync.WaitGroup
	mu      sync.Mutex
	served  int
	wrong   []string
}

const clients = 4

func (s *stage) startLoad(check func(answer) error) *load {
	l := &load{stop: make(chan struct{})}
	for range clients {
		l.workers.Go(func() { l.work(s, check) })
	}
	return l
}

func (l *load) work(s *stage, check func(answer) error) {
	for {
		select {
		case <-l.stop:
			return
		case <-time.After(5 * time.Millisecond): // leaves the cores to the others
		}
		a, err := s.get("/")
		if err == nil {
			err = check(a)
		}
		l.mu.Lock()
		l.served++
		if err != nil && len(l.wrong) < 10 {
			l.wrong = append(l.wrong, fmt.Sprintf("request %d: %v", l.served, err))
		}
		l.mu.Unlock()
	}
}

// finish ends the load and fails the test if an answer was wrong.
func (l *load) finish(t *testing.T) {
	t.Helper()
	close(l.stop)
	l.workers.Wait()
	if l.served == 0 {
		t.Error("the load served nothing")
	}
	for _, wrong := range l.wrong {
		t.Error(wrong)
	}
}
