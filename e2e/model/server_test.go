//go:build hooks

package model

import (
	"encoding/binary"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/go-zookeeper/zk"
	"github.com/mod-zookeeper/traefik-zookeeper/e2e/internal/relay"
	"github.com/mod-zookeeper/traefik-zookeeper/e2e/internal/zkserver"
)

// ensemble is a server, two ways to it, and a client that changes its nodes, below a
// node of their own for each walk.
type ensemble struct {
	t      testing.TB
	dir    string
	server *zkserver.Server
	ways   []*relay.Way
	admin  *zkserver.Admin
	chroot string
	copies int
}

func startEnsemble(t testing.TB) *ensemble {
	e := &ensemble{t: t, dir: t.TempDir()}
	var err error
	e.server, err = zkserver.New(e.dir, 0)
	if err == nil {
		err = e.server.Start()
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(e.server.Close)
	for range 2 {
		e.ways = append(e.ways, relay.NewWay(t, e.server.Addr()))
	}
	e.connect()
	t.Cleanup(func() { e.admin.Close() })
	return e
}

func (e *ensemble) connect() {
	admin, err := zkserver.Connect(e.server.Addr(), func(err error) { e.t.Helper(); e.t.Fatal(err) })
	if err != nil {
		e.t.Fatal(err)
	}
	e.admin = admin
	admin.Authenticate(user, password)
}

// The client that changes nodes may read all of them.
const user, password = "model", "model"

// begin has a walk begin with nothing.
func (e *ensemble) begin(walk int) {
	e.must(e.startServer())
	for _, way := range e.ways {
		way.Restore()
	}
	e.chroot = "/walk" + strconv.Itoa(walk)
	e.admin.Put(e.chroot, nil)
}

func (e *ensemble) places() map[rune]string {
	return map[rune]string{'1': e.ways[0].Addr(), '2': e.ways[1].Addr(), '3': "127.0.0.1:1"}
}

func (e *ensemble) must(err error) {
	e.t.Helper()
	if err != nil {
		e.t.Fatal(err)
	}
}

func (e *ensemble) put(at string, c content) { e.admin.Put(e.chroot+at, []byte(c.data())) }

func (e *ensemble) del(at string) { e.admin.Delete(e.chroot + at) }

// permit gives everybody the right to read a node, or takes it.
func (e *ensemble) permit(at string, granted bool) {
	acl := zk.WorldACL(zk.PermAll)
	if !granted {
		acl = append(zk.WorldACL(zk.PermAll&^zk.PermRead), zk.DigestACL(zk.PermAll, user, password)...)
	}
	_, err := e.admin.Conn.SetACL(e.chroot+at, acl, -1)
	e.must(err)
}

func (e *ensemble) network(on bool) {
	for _, way := range e.ways {
		if on {
			way.Restore()
		} else {
			way.Refuse()
		}
	}
}

// expire ends sessions: the latest one of each way. It tells whether that was one of
// those that are connected.
func (e *ensemble) expire() bool {
	sessions, err := e.server.ConnectedSessions()
	e.must(err)
	connected := false
	for _, way := range e.ways {
		granted := way.Greeting()
		if len(granted) < sessionEnd {
			continue
		}
		id := fmt.Sprintf("0x%x", binary.BigEndian.Uint64(granted[sessionBegin:sessionEnd]))
		for _, s := range sessions {
			connected = connected || s.ID == id
		}
		e.must(zkserver.EndSession(e.server.Addr(), granted))
	}
	return connected
}

// Where a greeting has the session's number.
const sessionBegin, sessionEnd = 12, 20

// greetings are the latest connections in which a session was granted, one a way.
func (e *ensemble) greetings() [2]*byte {
	var found [2]*byte
	for i, way := range e.ways {
		if greeting := way.Greeting(); len(greeting) > 0 {
			found[i] = &greeting[0]
		}
	}
	return found
}

func (e *ensemble) startServer() error {
	if e.server.Running() {
		return nil
	}
	return e.server.Start()
}

func (e *ensemble) data() string { return filepath.Join(e.dir, "data") }

func (e *ensemble) copyFolder() string { return filepath.Join(e.dir, fmt.Sprint("copy", e.copies)) }

// copy is done while nobody writes, so that the server's log is whole.
func (e *ensemble) copy() {
	e.copies++
	e.must(os.CopyFS(e.copyFolder(), os.DirFS(e.data())))
}

// restore has the latest copy in the place of what there is. The client that knew
// more goes, since the server would refuse it.
func (e *ensemble) restore() {
	e.admin.Close()
	e.server.Kill()
	e.must(errors.Join(e.server.Wipe(), os.CopyFS(e.data(), os.DirFS(e.copyFolder())), e.startServer()))
	e.connect()
}

// watched are the paths that sessions watch below the walk's node.
func (e *ensemble) watched() (map[string]bool, error) {
	answer, err := e.server.FourLetter("wchp")
	found := map[string]bool{}
	for line := range strings.Lines(answer) {
		if at, below := strings.CutPrefix(strings.TrimSpace(line), e.chroot+"/"); below {
			found["/"+at] = true
		}
	}
	return found, err
}
