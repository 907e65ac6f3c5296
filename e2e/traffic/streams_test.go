package traffic

import (
	"bufio"
	"compress/gzip"
	"fmt"
	"io"
	"net/http"
	"testing"
)

// Events arrive while the service goes on.
func testEvents(t *testing.T, s *stage) {
	for _, version := range versions {
		for _, path := range []string{"/modes", "/late"} {
			s.checkEvents(t, call{version: version, path: path, headers: own(false)}, modes[path][false])
		}
	}
}

// A part of an answer of a known length arrives while the service goes on, too. The fast proxy
// holds it back, with the plugin and without.
func testHalves(t *testing.T, s *stage) {
	for _, version := range versions {
		for _, path := range []string{"/modes", "/late", "/rpc"} {
			response, id := s.open(t, call{version: version, path: path, way: "halves", headers: own(false)}, nil)
			half := make([]byte, 5)
			if _, err := io.ReadFull(response.Body, half); string(half) != "hello" || response.ContentLength != 10 || headersOf(response.Header) != modes[path][false] {
				t.Fatalf("%s, %s: %q, %v, %v", version, path, half, err, response.Header)
			}
			s.service.next(id) <- true
			if rest, err := io.ReadAll(response.Body); string(rest) != "world" || err != nil {
				t.Errorf("%s, %s: at the end %q, %v", version, path, rest, err)
			}
		}
	}
}

// checkEvents reads event after event, each before the service sends the next one.
func (s *stage) checkEvents(t *testing.T, c call, want string) {
	t.Helper()
	c.way = "events"
	response, id := s.open(t, c, nil)
	if got := headersOf(response.Header); response.StatusCode != http.StatusOK || got != want {
		t.Errorf("%+v: %s with %s, want %s", c, response.Status, got, want)
		return
	}
	lines, next := bufio.NewReader(plainBody(t, response)), s.service.next(id)
	for n := 1; n <= 3; n++ {
		line, err := lines.ReadString('\n')
		if line != fmt.Sprintf("data: %d\n", n) {
			t.Errorf("%+v: %q, %v", c, line, err)
			return
		}
		_, _ = lines.ReadString('\n')
		next <- n < 3
	}
	if rest, err := io.ReadAll(lines); len(rest) > 0 || err != nil {
		t.Errorf("%+v: at the end %q, %v", c, rest, err)
	}
}

// plainBody is a body as it comes, decompressed where it has to be.
func plainBody(t *testing.T, response *http.Response) io.Reader {
	t.Helper()
	if response.Header.Get("Content-Encoding") != "gzip" {
		return response.Body
	}
	reader, err := gzip.NewReader(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return reader
}

// Messages go to and fro in one call of gRPC's kind, and its status comes at the end.
func testCalls(t *testing.T, s *stage) {
	for _, version := range []string{http2, h3} {
		s.checkCalls(t, version, "/rpc")
	}
}

func (s *stage) checkCalls(t *testing.T, version, path string) {
	t.Helper()
	body, send := io.Pipe()
	go fmt.Fprint(send, "hello 0")
	c := call{version: version, method: http.MethodPost, path: path, way: "calls", headers: append(own(false), "Te: trailers", "Content-Type: application/grpc")}
	response, _ := s.open(t, c, body)
	if got := headersOf(response.Header); got != modes[path][false] || response.Header.Get("Content-Type") != "application/grpc" {
		t.Errorf("%s: %s with %v", version, response.Status, response.Header)
	}
	for n := range 3 {
		if n > 0 {
			fmt.Fprint(send, "hello ", n)
		}
		got := make([]byte, len("hello 0"))
		if _, err := io.ReadFull(response.Body, got); string(got) != fmt.Sprint("hello ", n) {
			t.Fatalf("%s: %q, %v", version, got, err)
		}
	}
	send.Close()
	rest, err := io.ReadAll(response.Body)
	if len(rest) > 0 || err != nil || response.Trailer.Get("Grpc-Status") != "0" {
		t.Errorf("%s: at the end %q, %v, %v", version, rest, err, response.Trailer)
	}
}

// After an upgrade, the client and the service have the connection for themselves. The 101
// has no headers of ours; an answer that refuses to switch has them.
func testUpgrade(t *testing.T, s *stage) {
	for _, path := range []string{"/modes", "/late", "/http-as-theirs", "/http-model"} {
		accepted := s.checkUpgrade(t, path)
		if got := headersOf(accepted.Header); got != "" {
			t.Errorf("%s: the 101 has %s", path, got)
		}
		refused, _, _ := s.exchange(t, handshake(path, "status")...)
		if refused.StatusCode != http.StatusAccepted || refused.Header.Get("X-Set") != "ours" {
			t.Errorf("%s: an answer to a handshake is %s with %v", path, refused.Status, refused.Header)
		}
	}
}

func handshake(path, way string, more ...string) []string {
	return append([]string{"GET " + path + " HTTP/1.1", "Host: a", "X-User: ann", "X-Way: " + way, "Connection: Upgrade", "Upgrade: websocket", "Sec-WebSocket-Version: 13", "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ=="}, more...)
}

// checkUpgrade has two messages echoed after a handshake.
func (s *stage) checkUpgrade(t *testing.T, path string) *http.Response {
	t.Helper()
	response, conn, r := s.exchange(t, handshake(path, "upgrade")...)
	if response.StatusCode != http.StatusSwitchingProtocols || response.Header.Get("Sec-Websocket-Accept") != "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=" {
		t.Errorf("%s: %s, %v", path, response.Status, response.Header)
		return response
	}
	for _, message := range []string{"\x81\x85 first", "second\x00\xff"} {
		fmt.Fprint(conn, message)
		got := make([]byte, len(message))
		if _, err := io.ReadFull(r, got); err != nil || string(got) != message {
			t.Errorf("%s: sent %q, got %q, %v", path, message, got, err)
		}
	}
	return response
}
