package client

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"net"
	"runtime/metrics"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/go-zookeeper/zk"

	"github.com/mod-zookeeper/traefik-zookeeper/e2e/internal/fakezk"
)

// FuzzFrames: whatever bytes a server sends, the client takes from them what the
// protocol says, as a model reads it, or gives up the connection. It doesn't
// panic, nor hang, and its memory is bounded by what has arrived.
func FuzzFrames(f *testing.F) {
	session, stat := fakezk.ConnectReply(patient), fakezk.Stat()
	event := func(kind int32, path []byte) []byte {
		return fakezk.Reply(-1, fakezk.NoError, fakezk.Number(kind), fakezk.Number(3), path)
	}
	for op := range byte(fuzzedOperations) {
		for _, body := range [][]byte{
			fakezk.Join(fakezk.Text("data"), stat), fakezk.Join(fakezk.Number(1), fakezk.Text("child"), stat), fakezk.Join(fakezk.Number(1), fakezk.Number(31), fakezk.Text("world"), fakezk.Text(""), stat),
			fakezk.Join(result(4, 0), fakezk.Text("a"), stat, result(-1, 0), fakezk.Number(-101), result(-1, 1)), stat, stat[1:], nil,
			fakezk.Number(-1), fakezk.Join(fakezk.Number(-1), stat), fakezk.Join(fakezk.Number(1<<31-1), stat), fakezk.Join(fakezk.Number(1), fakezk.Number(-2), stat), fakezk.Join(fakezk.Number(17), stat),
		} {
			f.Add(session, []byte(nil), int32(0), body, op)
		}
		f.Add(session, event(3, fakezk.Text("/a")), int32(-101), []byte(nil), op)
		f.Add(session, event(1, fakezk.Number(-1)), int32(0), stat, op)
	}
	for _, before := range [][]byte{
		fakezk.Join(event(4, fakezk.Text("/node/below")), fakezk.Reply(-2, 0), event(-2, fakezk.Text(""))), event(2, fakezk.Number(1<<31-1)), fakezk.Reply(-4, 0), fakezk.Reply(-77, 0), fakezk.Reply(5, 0, stat),
		fakezk.Number(-1), fakezk.Number(0), fakezk.Number(1<<31 - 1), fakezk.Number(64 << 20), fakezk.Packet(make([]byte, 15)), fakezk.Packet(fakezk.Number(-2), fakezk.Long(0)), fakezk.Join(fakezk.Number(2<<20), make([]byte, 100)), []byte("HTTP/1.1 400 Bad Request\r\n\r\n"),
	} {
		f.Add(session, before, int32(0), stat, byte(2))
	}
	for _, greeting := range [][]byte{
		nil, session[:20], fakezk.Packet(), fakezk.Number(-1), fakezk.Number(129), fakezk.Number(1<<31 - 1), fakezk.ConnectReply(0), fakezk.ConnectReply(-time.Second), fakezk.ConnectReply(time.Millisecond),
		fakezk.Packet(fakezk.Number(0), fakezk.Number(9000), fakezk.Long(0), fakezk.Text("")), fakezk.Packet(fakezk.Number(0), fakezk.Number(1<<30), fakezk.Long(7), fakezk.Number(-1)),
		fakezk.Packet(session[4:], []byte{1}), fakezk.Packet(fakezk.Number(0), fakezk.Number(9000), fakezk.Long(7), fakezk.Number(1<<31-1)), fakezk.Reply(0, -119), fakezk.Reply(0, 0),
	} {
		f.Add(greeting, []byte(nil), int32(0), stat, byte(2))
	}
	f.Fuzz(func(t *testing.T, greeting, before []byte, code int32, body []byte, op byte) {
		if len(greeting)+len(before)+len(body) > 1<<20 {
			return
		}
		s := &script{greeting: greeting, before: before, code: code, body: body}
		op %= fuzzedOperations
		allocated := bytesAllocated()
		got := s.play(t, op)
		if used := bytesAllocated() - allocated; used > allowance(greeting, before, body) {
			t.Errorf("%d MB for %d bytes", used>>20, len(greeting)+len(before)+len(body))
		}
		s.check(t, op, got)
	})
}

// patient is a session timeout that no busy machine exceeds. With a shorter one
// the client may give up by itself.
const patient = 30 * time.Second

// allowance is the client's two buffers of 1.5 MB, and some times what is sent: an
// ACL of 12 bytes becomes one of 40, and buffers grow by doubling.
func allowance(sent ...[]byte) uint64 {
	return 16<<20 + 64*uint64(len(bytes.Join(sent, nil)))
}

func bytesAllocated() uint64 {
	sample := []metrics.Sample{{Name: "/gc/heap/allocs:bytes"}}
	metrics.Read(sample)
	return sample[0].Value.Uint64()
}

func result(kind int32, done byte) []byte {
	return fakezk.Join(fakezk.Number(kind), []byte{done}, fakezk.Number(0))
}

// script is what a server sends: a greeting, and at the first request what comes
// before the reply, and the reply. Then it closes the connection.
type script struct {
	greeting, before []byte
	code             int32
	body             []byte

	mu     sync.Mutex
	xid    int32    // of the request
	reply  []byte   // that was sent, if any
	events []string // that the client told of
	log    []string
}

func (s *script) serve(conn net.Conn) {
	defer conn.Close()
	fakezk.ReadPacket(conn)
	greeted := make(chan struct{})
	go func() { // A client may send its request before it has read all of this.
		conn.Write(s.greeting)
		close(greeted)
	}()
	var r fakezk.Request
	err := io.EOF
	if s.model(0).welcome { // or else a client would wait for the rest
		r, err = fakezk.ReadRequest(conn)
		go io.Copy(io.Discard, conn)
	}
	<-greeted
	if err == nil {
		s.mu.Lock()
		s.xid, s.reply = r.Xid, fakezk.Reply(r.Xid, s.code, s.body)
		s.mu.Unlock()
		conn.Write(s.before)
		conn.Write(s.reply)
	}
}

// outcome of an operation: what it returned, or its error.
type outcome struct {
	value string
	err   error
}

// play has a client go through the script, and end.
func (s *script) play(t *testing.T, op byte) outcome {
	var once sync.Once
	dial := func(string, string, time.Duration) (net.Conn, error) {
		var client net.Conn
		once.Do(func() {
			var server net.Conn
			client, server = net.Pipe()
			go s.serve(server)
		})
		if client == nil {
			return nil, errors.New("the script is over")
		}
		return client, nil
	}
	conn, ended, err := zk.Connect([]string{"fake:2181"}, patient, zk.WithDialer(dial), zk.WithHostProvider(&single{}),
		zk.WithLogger(s), zk.WithEventCallback(s.event), zk.WithMaxBufferSize(longestPacket))
	if err != nil {
		t.Fatal(err)
	}
	answered := make(chan outcome, 1)
	go func() {
		value, err := operateOn(conn, op)
		answered <- outcome{value, err}
		conn.Close()
	}()
	hung := time.After(requestBound)
	for open := true; open; {
		select {
		case _, open = <-ended:
		case <-hung:
			t.Fatal("the client hangs")
		}
	}
	return <-answered
}

// Printf notes what the client logs.
func (s *script) Printf(format string, values ...any) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.log = append(s.log, fmt.Sprintf(format, values...))
}

func (s *script) event(e zk.Event) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.events = append(s.events, eventText(e.Type, e.State, e.Path)...)
}

// eventText is empty for what the client itself has to say.
func eventText(kind zk.EventType, state zk.State, path string) []string {
	if kind == zk.EventSession || kind == zk.EventNotWatching {
		return nil
	}
	return []string{fmt.Sprintf("%d %d %q", kind, state, path)}
}

// single is a host provider for one server, which is tried again at once.
type single struct{ tried bool }

func (h *single) Init([]string) error { return nil }
func (h *single) Len() int            { return 1 }
func (h *single) Connected()          {}
func (h *single) Next() (string, bool) {
	again := h.tried
	h.tried = true
	return "fake:2181", again
}

func (s *script) check(t *testing.T, op byte, got outcome) {
	t.Helper()
	s.mu.Lock()
	defer s.mu.Unlock()
	if all := strings.Join(s.log, "\n"); strings.Contains(all, "panic") {
		t.Error(all)
	}
	want := s.model(op)
	switch {
	case !want.welcome && (got.err == nil || len(s.events) > 0):
		t.Errorf("%q, %q without a session", got.value, s.events)
	case !want.fits && got.err == nil:
		t.Errorf("operation %d gives %q for what is no reply", op, got.value)
	case want.fits && got.err == nil && got.value != want.value:
		t.Errorf("operation %d gives %q, want %q", op, got.value, want.value)
	case want.fits && got.err != nil && want.unhurried:
		t.Errorf("operation %d gives %v, want %q", op, got.err, want.value)
	case want.unhurried && fmt.Sprint(s.events) != fmt.Sprint(want.events):
		t.Errorf("the client tells of %q, want %q", s.events, want.events)
	}
}

const fuzzedOperations = 7

func operateOn(conn *zk.Conn, op byte) (string, error) {
	switch op {
	case 0:
		data, stat, err := conn.Get("/node")
		return fmt.Sprintf("%q %v", data, stat), err
	case 1:
		data, stat, _, err := conn.GetW("/node")
		return fmt.Sprintf("%q %v", data, stat), err
	case 2:
		there, stat, err := conn.Exists("/node")
		return fmt.Sprintf("%t %v", there, stat), err
	case 3:
		there, stat, _, err := conn.ExistsW("/node")
		return fmt.Sprintf("%t %v", there, stat), err
	case 4:
		names, stat, err := conn.Children("/node")
		return fmt.Sprintf("%q %v", names, stat), err
	case 5:
		acl, stat, err := conn.GetACL("/node")
		return fmt.Sprintf("%q %v", acl, stat), err
	}
	data, stats, errs, err := conn.MultiGet([]string{"/a", "/b"})
	return multiValue(data, stats, failed(errs)), err
}

func multiValue(data [][]byte, stats []*zk.Stat, failed []bool) string {
	value := ""
	for i := range data {
		value += fmt.Sprintf("%q %v %t; ", data[i], stats[i], failed[i])
	}
	return value
}

func failed(errs []error) []bool {
	var all []bool
	for _, err := range errs {
		all = append(all, err != nil)
	}
	return all
}
