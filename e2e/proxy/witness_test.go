package proxy

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"
)

// witness is a service that keeps what reaches it, byte by byte.
type witness struct {
	listener net.Listener
	mu       sync.Mutex
	arrivals []arrival
}

// arrival is a request as a service gets it, and what followed it in the same
// connection without being asked for.
type arrival struct {
	raw     string
	request *http.Request // nil where the bytes are none
}

func startWitness(t *testing.T) *witness {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	w := &witness{listener: listener}
	t.Cleanup(func() { listener.Close() })
	go func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			go w.serve(conn)
		}
	}()
	return w
}

func (w *witness) url() string { return "http://" + w.listener.Addr().String() }

func (w *witness) serve(conn net.Conn) {
	defer conn.Close()
	var raw bytes.Buffer
	request, err := http.ReadRequest(bufio.NewReader(io.TeeReader(conn, &raw)))
	if err == nil {
		_, err = io.Copy(io.Discard, request.Body) // the trailers are behind it
	}
	if raw.Len() == 0 {
		return // a connection that Traefik made in vain
	}
	if err != nil {
		request = nil
	}
	w.mu.Lock()
	w.arrivals = append(w.arrivals, arrival{raw.String(), request})
	w.mu.Unlock()
	io.WriteString(conn, "HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
}

// take returns what has arrived since the last time.
func (w *witness) take() []arrival {
	w.mu.Lock()
	defer w.mu.Unlock()
	taken := w.arrivals
	w.arrivals = nil
	return taken
}

func (a arrival) String() string { return fmt.Sprintf("%q", a.raw) }

// target is the path as it stands in the request's line, and the query.
func (a arrival) target() (string, string) {
	fields := strings.Fields(a.raw)
	path, query, _ := strings.Cut(fields[1], "?")
	return path, query
}

// host is the name of the host in one spelling.
func (a arrival) host() string {
	host := strings.ToLower(a.request.Host)
	if name, _, err := net.SplitHostPort(host); err == nil {
		host = name
	}
	return strings.TrimSuffix(strings.Trim(host, "[]"), ".")
}

// get is a request in HTTP/1.1 with that host, unless the lines have another one.
func get(target string, lines ...string) string { return request("GET", target, lines...) }

func request(method, target string, lines ...string) string {
	head := strings.Join(lines, "\r\n")
	if !strings.Contains(head, "Host:") {
		head = strings.Trim("Host: www.example\r\n"+head, "\r\n")
	}
	return method + " " + target + " HTTP/1.1\r\n" + head + "\r\n\r\n"
}

// get2 is a request in HTTP/2, from the first byte of the connection on.
func get2(fields ...string) string { return request2("GET", "http", "www.example", "/", fields...) }

// request2 takes each further field as "name: value", and an empty authority for none.
func request2(method, scheme, authority, path string, fields ...string) string {
	var block []byte
	add := func(name, value string) {
		if value != "" { // a literal without indexing, and without Huffman's code
			block = append(append(append(block, 0), length(name)...), name...)
			block = append(append(block, length(value)...), value...)
		}
	}
	add(":method", method)
	add(":scheme", scheme)
	add(":authority", authority)
	add(":path", path)
	for _, field := range fields {
		name, value, _ := strings.Cut(field, ": ")
		add(name, value)
	}
	const settings, headers, endStream, endHeaders = 4, 1, 1, 4
	return "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + frame(settings, 0, 0, nil) + frame(headers, endStream|endHeaders, 1, block)
}

// length is an integer as HPACK has it, with a prefix of 7 bits.
func length(text string) []byte {
	n := len(text)
	if n < 127 {
		return []byte{byte(n)}
	}
	return binary.AppendUvarint([]byte{127}, uint64(n-127))
}

func frame(kind, flags byte, stream uint32, payload []byte) string {
	head := binary.BigEndian.AppendUint32(nil, uint32(len(payload))<<8|uint32(kind))
	return string(append(binary.BigEndian.AppendUint32(append(head, flags), stream), payload...))
}

// send sends bytes over a connection of their own, and waits for the answer.
func (s *stage) send(t *testing.T, bytes string) {
	t.Helper()
	conn, err := net.DialTimeout("tcp", strings.TrimPrefix(s.traefik.URL(), "http://"), 5*time.Second)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	conn.SetDeadline(time.Now().Add(20 * time.Second))
	io.WriteString(conn, bytes)
	answer := bufio.NewReader(conn)
	if strings.HasPrefix(bytes, "PRI ") {
		err = awaitEnd2(answer)
	} else {
		_, err = http.ReadResponse(answer, nil)
	}
	if err != nil {
		t.Fatalf("%.200q: %v", bytes, err)
	}
}

// awaitEnd2 waits until the first stream of HTTP/2 ends, or all of them do.
func awaitEnd2(answer io.Reader) error {
	const data, headers, reset, goAway, endStream = 0, 1, 3, 7, 1
	for {
		var head [9]byte
		if _, err := io.ReadFull(answer, head[:]); err != nil {
			return fmt.Errorf("HTTP/2: %w", err)
		}
		size := int64(binary.BigEndian.Uint32(head[:4]) >> 8)
		if _, err := io.CopyN(io.Discard, answer, size); err != nil {
			return err
		}
		switch kind := head[3]; {
		case kind == reset || kind == goAway, (kind == data || kind == headers) && head[4]&endStream != 0:
			return nil
		}
	}
}
