package behaviour

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/go-zookeeper/zk"

	"github.com/mod-zookeeper/traefik-zookeeper/e2e/internal/zkserver"
)

// A rotation is a server with a node for one password, and an instance that has
// another one in its file, or the same.
type rotation struct {
	server *zkserver.Server
	admin  *zkserver.Admin
	inst   *instance
	file   string
	before int // of the output
}

const newPassword = password + "-next"

func rotate(t *testing.T, s *suite, nodes, file string) *rotation {
	t.Helper()
	r := &rotation{server: zkserver.Start(t), file: filepath.Join(t.TempDir(), "password"), before: len(s.plugin.Output())}
	r.admin = r.server.Client(t)
	r.admin.Authenticate("app", password)
	r.admin.Authenticate("app", newPassword)
	r.put("/secured", "first", nodes)
	r.put("/plans/example.test", "first", nodes)
	r.put("/old-only", "first", password)
	r.write(t, file)
	r.inst = s.must(t, secured(r.server.Addr(), "    username: app\n    passwordFile: '"+r.file+"'\n")+"  - {name: X-Old, path: /old-only, default: nothing}\n"+
		"  - {name: X-Plan, path: '/plans/{host}', default: nothing}\n")
	return r
}

func (r *rotation) put(path, value, password string) {
	r.admin.PutACL(path, []byte(value), zk.DigestACL(zk.PermAll, "app", password))
}

// write replaces the file at once, as those who rotate secrets do.
func (r *rotation) write(t *testing.T, password string) {
	t.Helper()
	if err := os.WriteFile(r.file+".new", []byte(password+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Rename(r.file+".new", r.file); err != nil {
		t.Fatal(err)
	}
}

var rotations = []behaviour{
	{"a password file is rotated while there is a session", testPasswordFileIsRotatedWhileThereIsASession},
	{"a password file is rotated while the server is away", testPasswordFileIsRotatedWhileTheServerIsAway},
	{"a wrong password in a file, and then the right one", testWrongPasswordInAFileAndThenTheRightOne},
	{"a password file goes, and comes back", testPasswordFileGoesAndComesBack},
}

func testPasswordFileIsRotatedWhileThereIsASession(t *testing.T, s *suite) {
	r := rotate(t, s, password, password)
	r.inst.awaitHeader(t, "X-Value", "first")
	r.inst.awaitHeader(t, "X-Plan", "first")
	r.put("/secured", "second", newPassword)
	r.put("/plans/example.test", "second", newPassword)
	steady(t, 500*time.Millisecond, func() bool { return r.inst.header("X-Value") == "first" }, func() string { return "what was known is lost" })
	r.write(t, newPassword)
	r.inst.awaitHeader(t, "X-Value", "second")
	r.inst.awaitHeader(t, "X-Plan", "second")
	if got := strings.Count(s.plugin.Output()[r.before:], "suspended"); got > 0 {
		t.Errorf("the session was given up %d times", got)
	}
	// The next connection has the new password alone.
	if err := r.server.Restart(); err != nil {
		t.Fatal(err)
	}
	r.put("/secured", "third", newPassword)
	r.inst.awaitHeader(t, "X-Value", "third")
	r.put("/old-only", "second", password)
	steady(t, 4*time.Second, func() bool { return r.inst.header("X-Old") == "first" }, func() string { return "the old password is presented beside the new one" })
	tellsNoSecret(t, s, r.before)
}

func testPasswordFileIsRotatedWhileTheServerIsAway(t *testing.T, s *suite) {
	r := rotate(t, s, password, password)
	r.inst.awaitHeader(t, "X-Value", "first")
	r.put("/secured", "second", newPassword)
	r.server.Stop()
	r.write(t, newPassword)
	if err := r.server.Start(); err != nil {
		t.Fatal(err)
	}
	r.inst.awaitHeader(t, "X-Value", "second")
}

func testWrongPasswordInAFileAndThenTheRightOne(t *testing.T, s *suite) {
	r := rotate(t, s, password, "wrong-"+password)
	r.inst.awaitHeader(t, "X-Value", "nothing")
	s.awaitPrinted(t, r.before, "/secured refused as text: it may not be read")
	r.write(t, password)
	r.inst.awaitHeader(t, "X-Value", "first")
	r.inst.awaitHeader(t, "X-Old", "first")
	r.inst.awaitHeader(t, "X-Plan", "first")
	tellsNoSecret(t, s, r.before)
}

func testPasswordFileGoesAndComesBack(t *testing.T, s *suite) {
	r := rotate(t, s, password, password)
	r.inst.awaitHeader(t, "X-Value", "first")
	if err := os.Remove(r.file); err != nil {
		t.Fatal(err)
	}
	line := "the password that was there before is used on"
	s.awaitPrinted(t, r.before, "passwordFile", r.file, line)
	if err := r.server.Restart(); err != nil {
		t.Fatal(err)
	}
	r.put("/secured", "second", password)
	r.inst.awaitHeader(t, "X-Value", "second")
	once := func() bool { return strings.Count(s.plugin.Output()[r.before:], line) == 1 }
	steady(t, 7*time.Second, once, func() string { return "logged again: " + s.plugin.Output()[r.before:] })
	r.put("/secured", "third", newPassword)
	r.write(t, newPassword)
	r.inst.awaitHeader(t, "X-Value", "third")
	tellsNoSecret(t, s, r.before)
}
