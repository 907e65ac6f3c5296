package proxy

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// targeted is on for the user ann; flagged adds the attributes and all the ways
// in which the plugin takes part in a request.
const (
	targeted = `{"variants":{"on":true,"off":false},"defaultVariant":"off","targeting":{"if":[{"==":[{"var":"targetingKey"},"ann"]},"on"]}}`
	flagged  = cluster + "targetingKey: '{header.X-User}'\ndecisionHeader: X-Zookeeper-Decision\n" +
		"responseHeaders:\n  - {name: X-Variant, flag: /flags/variant}\n"
)

// exchange writes a request's lines as they are, and reads the answer. The
// connection stays open until the end of the test.
func (s *stage) exchange(t *testing.T, lines ...string) (*http.Response, net.Conn, *bufio.Reader) {
	t.Helper()
	addr := strings.TrimPrefix(s.traefik.URL(), "http://")
	conn, err := net.DialTimeout("tcp", addr, 5*time.Second)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	conn.SetDeadline(time.Now().Add(20 * time.Second))
	fmt.Fprintf(conn, "GET / HTTP/1.1\r\nHost: %s\r\n%s\r\n\r\n", addr, strings.Join(lines, "\r\n"))
	r := bufio.NewReader(conn)
	response, err := http.ReadResponse(r, nil)
	if err != nil {
		t.Fatalf("%q: %v", lines, err)
	}
	return response, conn, r
}

// mirror is a service that speaks a protocol of its own after the handshake: it
// sends back what it gets.
func mirror(w http.ResponseWriter, r *http.Request) {
	if r.Header.Get("Upgrade") != "websocket" {
		return
	}
	conn, data, err := w.(http.Hijacker).Hijack()
	if err != nil {
		return
	}
	defer conn.Close()
	// The key's answer is that of RFC 6455's example.
	fmt.Fprint(conn, "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n")
	io.Copy(conn, data)
}

func TestWebsocketsAtAGate(t *testing.T) {
	service := httptest.NewServer(http.HandlerFunc(mirror))
	t.Cleanup(service.Close)
	s := setUpBefore(t, service.URL, flagged+gate, map[string]string{"/flags/checkout": targeted, "/flags/variant": `{"variants":{"b":"blue"},"defaultVariant":"b"}`}, nil)
	handshake := []string{"Connection: Upgrade", "Upgrade: websocket", "Sec-WebSocket-Version: 13", "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ=="}

	refused, _, _ := s.exchange(t, append(handshake, "X-User: bob")...)
	body, err := io.ReadAll(refused.Body)
	if refused.StatusCode != http.StatusForbidden || string(body) != "not yet" || refused.Header.Get("Upgrade") != "" || err != nil {
		t.Errorf("closed: %s, %q, %v, %v", refused.Status, body, refused.Header, err)
	}
	for range 2 {
		accepted, conn, r := s.exchange(t, append(handshake, "X-User: ann")...)
		if accepted.StatusCode != http.StatusSwitchingProtocols || accepted.Header.Get("Sec-Websocket-Accept") != "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=" {
			t.Fatalf("open: %s, %v", accepted.Status, accepted.Header)
		}
		for _, message := range []string{"\x81\x85 first", "second\x00\xff"} {
			fmt.Fprint(conn, message)
			got := make([]byte, len(message))
			if _, err := io.ReadFull(r, got); err != nil || string(got) != message {
				t.Errorf("sent %q, got %q, %v", message, got, err)
			}
		}
	}
}

// callee answers calls as a gRPC service does, at the level of HTTP/2.
func callee(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", "application/grpc")
	w.Header().Set("Trailer", "Grpc-Status")
	io.Copy(w, r.Body)
	w.Header().Set("Grpc-Status", "0")
}

func TestGRPCAtAGate(t *testing.T) {
	var protocols http.Protocols
	protocols.SetHTTP1(true)
	protocols.SetUnencryptedHTTP2(true)
	service := httptest.NewUnstartedServer(http.HandlerFunc(callee))
	service.Config.Protocols = &protocols
	service.Start()
	t.Cleanup(service.Close)
	config := flagged + "gates:\n  - {path: /flags/checkout, status: 503, jsonBody: '{}'}\n"
	s := setUpBefore(t, strings.Replace(service.URL, "http:", "h2c:", 1), config, map[string]string{"/flags/checkout": targeted}, nil)
	var only http.Protocols
	only.SetUnencryptedHTTP2(true)
	h2 := &http.Client{Timeout: 20 * time.Second, Transport: &http.Transport{Protocols: &only}}
	defer h2.CloseIdleConnections()
	call := func(user string) (*http.Response, string) {
		r, err := http.NewRequest(http.MethodPost, s.traefik.URL()+"/shop.Checkout/Pay", strings.NewReader("\x00\x00\x00\x00\x01m"))
		if err != nil {
			t.Fatal(err)
		}
		r.Header = http.Header{"Content-Type": {"application/grpc"}, "Te": {"trailers"}, "X-User": {user}, "Accept": {"application/json"}}
		response, err := h2.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		defer response.Body.Close()
		body, err := io.ReadAll(response.Body)
		if err != nil {
			t.Fatal(err)
		}
		return response, string(body)
	}
	refused, body := call("bob")
	if refused.ProtoMajor != 2 || refused.StatusCode != http.StatusOK || body != "" || refused.Header.Get("Grpc-Status") != "14" ||
		refused.Header.Get("Grpc-Message") != "Service%20Unavailable" || refused.Header.Get("Content-Type") != "application/grpc" {
		t.Errorf("closed: %s %s, %q, %v", refused.Proto, refused.Status, body, refused.Header)
	}
	passed, body := call("ann")
	if passed.ProtoMajor != 2 || passed.StatusCode != http.StatusOK || body != "\x00\x00\x00\x00\x01m" || passed.Trailer.Get("Grpc-Status") != "0" || passed.Header.Get("Grpc-Status") != "" {
		t.Errorf("open: %s %s, %q, %v, %v", passed.Proto, passed.Status, body, passed.Header, passed.Trailer)
	}
}

// Neither a gate nor a flag in a header of the response holds events back.
func TestStreamingBehindFlags(t *testing.T) {
	goOn := make(chan struct{})
	events := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("X-User") == "" {
			return
		}
		w.Header().Set("Content-Type", "text/event-stream")
		fmt.Fprint(w, "data: first\n\n")
		w.(http.Flusher).Flush()
		<-goOn
		fmt.Fprint(w, "data: end\n\n")
	}))
	t.Cleanup(events.Close)
	variant := strings.Replace(targeted, `{"on":true,"off":false}`, `{"on":"blue","off":"red"}`, 1)
	s := setUpBefore(t, events.URL, flagged+gate, map[string]string{"/flags/checkout": targeted, "/flags/variant": variant}, nil)
	stream, _, _ := s.exchange(t, "X-User: ann", "Accept: text/event-stream")
	lines := bufio.NewReader(stream.Body)
	first, err := lines.ReadString('\n') // while the service waits
	close(goOn)
	if err != nil || first != "data: first\n" || stream.Header.Get("X-Variant") != "blue" {
		t.Errorf("the first event is %q, %v; %v", first, err, stream.Header)
	}
	if rest, err := io.ReadAll(lines); err != nil || string(rest) != "\ndata: end\n\n" {
		t.Errorf("the rest is %q, %v", rest, err)
	}
}

// The access log has the decisions of all requests, those that were blocked too.
func TestDecisionsInTheAccessLog(t *testing.T) {
	file := filepath.Join(t.TempDir(), "access.log")
	s := setUpBefore(t, "", flagged+gate, map[string]string{"/flags/checkout": targeted}, map[string]any{
		"accessLog.format": "json", "accessLog.filePath": file, "accessLog.fields.headers.names.X-Zookeeper-Decision": "keep",
	})
	variant := `, set; flag="/flags/variant"; reason=ERROR; error=FLAG_NOT_FOUND; age=0`
	passed := `pass; flag="/flags/checkout"; variant="on"; reason=TARGETING_MATCH; age=0` + variant
	blocked := `block; flag="/flags/checkout"; variant="off"; reason=DEFAULT; age=0`
	for path, user := range map[string]string{"/open": "ann", "/closed": "bob"} {
		for _, forged := range []string{"X-Other: x", "X-Zookeeper-Decision: forged", "x_zookeeper_decision: forged", "X-Zookeeper-Decision: forged\r\nConnection: X-Zookeeper-Decision"} {
			r, _, _ := s.exchange(t, "X-User: "+user, "X-Path: "+path, forged)
			body, err := io.ReadAll(r.Body)
			if err != nil || strings.Contains(string(body), "forged") || user == "ann" && !strings.Contains(string(body), `reason=TARGETING_MATCH`) {
				t.Errorf("%s: %s, %v", forged, body, err)
			}
		}
	}
	for status, want := range map[int]string{http.StatusOK: passed, http.StatusForbidden: blocked} {
		err := s.traefik.Await(func() error {
			if got := logged(t, file, status, want); got < 4 {
				return fmt.Errorf("%d lines say %s", got, want)
			}
			return nil
		})
		if err != nil {
			text, _ := os.ReadFile(file)
			t.Fatalf("%v:\n%s", err, text)
		}
	}
	if text, err := os.ReadFile(file); err != nil || strings.Contains(string(text), "forged") {
		t.Errorf("%v, the access log has\n%s", err, text)
	}
}

// logged counts the access log's lines with a status and a decision.
func logged(t *testing.T, file string, status int, decision string) (n int) {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		return 0
	}
	for line := range strings.Lines(string(text)) {
		var entry struct {
			DownstreamStatus int
			Decision         string `json:"request_X-Zookeeper-Decision"`
		}
		if json.Unmarshal([]byte(line), &entry) == nil && entry.DownstreamStatus == status && entry.Decision == decision {
			n++
		}
	}
	return n
}

// A client's address comes from Traefik, which takes it from nobody else.
func TestForgedAddressesGetPastNoGate(t *testing.T) {
	const bypassed = cluster + "gates:\n  - {path: /flags/checkout, body: not yet, bypass: {ips: [ADDRESS]}}\n"
	s := setUpBefore(t, "", strings.Replace(bypassed, "ADDRESS", "203.0.113.9", 1), nil, nil)
	for _, lines := range []string{
		"X-Other: x", "X-Real-Ip: 203.0.113.9", "x-real-ip: 203.0.113.9", "X_Real_Ip: 203.0.113.9", "X-Real-Ip: 203.0.113.9\r\nX-Real-Ip: 203.0.113.9",
		"X-Forwarded-For: 203.0.113.9", "X-Forwarded-For: 203.0.113.9\r\nX-Real-Ip: 203.0.113.9", "Forwarded: for=203.0.113.9",
		"Connection: X-Real-Ip", "Connection: X-Real-Ip\r\nX-Real-Ip: 203.0.113.9", "Connection: close, X-Real-Ip\r\nX_Real_Ip: 203.0.113.9", "X-Real-Ip : 203.0.113.9",
	} {
		if r, _, _ := s.exchange(t, lines); r.StatusCode != http.StatusForbidden && r.StatusCode != http.StatusBadRequest {
			t.Errorf("%q gets %s", lines, r.Status)
		}
	}
	if err := s.traefik.WriteConfig(s.config(strings.Replace(bypassed, "ADDRESS", "127.0.0.1", 1))); err != nil {
		t.Fatal(err)
	}
	s.awaitStatus(t, "/", http.StatusOK)
	if r, _, _ := s.exchange(t, "X-Real-Ip: 203.0.113.9"); r.StatusCode != http.StatusOK {
		t.Errorf("an address that is let by, which claims another, gets %s", r.Status)
	}
	if r, _, _ := s.exchange(t, "Connection: X-Real-Ip"); r.StatusCode != http.StatusOK {
		t.Errorf("without X-Real-Ip: %s", r.Status)
	}
}
