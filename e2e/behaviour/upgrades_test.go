package behaviour

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"
)

func testTrailers(t *testing.T, s *suite) {
	s.seedResponses()
	inEachVersion(t, func(t *testing.T, http2 bool) {
		for _, body := range []string{"", "body"} {
			server := s.front(t, eachMode, func(w http.ResponseWriter, _ *http.Request) {
				w.Header().Set("Trailer", "Grpc-Status")
				_, _ = io.WriteString(w, body)
				w.Header().Set("Grpc-Status", "0")
				w.Header().Set(http.TrailerPrefix+"X-Late", "late")
			}, http2)
			response, got := fetch(t, server, http.MethodPost, "", nil, "Te: trailers")
			if got != body || response.Trailer.Get("Grpc-Status") != "0" || response.Trailer.Get("X-Late") != "late" || headersOf(response.Header) != besideNone {
				t.Errorf("%q, trailers %v, headers %s", got, response.Trailer, headersOf(response.Header))
			}
		}
	})
}

// Behind an upgrade, the service and the client have the connection for themselves. The
// refusal of an upgrade is an answer like others.
func testUpgrade(t *testing.T, s *suite) {
	s.seedResponses()
	server := s.front(t, eachMode, func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("X-User") != "ann" {
			http.Error(w, "not you", http.StatusForbidden)
			return
		}
		connection, data, err := http.NewResponseController(w).Hijack()
		if err != nil {
			t.Error(err)
			return
		}
		defer connection.Close()
		fmt.Fprint(connection, "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: echo\r\n\r\n")
		_, _ = io.Copy(connection, data)
	}, false)
	for _, user := range []string{"ann", "bob"} {
		connection, err := net.Dial("tcp", server.Listener.Addr().String())
		if err != nil {
			t.Fatal(err)
		}
		defer connection.Close()
		_ = connection.SetDeadline(time.Now().Add(patience))
		fmt.Fprintf(connection, "GET / HTTP/1.1\r\nHost: example.test\r\nConnection: Upgrade\r\nUpgrade: echo\r\nX-User: %s\r\n\r\n", user)
		reader := bufio.NewReader(connection)
		response, err := http.ReadResponse(reader, nil)
		if err != nil {
			t.Fatal(err)
		}
		if user == "bob" {
			if got := headersOf(response.Header); response.StatusCode != http.StatusForbidden || !strings.HasPrefix(got, "X-Set: ours, X-Append: ours") {
				t.Errorf("the refusal is %d with %s", response.StatusCode, got)
			}
			continue
		}
		if response.StatusCode != http.StatusSwitchingProtocols {
			t.Fatal(response.Status)
		}
		for _, line := range []string{"one\n", "two\n"} {
			fmt.Fprint(connection, line)
			if got, err := reader.ReadString('\n'); got != line {
				t.Errorf("%q, %v", got, err)
			}
		}
	}
}

// A browser shows a page nothing of an answer that lacks the headers of CORS, so that of a
// closed gate has them, too. What would have the answer kept it hasn't.
func testHeadersOfTheResponseAtAClosedGate(t *testing.T, s *suite) {
	s.seedResponses()
	s.admin.Put("/responses/cache", []byte("public, max-age=3600"))
	for _, more := range []string{"", decisionLine, "targetingKey: '{header.X-User}'\n"} {
		inst := s.start(t, gateAt("/responses/closed", "headers: {X-Absent: gate}")+strings.TrimPrefix(eachMode, anyCluster)+"  - {name: Cache-Control, path: /responses/cache}\n"+more)
		for _, user := range []string{"ann", "bob"} {
			a, _ := inst.ask(with("X-User: " + user))
			want := "X-Set: ours, X-Append: ours, X-Absent: gate, X-Mine: hers, X-Mine-Too: hers"
			if user == "bob" {
				want = "X-Set: ours, X-Append: ours, X-Absent: gate, X-Mine: common"
			}
			if got := headersOf(a.answer); a.status != http.StatusForbidden || got != want || a.answer.Get("Cache-Control") != "no-store" {
				t.Errorf("%s: %d, %s, want %s; %s", user, a.status, got, want, a.answer.Get("Cache-Control"))
			}
		}
	}
}

func testPreflights(t *testing.T, s *suite) {
	preflight := []string{"Origin: https://shop.example", "Access-Control-Request-Method: PUT"}
	inst := s.start(t, gateAt("/preflights/closed", "bypass: {preflights: true}"))
	for _, c := range []struct {
		method  string
		headers []string
		want    int
	}{
		{http.MethodOptions, preflight, 200},
		{http.MethodOptions, preflight[:1], 403},
		{http.MethodOptions, preflight[1:], 403},
		{http.MethodOptions, nil, 403},
		{http.MethodPut, preflight, 403},
		{http.MethodGet, preflight, 403},
		{"options", preflight, 403},
	} {
		if got := inst.status(request{method: c.method, headers: c.headers}); got != c.want {
			t.Errorf("%s with %q gets %d", c.method, c.headers, got)
		}
	}
	if got := s.start(t, gateAt("/preflights/closed", "bypass: {methods: PUT}")).status(request{method: http.MethodOptions, headers: preflight}); got != 403 {
		t.Errorf("without the option, a preflight gets %d", got)
	}
}
