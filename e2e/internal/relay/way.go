package relay

import (
	"net"
	"sync"
	"testing"
	"time"
)

// Line is how bytes travel in one direction. The zero value is a good one.
type Line struct {
	// Held keeps everything back, the end of the connection too, until the line is
	// a good one again: so it looks when a network drops all packets.
	Held bool
	// Delay is how long each byte is on its way.
	Delay time.Duration
	// Single lets one byte through each millisecond, each in a packet of its own.
	Single bool
}

// Way is a relay to one server over a network that can be a bad one: for the
// connections that there are, and for new ones.
type Way struct {
	relay *Relay
	to    string

	mu       sync.Mutex
	up, down Line          // to the server, and from it
	changed  chan struct{} // closed at the next change of the lines
	replaced bool          // something else is done with connections
	greeting []byte
}

// NewWay starts a way to a server, which ends with the test.
func NewWay(t testing.TB, to string) *Way {
	t.Helper()
	w := &Way{to: to, changed: make(chan struct{})}
	w.relay = Start(t, w.serve)
	t.Cleanup(func() { w.Bend(Line{}, Line{}) })
	return w
}

// Addr is host:port.
func (w *Way) Addr() string { return w.relay.Addr() }

// Bend makes the network another one, without a connection being broken.
func (w *Way) Bend(up, down Line) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.up, w.down = up, down
	close(w.changed)
	w.changed = make(chan struct{})
}

// Become breaks all connections and does something else with new ones.
func (w *Way) Become(serve func(net.Conn)) {
	w.mu.Lock()
	w.replaced = true
	w.mu.Unlock()
	w.relay.Become(serve)
}

// Refuse breaks all connections, and lets no new ones through.
func (w *Way) Refuse() { w.Become(Refuse) }

// Restore lets everything through again. What was held arrives now; connections
// of another kind break.
func (w *Way) Restore() {
	w.Bend(Line{}, Line{})
	w.mu.Lock()
	replaced := w.replaced
	w.replaced = false
	w.mu.Unlock()
	if replaced {
		w.relay.Become(w.serve)
	}
}

// Greeting is what the server said first, in the latest connection.
func (w *Way) Greeting() []byte {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.greeting
}

func (w *Way) greeted(text []byte) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.greeting = text
}

func (w *Way) lines() (up, down Line, changed chan struct{}) {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.up, w.down, w.changed
}

func (w *Way) serve(conn net.Conn) {
	to, err := net.Dial("tcp", w.to)
	if err != nil {
		return
	}
	var both sync.WaitGroup
	both.Go(func() { w.carry(conn, to, true) })
	both.Go(func() { w.carry(to, conn, false) })
	both.Wait()
}

// piece is what was read at once.
type piece struct {
	bytes []byte
	read  time.Time
}

// mostOnTheWay pieces are kept; then the sender has to wait.
const mostOnTheWay = 4096

// carry passes everything on in one direction, and then the connection's end.
func (w *Way) carry(from, to net.Conn, up bool) {
	pieces := make(chan piece, mostOnTheWay)
	go receive(from, pieces)
	working, first := true, true
	for p := range pieces {
		if first && !up {
			w.greeted(p.bytes)
		}
		first = false
		line := w.await(p, up)
		working = working && send(to, p.bytes, line.Single) == nil
	}
	w.await(piece{read: time.Now()}, up)
	from.Close()
	to.Close()
}

func receive(from net.Conn, pieces chan<- piece) {
	defer close(pieces)
	for {
		buffer := make([]byte, 16<<10)
		n, err := from.Read(buffer)
		if n > 0 {
			pieces <- piece{bytes: buffer[:n], read: time.Now()}
		}
		if err != nil {
			return
		}
	}
}

// await returns when a piece has arrived, and the line on which it did.
func (w *Way) await(p piece, up bool) Line {
	for {
		line, down, changed := w.lines()
		if !up {
			line = down
		}
		if !line.Held {
			time.Sleep(time.Until(p.read.Add(line.Delay)))
			return line
		}
		<-changed
	}
}

func send(to net.Conn, bytes []byte, single bool) error {
	if !single {
		_, err := to.Write(bytes)
		return err
	}
	for i := range bytes {
		if _, err := to.Write(bytes[i : i+1]); err != nil {
			return err
		}
		time.Sleep(time.Millisecond)
	}
	return nil
}
