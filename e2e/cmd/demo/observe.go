package main

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"

	"github.com/mod-zookeeper/traefik-zookeeper/e2e/internal/traefik"
)

// expectation is what a request must come to.
type expectation struct {
	path   string
	forged string // a header that the client sends, as Name: value
	name   string // of a header that the service gets; empty where the answer counts
	want   string // the header's value, or the answer
}

func header(name, value string) expectation { return expectation{path: "/", name: name, want: value} }

func checkout(answer string) expectation { return expectation{path: "/checkout", want: answer} }

func (e expectation) String() string {
	text := "GET " + e.path
	if e.forged != "" {
		text += " with " + e.forged
	}
	if e.name == "" {
		return text + " answers " + e.want
	}
	return text + ": the service gets " + e.name + ": " + e.want
}

// request makes the expectation's request and tells what it came to.
func (s *stage) request(e expectation) (string, error) {
	request, err := http.NewRequestWithContext(s.ctx, http.MethodGet, s.traefik.URL()+e.path, nil)
	if err != nil {
		return "", err
	}
	if name, value, found := strings.Cut(e.forged, ": "); found {
		request.Header.Set(name, value)
	}
	answer, err := s.client.Do(request)
	if err != nil {
		return "", err
	}
	defer answer.Body.Close()
	body, err := io.ReadAll(answer.Body)
	if err != nil {
		return "", err
	}
	return e.read(answer.StatusCode, body)
}

func (e expectation) read(status int, body []byte) (string, error) {
	var seen traefik.Echoed
	reached := json.Unmarshal(body, &seen) == nil && seen.URI == e.path
	switch {
	case e.name == "" && reached:
		return fmt.Sprint(status), nil
	case e.name == "":
		return fmt.Sprintf("%d %q", status, body), nil
	case !reached:
		return "", fmt.Errorf("GET %s: status %d, %q: the service didn't get the request", e.path, status, body)
	}
	return strings.Join(seen.Headers.Values(e.name), ", "), nil
}

// patience is how long a change may take to be served. It is generous: Traefik
// applies the routes in that time, too.
const patience = 20 * time.Second

// await makes the request until it comes to what is expected.
func (s *stage) await(e expectation) error {
	for deadline := time.Now().Add(patience); ; {
		got, err := s.request(e)
		if s.ctx.Err() != nil {
			return s.ctx.Err()
		}
		if err == nil && got == e.want {
			return nil
		}
		if time.Now().After(deadline) {
			return fmt.Errorf("after %s, want %s; got %q, %v", patience, e, got, err)
		}
		s.sleep(time.Millisecond)
	}
}

func (s *stage) sleep(length time.Duration) {
	select {
	case <-s.ctx.Done():
	case <-time.After(length):
	}
}

// watch makes requests all the time until the function that it returns is
// called; that one tells how many there were, and what was wrong first.
func (s *stage) watch(expectations ...expectation) func() (int, error) {
	var count int
	var wrong error
	quit, done := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(done)
		for s.ctx.Err() == nil && wrong == nil {
			select {
			case <-quit:
				return
			case <-time.After(5 * time.Millisecond):
			}
			e := expectations[count%len(expectations)]
			if got, err := s.request(e); err != nil || got != e.want {
				wrong = fmt.Errorf("want %s; got %q, %v", e, got, err)
			}
			count++
		}
	}()
	return func() (int, error) {
		close(quit)
		<-done
		if s.ctx.Err() != nil {
			return count, s.ctx.Err()
		}
		return count, wrong
	}
}
