package api

import (
	"encoding/binary"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	zookeeper "github.com/mod-zookeeper/traefik-zookeeper"
	"github.com/mod-zookeeper/traefik-zookeeper/e2e/internal/fakezk"
	"github.com/mod-zookeeper/traefik-zookeeper/e2e/internal/relay"
	"github.com/mod-zookeeper/traefik-zookeeper/e2e/internal/zkserver"
)

// readCounter counts the reads of data that pass on the way to a server, by path.
type readCounter struct {
	mu    sync.Mutex
	reads map[string]int
}

const opGetData = 4

func (c *readCounter) note(body []byte) {
	if len(body) < 12 || binary.BigEndian.Uint32(body[4:]) != opGetData {
		return
	}
	length := binary.BigEndian.Uint32(body[8:])
	c.mu.Lock()
	defer c.mu.Unlock()
	c.reads[string(body[12:12+length])]++
}

func (c *readCounter) of(path string) int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.reads[path]
}

func followOnce(t *testing.T, s *suite) {
	server := zkserver.Start(t)
	counter := &readCounter{reads: map[string]int{}}
	way := relay.Start(t, fakezk.ForwardTo(server.Addr(), counter.note))
	s.does(t, "FollowOnce", way.Addr(), counter.of, func() int {
		watches, err := server.Watches()
		if err != nil {
			t.Error(err)
		}
		return watches
	})
}

// The connection is cut, and the session ends, between changes. What was cut is mended before the
// nodes are looked at, with whatever has changed meanwhile.
func followMirror(t *testing.T, s *suite) {
	server := zkserver.Start(t)
	way := relay.NewWay(t, server.Addr())
	s.does(t, "FollowMirror", server.Addr(), way.Addr(), time.Now().UnixNano(), func(round int) {
		switch round % 8 {
		case 2, 4:
			way.Refuse()
		case 3, 5:
			way.Restore()
		case 7:
			zkserver.EndSession(server.Addr(), way.Greeting()) // which a session that has ended refuses
		}
	})
}

// BenchmarkReading is what it costs to read a value that is followed, next to what a loop over
// GetW of one's own keeps at hand.
func BenchmarkReading(b *testing.B) {
	server := zkserver.Start(b)
	server.Client(b).Put("/read", []byte("value"))
	if err := zookeeper.Register("reading", zookeeper.Cluster{Servers: []string{server.Addr()}}); err != nil {
		b.Fatal(err)
	}
	h, err := zookeeper.Acquire(b.Context(), "reading")
	if err != nil {
		b.Fatal(err)
	}
	defer h.Release()
	b.Run("followed", func(b *testing.B) {
		f, err := zookeeper.Follow(b.Context(), "reading", zookeeper.Source{Path: "/read"})
		if err != nil {
			b.Fatal(err)
		}
		if _, err := f.Next(b.Context(), nil); err != nil {
			b.Fatal(err)
		}
		b.ReportAllocs()
		for b.Loop() {
			if f.Value().Text != "value" {
				b.Fatal(f.Value())
			}
		}
	})
	b.Run("loop over GetW", func(b *testing.B) {
		var current atomic.Pointer[[]byte]
		first := make(chan bool)
		go func() {
			for {
				data, _, changed, err := h.Conn().GetW("/read")
				if err != nil {
					return
				}
				if current.Swap(&data) == nil {
					close(first)
				}
				<-changed
			}
		}()
		<-first
		b.ReportAllocs()
		for b.Loop() {
			if string(*current.Load()) != "value" {
				b.Fatal("another value")
			}
		}
	})
}
