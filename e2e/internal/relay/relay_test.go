package relay

import (
	"io"
	"net"
	"testing"
	"time"
)

const patience = 20 * time.Second

// echo says hello, and then what it hears.
func echo(conn net.Conn) {
	io.WriteString(conn, "hello")
	io.Copy(conn, conn)
}

func dial(t *testing.T, addr string) net.Conn {
	t.Helper()
	conn, err := net.Dial("tcp", addr)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	conn.SetDeadline(time.Now().Add(patience))
	return conn
}

func hears(t *testing.T, conn net.Conn, want string) {
	t.Helper()
	got := make([]byte, len(want))
	if _, err := io.ReadFull(conn, got); err != nil || string(got) != want {
		t.Fatalf("%q, %v; want %q", got, err, want)
	}
}

func ends(t *testing.T, conn net.Conn) {
	t.Helper()
	conn.SetDeadline(time.Now().Add(patience))
	if n, err := conn.Read(make([]byte, 1)); err == nil || isTimeout(err) {
		t.Fatalf("the connection goes on: %d, %v", n, err)
	}
}

func isTimeout(err error) bool {
	timeout, ok := err.(net.Error)
	return ok && timeout.Timeout()
}

// silent tells that nothing comes for a while.
func silent(t *testing.T, conn net.Conn) {
	t.Helper()
	conn.SetDeadline(time.Now().Add(100 * time.Millisecond))
	n, err := conn.Read(make([]byte, 1))
	if n > 0 || !isTimeout(err) {
		t.Fatalf("read %d, %v", n, err)
	}
	conn.SetDeadline(time.Now().Add(patience))
}

func TestRelay(t *testing.T) {
	server := Start(t, echo)
	r := Start(t, To(server.Addr()))
	conn := dial(t, r.Addr())
	hears(t, conn, "hello")
	r.Become(Refuse)
	ends(t, conn)
	ends(t, dial(t, r.Addr()))
	r.Become(ToAfterBreak(server.Addr(), 3))
	conn = dial(t, r.Addr())
	hears(t, conn, "hel")
	ends(t, conn)
	hears(t, dial(t, r.Addr()), "hello")
}

func TestWayHoldsAndLosesNothing(t *testing.T) {
	w := NewWay(t, Start(t, echo).Addr())
	conn := dial(t, w.Addr())
	hears(t, conn, "hello")
	for _, held := range [][2]Line{{{Held: true}, {}}, {{}, {Held: true}}, {{Held: true}, {Held: true}}} {
		w.Bend(held[0], held[1])
		io.WriteString(conn, "again")
		silent(t, conn)
		w.Restore()
		hears(t, conn, "again")
	}
	if got := string(w.Greeting()); got != "hello" {
		t.Errorf("the greeting is %q", got)
	}
	w.Refuse()
	ends(t, conn)
	ends(t, dial(t, w.Addr()))
	w.Restore()
	hears(t, dial(t, w.Addr()), "hello")
}

// What one side closes while the network is held stays open for the other.
func TestWayHoldsTheEnd(t *testing.T) {
	served := make(chan net.Conn, 1)
	w := NewWay(t, Start(t, func(conn net.Conn) {
		served <- conn
		echo(conn)
	}).Addr())
	conn := dial(t, w.Addr())
	hears(t, conn, "hello")
	w.Bend(Line{}, Line{Held: true})
	(<-served).Close()
	silent(t, conn)
	w.Restore()
	ends(t, conn)
}

func TestWayDelays(t *testing.T) {
	w := NewWay(t, Start(t, echo).Addr())
	const delay = 50 * time.Millisecond
	w.Bend(Line{Delay: delay}, Line{Delay: delay, Single: true})
	began := time.Now()
	conn := dial(t, w.Addr())
	io.WriteString(conn, "!")
	hears(t, conn, "hello!")
	if took := time.Since(began); took < 2*delay {
		t.Errorf("there and back took %s", took)
	}
}
