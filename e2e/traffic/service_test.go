package traffic

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
)

// witness is a server that notes the headers of what reaches it, by the requests' X-Id.
type witness struct {
	server  *httptest.Server
	mu      sync.Mutex
	seen    map[string][]http.Header
	waiting map[string]chan bool
}

func (w *witness) note(r *http.Request) {
	w.mu.Lock()
	defer w.mu.Unlock()
	id := r.Header.Get("X-Id")
	w.seen[id] = append(w.seen[id], r.Header.Clone())
}

// arrivals are the requests of that id.
func (w *witness) arrivals(id string) []http.Header {
	w.mu.Lock()
	defer w.mu.Unlock()
	return slices.Clone(w.seen[id])
}

// next is where the service waits, once for each part of an answer.
func (w *witness) next(id string) chan bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.waiting[id] == nil {
		w.waiting[id] = make(chan bool)
	}
	return w.waiting[id]
}

// eachHeader are those that the rules are about.
var eachHeader = []string{"X-Set", "X-Append", "X-Absent", "X-Removed", "X-Without", "X-Left", "X-Mine", "X-Mine-Too"}

// serve is the service. X-Way says how it answers, and X-Own has it answer with values of
// its own for the headers that the rules are about.
func serve(w *witness, rw http.ResponseWriter, r *http.Request) {
	if r.Header.Get("X-Own") != "" {
		for _, name := range eachHeader {
			rw.Header()[name] = []string{"its", "own"}
		}
	}
	way := ways[r.Header.Get("X-Way")]
	if way == nil {
		http.Error(rw, "no such way", http.StatusTeapot)
		return
	}
	way(w, rw, r)
}

// ways are those in which the service answers.
var ways = map[string]func(*witness, http.ResponseWriter, *http.Request){
	"":             say(0, "served"),
	"status":       say(http.StatusAccepted, "served"),
	"long":         say(0, long),
	"nothing":      say(0, ""),
	"no content":   say(http.StatusNoContent, ""),
	"not modified": say(http.StatusNotModified, ""),
	"error":        say(http.StatusInternalServerError, "broken"),
	"hints":        hint,
	"continue":     func(_ *witness, rw http.ResponseWriter, r *http.Request) { _, _ = io.Copy(rw, r.Body) },
	"announced":    func(_ *witness, rw http.ResponseWriter, _ *http.Request) { trail(rw, "served", true) },
	"unforeseen":   func(_ *witness, rw http.ResponseWriter, _ *http.Request) { trail(rw, "served", false) },
	"same name":    trailSameName,
	"empty":        func(_ *witness, rw http.ResponseWriter, _ *http.Request) { trail(rw, "", true) },
	"events":       sendEvents,
	"halves":       sendHalves,
	"calls":        answerCalls,
	"upgrade":      mirror,
}

var long = strings.Repeat("a long answer ", 5000)

// say answers once the request is there: who answers earlier may have the connection cut, in
// Traefik without the plugin too.
func say(status int, body string) func(*witness, http.ResponseWriter, *http.Request) {
	return func(_ *witness, rw http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		if status != 0 {
			rw.WriteHeader(status)
		}
		if body != "" {
			_, _ = io.WriteString(rw, body)
		}
	}
}

const link = "</style.css>; rel=preload"

// hint answers after two 103. It reads the request first: a 103 that meets the 100 which a
// client waits for spoils both, in Go's server as such.
func hint(_ *witness, rw http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	for range 2 {
		rw.Header().Set("Link", link)
		rw.WriteHeader(http.StatusEarlyHints)
	}
	_, _ = rw.Write(body)
}

// trail answers with a trailer, which needs an answer in chunks.
func trail(rw http.ResponseWriter, body string, announced bool) {
	name := http.TrailerPrefix + "X-Late"
	if announced {
		rw.Header().Set("Trailer", "X-Late")
		name = "X-Late"
	}
	_ = http.NewResponseController(rw).Flush()
	_, _ = io.WriteString(rw, body)
	rw.Header().Set(name, "late")
}

// trailSameName answers with a trailer that has the name of a header that the rules set.
func trailSameName(_ *witness, rw http.ResponseWriter, _ *http.Request) {
	rw.Header().Set("Trailer", "X-Set")
	_ = http.NewResponseController(rw).Flush()
	_, _ = io.WriteString(rw, "served")
	rw.Header()["X-Set"] = []string{"late"}
}

// sendEvents sends an event each time that it is told to.
func sendEvents(w *witness, rw http.ResponseWriter, r *http.Request) {
	rw.Header().Set("Content-Type", "text/event-stream")
	next := w.next(r.Header.Get("X-Id"))
	for n := 1; ; n++ {
		fmt.Fprintf(rw, "data: %d\n\n", n)
		_ = http.NewResponseController(rw).Flush()
		select {
		case goOn := <-next:
			if !goOn {
				return
			}
		case <-r.Context().Done():
			return
		}
	}
}

// sendHalves gives a length, and the second half of the body when it is told to.
func sendHalves(w *witness, rw http.ResponseWriter, r *http.Request) {
	rw.Header().Set("Content-Length", "10")
	_, _ = io.WriteString(rw, "hello")
	_ = http.NewResponseController(rw).Flush()
	select {
	case <-w.next(r.Header.Get("X-Id")):
		_, _ = io.WriteString(rw, "world")
	case <-r.Context().Done():
	}
}

// answerCalls answers each message of a stream as it comes, as gRPC does at the level of
// HTTP/2.
func answerCalls(_ *witness, rw http.ResponseWriter, r *http.Request) {
	rw.Header().Set("Content-Type", "application/grpc")
	rw.Header().Set("Trailer", "Grpc-Status")
	_ = http.NewResponseController(rw).EnableFullDuplex()
	rw.WriteHeader(http.StatusOK)
	_ = http.NewResponseController(rw).Flush()
	message := make([]byte, 1<<10)
	for {
		n, err := r.Body.Read(message)
		_, _ = rw.Write(message[:n])
		_ = http.NewResponseController(rw).Flush()
		if err != nil {
			break
		}
	}
	rw.Header().Set("Grpc-Status", "0")
}

// mirror sends back what it gets, after a handshake. The key's answer is that of RFC 6455's
// example.
func mirror(_ *witness, rw http.ResponseWriter, r *http.Request) {
	if r.Header.Get("Upgrade") != "websocket" {
		http.Error(rw, "no handshake", http.StatusBadRequest)
		return
	}
	conn, data, err := http.NewResponseController(rw).Hijack()
	if err != nil {
		http.Error(rw, err.Error(), http.StatusInternalServerError)
		return
	}
	defer conn.Close()
	fmt.Fprint(conn, "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n")
	_, _ = io.Copy(conn, data)
}

// admit is forwardAuth's server. It takes everybody for ann.
func admit(_ *witness, rw http.ResponseWriter, _ *http.Request) { rw.Header().Set("X-User", "ann") }

// page is the service of error pages.
func page(_ *witness, rw http.ResponseWriter, r *http.Request) {
	rw.Header().Set("X-Page", "yes")
	_, _ = io.WriteString(rw, "sorry: "+r.URL.Path)
}
