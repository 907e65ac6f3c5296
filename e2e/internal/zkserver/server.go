// Package zkserver runs real ZooKeeper servers, and breaks them on purpose.
package zkserver

import (
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"syscall"
	"testing"
	"time"

	"github.com/mod-zookeeper/traefik-zookeeper/e2e/internal/parts"
	"github.com/mod-zookeeper/traefik-zookeeper/e2e/internal/port"
	"github.com/mod-zookeeper/traefik-zookeeper/e2e/internal/process"
)

// Server is a ZooKeeper server on a loopback port. Its ports and its data stay
// when it is stopped and started again. One goroutine may start and stop it.
type Server struct {
	dir        string
	port       *port.Port
	secure     *port.Port // nil without TLS
	tls        *TLS
	lines      string   // of the configuration, beside what all servers have
	properties []string // Java's, as flags
	parts      *parts.ZooKeeper
	process    *process.Process
}

// New prepares a server whose files are below dir. Port 0 takes a free one; a
// port that isn't free is an error.
func New(dir string, number int, options ...Option) (*Server, error) {
	zookeeper, err := parts.FindZooKeeper()
	if err != nil {
		return nil, fmt.Errorf("%w; run make parts", err)
	}
	dir, err = filepath.Abs(dir)
	if err != nil {
		return nil, err
	}
	s := &Server{dir: dir, parts: zookeeper}
	for _, option := range options {
		option(s)
	}
	if err := s.takePorts(number); err != nil {
		return nil, err
	}
	return s, nil
}

func (s *Server) takePorts(number int) (err error) {
	if number == 0 {
		s.port, err = port.Reserve()
	} else {
		s.port, err = port.Take(number)
	}
	if err != nil || s.tls == nil {
		return err
	}
	if s.secure, err = port.Reserve(); err != nil {
		s.port.Release()
	}
	return err
}

// Start starts a server that ends with the test.
func Start(t testing.TB, options ...Option) *Server {
	t.Helper()
	s := Prepare(t, options...)
	if err := s.Start(); err != nil {
		t.Fatal(err)
	}
	return s
}

// StartTLS starts a server with a secure port beside the plain one.
func StartTLS(t testing.TB, c TLS, options ...Option) *Server {
	t.Helper()
	return Start(t, append(options, Secure(c))...)
}

// Prepare prepares a server that isn't running yet, and ends with the test.
func Prepare(t testing.TB, options ...Option) *Server {
	t.Helper()
	s, err := New(t.TempDir(), 0, options...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.finish(t) })
	return s
}

func (s *Server) finish(t testing.TB) {
	if t.Failed() {
		t.Logf("ZooKeeper at %s printed:\n%s", s.Addr(), s.Log())
	}
	s.Close()
}

// PID is the server process's.
func (s *Server) PID() int { return s.process.PID() }

// Addr is host:port.
func (s *Server) Addr() string { return s.port.Addr() }

// SecureAddr is host:port of the port with TLS.
func (s *Server) SecureAddr() string { return s.secure.Addr() }

// A short tick, since a session can't be shorter than two; no limit to the
// number of connections from one host; all of ZooKeeper's four-letter words.
const configuration = `
tickTime=500
minSessionTimeout=100
maxSessionTimeout=60000
dataDir=%s
clientPort=%d
clientPortAddress=127.0.0.1
admin.enableServer=false
maxClientCnxns=0
4lw.commands.whitelist=*
%s%s`

// flags make Java start soon and small. What a server has written survives its
// kill without being forced to the disk.
var flags = []string{
	"-Xmx256m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xshare:auto",
	"-Dzookeeper.forceSync=no", "-Dzookeeper.preAllocSize=1024",
	"-Dorg.slf4j.simpleLogger.defaultLogLevel=warn", "-Dorg.slf4j.simpleLogger.showDateTime=true",
}

// Start starts the server and waits until it serves.
func (s *Server) Start() error {
	if err := s.launch(); err != nil {
		return err
	}
	return s.awaitServing(anyMode)
}

// Restart lets the server end in order, and starts it again.
func (s *Server) Restart() error {
	s.Stop()
	return s.Start()
}

func (s *Server) launch() error {
	if s.Running() {
		return errors.New("ZooKeeper at " + s.Addr() + " is running already")
	}
	file := filepath.Join(s.dir, "zoo.cfg")
	if err := os.WriteFile(file, s.configuration(), 0o644); err != nil {
		return err
	}
	args := slices.Concat(flags, s.properties, []string{"-cp", s.classpath(), "org.apache.zookeeper.server.quorum.QuorumPeerMain", file})
	command := exec.Command(s.parts.Java, args...)
	command.Dir = s.dir
	var err error
	s.process, err = process.Start(command)
	return err
}

func (s *Server) configuration() []byte {
	secure := ""
	if s.tls != nil {
		secure = s.tls.configuration(s.secure.Number)
	}
	return fmt.Appendf(nil, configuration, s.data(), s.port.Number, secure, s.lines)
}

func (s *Server) data() string { return filepath.Join(s.dir, "data") }

const startPatience = time.Minute

// answerPatience is short: a server that is asked while it comes up sometimes
// never answers that one question.
const answerPatience = 300 * time.Millisecond

// AwaitMode waits until the server serves as standalone, leader, follower, or
// read-only.
func (s *Server) AwaitMode(mode string) error {
	return s.awaitServing(func(now string) bool { return now == mode })
}

func anyMode(string) bool { return true }

func (s *Server) awaitServing(wanted func(mode string) bool) error {
	for deadline := time.Now().Add(startPatience); time.Now().Before(deadline); time.Sleep(10 * time.Millisecond) {
		if !s.Running() {
			return fmt.Errorf("ZooKeeper ended by itself:\n%s", s.Log())
		}
		mode, err := s.mode(answerPatience)
		if err == nil && wanted(mode) && s.listensSecurely() {
			return nil
		}
	}
	return fmt.Errorf("ZooKeeper doesn't serve after %s:\n%s", startPatience, s.Log())
}

// listensSecurely tells whether the secure port is open, which a standalone
// server opens after the plain one.
func (s *Server) listensSecurely() bool {
	if s.secure == nil {
		return true
	}
	conn, err := net.DialTimeout("tcp", s.SecureAddr(), time.Second)
	if err != nil {
		return false
	}
	conn.Close()
	return true
}

// Running tells whether the server's process is there.
func (s *Server) Running() bool { return s.process != nil && s.process.Running() }

// Log is the end of what the server printed since it was last started.
func (s *Server) Log() string {
	if s.process == nil {
		return ""
	}
	return s.process.Tail()
}

// Stop lets the server end in order. It may be called when it isn't running.
func (s *Server) Stop() {
	if s.process != nil {
		s.process.Stop(10 * time.Second)
	}
}

// Kill ends the server at once. It may be called when it isn't running.
func (s *Server) Kill() {
	if s.process != nil {
		s.process.Kill()
	}
}

// Close ends the server for good and gives up its ports. The files stay.
func (s *Server) Close() {
	s.Kill()
	s.port.Release()
	if s.secure != nil {
		s.secure.Release()
	}
}

// Wipe deletes all that the server has stored. It must not be running.
func (s *Server) Wipe() error { return os.RemoveAll(s.data()) }

// Copy copies the server's data while it runs, as a backup would. What it returns has
// the copy take the place of the data of a server that was stopped, and starts that.
func (s *Server) Copy(dir string) (func() error, error) {
	if err := os.CopyFS(dir, os.DirFS(s.data())); err != nil {
		return nil, err
	}
	return func() error {
		if err := s.Wipe(); err != nil {
			return err
		}
		if err := os.CopyFS(s.data(), os.DirFS(dir)); err != nil {
			return err
		}
		return s.Restart()
	}, nil
}

// Pause stops the server's process in the middle of whatever it does: its
// connections stay open and silent.
func (s *Server) Pause() { s.process.Signal(syscall.SIGSTOP) }

// Resume lets a paused server go on.
func (s *Server) Resume() { s.process.Signal(syscall.SIGCONT) }
