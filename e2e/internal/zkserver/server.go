// Package zkserver runs real ZooKeeper servers, and breaks them on purpose.
package zkserver

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/mod-zookeeper/traefik-zookeeper/e2e/internal/parts"
)

// Server is a standalone ZooKeeper server on a loopback port. Its port and its
// data stay when it is stopped and started again.
type Server struct {
	dir     string
	port    int
	parts   *parts.ZooKeeper
	process *exec.Cmd
	output  bytes.Buffer
	done    chan struct{}
}

// New prepares a server whose files are below dir. Port 0 takes a free one.
func New(dir string, port int) (*Server, error) {
	zookeeper, err := parts.FindZooKeeper()
	if err != nil {
		return nil, fmt.Errorf("%w; run make parts", err)
	}
	if port == 0 {
		port, err = FreePort()
		if err != nil {
			return nil, err
		}
	}
	return &Server{dir: dir, port: port, parts: zookeeper}, nil
}

// Start starts a server that ends with the test.
func Start(t testing.TB) *Server {
	t.Helper()
	s := Prepare(t)
	if err := s.Start(); err != nil {
		t.Fatal(err)
	}
	return s
}

// Prepare prepares a server that isn't running yet, and ends with the test.
func Prepare(t testing.TB) *Server {
	t.Helper()
	s, err := New(t.TempDir(), 0)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.Kill)
	return s
}

// FreePort returns a loopback port that nothing listens on. It is outside the
// range that the system gives to outgoing connections, so that none of those
// takes it while the server is away.
func FreePort() (int, error) {
	for range 100 {
		port := 10000 + int(time.Now().UnixNano()/1000+int64(os.Getpid())*7919)%20000
		listener, err := net.Listen("tcp", fmt.Sprintf("127.0.0.1:%d", port))
		if err == nil {
			listener.Close()
			return port, nil
		}
	}
	return 0, errors.New("no free port found")
}

// Addr is host:port.
func (s *Server) Addr() string { return fmt.Sprintf("127.0.0.1:%d", s.port) }

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
`

// Start starts the server and waits until it serves.
func (s *Server) Start() error {
	file := filepath.Join(s.dir, "zoo.cfg")
	data := filepath.Join(s.dir, "data")
	if err := os.WriteFile(file, fmt.Appendf(nil, configuration, data, s.port), 0o644); err != nil {
		return err
	}
	s.output.Reset()
	s.process = exec.Command(s.parts.Java, "-Xmx256m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1",
		"-cp", s.parts.Classpath, "org.apache.zookeeper.server.quorum.QuorumPeerMain", file)
	s.process.Stdout = &s.output
	s.process.Stderr = &s.output
	// A process group of its own: Ctrl-C in a terminal is for the one who started it.
	s.process.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	if err := s.process.Start(); err != nil {
		return err
	}
	s.done = make(chan struct{})
	go func(process *exec.Cmd, done chan struct{}) {
		process.Wait()
		close(done)
	}(s.process, s.done)
	return s.awaitServing()
}

func (s *Server) awaitServing() error {
	for deadline := time.Now().Add(time.Minute); time.Now().Before(deadline); time.Sleep(20 * time.Millisecond) {
		select {
		case <-s.done:
			return fmt.Errorf("ZooKeeper ended by itself:\n%s", s.output.String())
		default:
		}
		answer, err := s.FourLetter("srvr")
		if err == nil && strings.Contains(answer, "Mode:") {
			return nil
		}
	}
	return errors.New("ZooKeeper doesn't serve after a minute")
}

// Stop lets the server end in order.
func (s *Server) Stop() { s.end(syscall.SIGTERM) }

// Kill ends the server at once. It may be called when it isn't running.
func (s *Server) Kill() { s.end(syscall.SIGKILL) }

func (s *Server) end(signal syscall.Signal) {
	if s.process == nil {
		return
	}
	s.process.Process.Signal(signal)
	<-s.done
	s.process = nil
}

// Pause stops the server's process in the middle of whatever it does.
func (s *Server) Pause() { s.process.Process.Signal(syscall.SIGSTOP) }

// Resume lets a paused server go on.
func (s *Server) Resume() { s.process.Process.Signal(syscall.SIGCONT) }

// FourLetter asks one of ZooKeeper's four-letter words.
func (s *Server) FourLetter(word string) (string, error) {
	conn, err := net.DialTimeout("tcp", s.Addr(), time.Second)
	if err != nil {
		return "", err
	}
	defer conn.Close()
	conn.SetDeadline(time.Now().Add(5 * time.Second))
	if _, err := io.WriteString(conn, word); err != nil {
		return "", err
	}
	answer, err := io.ReadAll(conn)
	return string(answer), err
}

// Sessions counts the sessions of connected clients.
func (s *Server) Sessions() (int, error) {
	answer, err := s.FourLetter("cons")
	return strings.Count(answer, "sid="), err
}

// Watches counts the watches that sessions hold on paths.
func (s *Server) Watches() (int, error) {
	answer, err := s.FourLetter("wchs")
	if err != nil {
		return 0, err
	}
	var connections, paths, total int
	_, err = fmt.Sscanf(answer, "%d connections watching %d paths\nTotal watches:%d", &connections, &paths, &total)
	return total, err
}
