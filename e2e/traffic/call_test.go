package traffic

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptrace"
	"net/textproto"
	"os"
	"reflect"
	"strings"
	"sync/atomic"
	"testing"
	"time"
)

// call is a request. The zero value is a GET over HTTP/1.1.
type call struct {
	version string
	method  string
	path    string
	way     string // how the service answers
	body    string
	headers []string // as in "X-User: ann"
}

// answer is what a request came to.
type answer struct {
	id      string
	proto   string
	status  int
	header  http.Header
	trailer http.Header
	body    string
	early   []string // the 103 before it: their Link, and what the rules are about
}

var ids atomic.Int64

// request makes a request with an id of its own.
func (s *stage) request(c call) (*http.Request, string, error) {
	base := "https://" + s.secure
	if c.version == "" || c.version == http1 {
		base = s.traefik.URL()
	}
	if c.method == "" {
		c.method = http.MethodGet
	}
	var body io.Reader
	if c.body != "" {
		body = strings.NewReader(c.body)
	}
	r, err := http.NewRequest(c.method, base+c.path, body)
	if err != nil {
		return nil, "", err
	}
	id := fmt.Sprint("call-", ids.Add(1))
	r.Header.Set("X-Id", id)
	if c.way != "" {
		r.Header.Set("X-Way", c.way)
	}
	for _, line := range c.headers {
		name, value, _ := strings.Cut(line, ": ")
		r.Header[name] = append(r.Header[name], value)
	}
	return r, id, nil
}

func (s *stage) client(version string) *http.Client {
	if version == "" {
		version = http1
	}
	return s.clients[version]
}

// try sends a request and reads the answer. Of some hundred requests with a body, Traefik cuts
// off the answer to one, whether the plugin is there or not: Go's server closes the body when
// it begins the answer, and that may reach the transport before the body's end does. Such a
// request is sent again.
func (s *stage) try(c call) (answer, error) {
	var a answer
	var err error
	for range 10 {
		if a, err = s.once(c); c.body == "" || !errors.Is(err, io.ErrUnexpectedEOF) {
			break
		}
	}
	return a, err
}

func (s *stage) once(c call) (answer, error) {
	r, id, err := s.request(c)
	if err != nil {
		return answer{}, err
	}
	a := answer{id: id}
	r = r.WithContext(httptrace.WithClientTrace(r.Context(), &httptrace.ClientTrace{Got1xxResponse: func(code int, header textproto.MIMEHeader) error {
		if code == http.StatusEarlyHints {
			a.early = append(a.early, header.Get("Link")+headersOf(http.Header(header)))
		}
		return nil
	}}))
	response, err := s.client(c.version).Do(r)
	if err != nil {
		return a, fmt.Errorf("%+v: %w", c, err)
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		return a, fmt.Errorf("%+v: %w", c, err)
	}
	a.proto, a.status, a.header, a.trailer, a.body = response.Proto, response.StatusCode, response.Header, response.Trailer, string(body)
	return a, nil
}

// do is try, in which nothing may go wrong.
func (s *stage) do(t *testing.T, c call) answer {
	t.Helper()
	a, err := s.try(c)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

// open sends a request and leaves the answer's body to the caller.
func (s *stage) open(t *testing.T, c call, body io.Reader) (*http.Response, string) {
	t.Helper()
	r, id, err := s.request(c)
	if err != nil {
		t.Fatal(err)
	}
	if body != nil {
		r.Body = io.NopCloser(body)
		r.ContentLength = -1
	}
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	t.Cleanup(cancel)
	response, err := s.client(c.version).Do(r.WithContext(ctx))
	if err != nil {
		t.Fatalf("%+v: %v", c, err)
	}
	t.Cleanup(func() { response.Body.Close() })
	return response, id
}

// exchange writes lines as they are, and reads the answer. The connection stays open until
// the end of the test.
func (s *stage) exchange(t *testing.T, lines ...string) (*http.Response, net.Conn, *bufio.Reader) {
	t.Helper()
	conn, err := net.DialTimeout("tcp", strings.TrimPrefix(s.traefik.URL(), "http://"), patience)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	_ = conn.SetDeadline(time.Now().Add(patience))
	fmt.Fprint(conn, strings.Join(lines, "\r\n")+"\r\n\r\n")
	r := bufio.NewReader(conn)
	response, err := http.ReadResponse(r, nil)
	if err != nil {
		t.Fatalf("%q: %v", lines, err)
	}
	return response, conn, r
}

// headersOf are those of an answer that the rules are about.
func headersOf(header http.Header) string {
	var all []string
	for _, name := range eachHeader {
		if values := header[name]; values != nil {
			all = append(all, name+": "+strings.Join(values, "+"))
		}
	}
	return strings.Join(all, ", ")
}

// without is an answer's header without some names, and without what differs from one answer
// to the next.
func (a answer) without(names ...string) http.Header {
	rest := a.header.Clone()
	for _, name := range append(names, "Date") {
		rest.Del(name)
	}
	return rest
}

// differs says in what an answer differs from another one; "" for nothing.
func (a answer) differs(from answer, except ...string) string {
	switch {
	case a.status != from.status:
		return fmt.Sprintf("status %d, not %d", a.status, from.status)
	case a.body != from.body:
		return fmt.Sprintf("body %.60q (%d bytes), not %.60q (%d)", a.body, len(a.body), from.body, len(from.body))
	case !reflect.DeepEqual(a.without(except...), from.without(except...)):
		return fmt.Sprintf("header\n%v, not\n%v", a.without(except...), from.without(except...))
	case len(a.trailer)+len(from.trailer) > 0 && !reflect.DeepEqual(a.trailer, from.trailer):
		return fmt.Sprintf("trailer %v, not %v", a.trailer, from.trailer)
	case strings.Join(a.early, "|") != strings.Join(from.early, "|"):
		return fmt.Sprintf("before it %q, not %q", a.early, from.early)
	}
	return ""
}

// entry is a line of Traefik's access log.
type entry struct {
	ID       string  `json:"request_X-Id"`
	Decision *string `json:"request_X-Zookeeper-Decision"`
}

// logged is what Traefik's access log has of a request, once it is written.
func (s *stage) logged(t *testing.T, id string) entry {
	t.Helper()
	var found entry
	err := s.traefik.Await(func() error {
		text, err := os.ReadFile(s.accessLog)
		if err != nil {
			return err
		}
		for line := range strings.Lines(string(text)) {
			if strings.Contains(line, `"`+id+`"`) && json.Unmarshal([]byte(line), &found) == nil && found.ID == id {
				return nil
			}
		}
		return fmt.Errorf("the access log has nothing of %s", id)
	})
	if err != nil {
		t.Fatal(err)
	}
	return found
}

// decision is what the access log has; "-" for none.
func (e entry) decision() string {
	if e.Decision == nil || *e.Decision == "" {
		return "-"
	}
	return *e.Decision
}
