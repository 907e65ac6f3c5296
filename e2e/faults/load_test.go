package faults

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"sync"
	"testing"
	"time"

	"github.com/mod-zookeeper/traefik-zookeeper/e2e/internal/traefik"
)

// answer is what a request came to.
type answer struct {
	status  int
	body    string
	service http.Header // what reached the service; nil if nothing did
}

func (a answer) String() string { return fmt.Sprintf("status %d, %.80q", a.status, a.body) }

var client = &http.Client{Timeout: 30 * time.Second}

func get(url string) (answer, error) {
	r, err := http.NewRequest(http.MethodGet, url, nil)
	if err != nil {
		return answer{}, err
	}
	r.Header = http.Header{"X-Value": {"forged"}, "X-Number": {"forged"}, "X-Flicker": {"forged"}, "X-Tenant": {"forged"}}
	response, err := client.Do(r)
	if err != nil {
		return answer{}, err
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	a := answer{status: response.StatusCode, body: string(body)}
	var echoed traefik.Echoed
	if json.Unmarshal(body, &echoed) == nil {
		a.service = echoed.Headers
	}
	return a, err
}

// subject is a path with what may be seen there.
type subject struct {
	path  string
	shows func(a answer) (map[*observer]string, error)
	// observers are all those that answers here are about.
	observers []*observer
}

// ask sends a request and checks its answer. It returns what the observers saw.
func (s *subject) ask(url string) (map[*observer]int, answer, error) {
	asked := map[*observer]int{}
	for _, o := range s.observers {
		asked[o] = o.asked()
	}
	a, err := get(url + s.path)
	if err != nil {
		return nil, a, err
	}
	shown, err := s.shows(a)
	if err != nil {
		return nil, a, err
	}
	seen := map[*observer]int{}
	for o, state := range shown {
		if seen[o], err = o.answered(asked[o], state); err != nil {
			return nil, a, err
		}
	}
	return seen, a, nil
}

// askFor is ask for states that were written, where it is about their nodes.
func (s *subject) askFor(url string, written map[*history]int) error {
	seen, _, err := s.ask(url)
	for o, state := range seen {
		if want, known := written[o.history]; known && state < want {
			err = fmt.Errorf("%s: state %d is served, %d was written", s.path, state, want)
		}
	}
	return err
}

// header is what a service got, where it has to get a request.
func header(o *observer, name string, a answer, into map[*observer]string) error {
	values := a.service[name]
	if a.status != http.StatusOK || len(values) != 1 {
		return fmt.Errorf("%v, %s %q", a, name, values)
	}
	into[o] = values[0]
	return nil
}

func always(status int) func(answer) (map[*observer]string, error) {
	return func(a answer) (map[*observer]string, error) {
		if a.status != status {
			return nil, fmt.Errorf("%v; %d is the default", a, status)
		}
		return nil, nil
	}
}

// load sends requests all the time, paced, so that the cores have time for
// servers and plugin, and checks each answer.
type load struct {
	stop    chan struct{}
	once    sync.Once // it is stopped
	workers sync.WaitGroup

	mu       sync.Mutex
	served   int
	wrong    int
	lost     int // requests without an answer
	examples []string
}

const (
	clients = 4
	pace    = 20 * time.Millisecond
)

func (s *stage) startLoad(tolerates func(string, answer) bool) *load {
	l := &load{stop: make(chan struct{})}
	for worker := range clients {
		l.workers.Go(func() {
			for i := worker; ; i++ {
				select {
				case <-l.stop:
					return
				case <-time.After(pace):
					l.ask(s, s.subjects[i%len(s.subjects)], tolerates)
				}
			}
		})
	}
	return l
}

func (l *load) ask(s *stage, subject *subject, tolerates func(string, answer) bool) {
	began := time.Now()
	_, a, err := subject.ask(s.traefik.URL())
	if err != nil && a.status != 0 && tolerates != nil && tolerates(subject.path, a) {
		err = nil
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.served++
	if err == nil {
		return
	}
	if a.status == 0 {
		l.lost++
	} else {
		l.wrong++
	}
	if len(l.examples) < 5 {
		l.examples = append(l.examples, fmt.Sprintf("%s %s, asked %s ago: %v", time.Now().Format("15:04:05.000"), subject.path, time.Since(began), err))
	}
}

func (l *load) end() {
	l.once.Do(func() { close(l.stop) })
	l.workers.Wait()
}

// finish ends the load and fails the test if an answer was wrong, or missing.
func (l *load) finish(t *testing.T) {
	t.Helper()
	l.end()
	if l.served == 0 {
		t.Error("the load served nothing")
	}
	if l.wrong+l.lost > 0 {
		t.Errorf("%d requests of %d were answered wrongly, %d were lost", l.wrong, l.served, l.lost)
	}
	for _, example := range l.examples {
		t.Error(example)
	}
}
