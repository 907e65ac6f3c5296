package zkserver

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/mod-zookeeper/traefik-zookeeper/e2e/internal/port"
	"github.com/mod-zookeeper/traefik-zookeeper/e2e/internal/relay"
)

// Ensemble is three servers that serve as long as two of them do. Each can be
// stopped and started by itself.
type Ensemble struct {
	Servers []*Server
	ports   []*port.Port // two a server, for the servers among themselves
}

const ensembleSize = 3

// In ticks: how long servers wait for one another when they join, and later.
const quorumLimits = "initLimit=20\nsyncLimit=10\n"

// NewEnsemble prepares an ensemble whose files are below dir.
func NewEnsemble(dir string, options ...Option) (*Ensemble, error) {
	e := &Ensemble{}
	quorum := ""
	for id := 1; id <= ensembleSize; id++ {
		line, err := e.add(filepath.Join(dir, fmt.Sprint("server", id)), id, options)
		if err != nil {
			e.Close()
			return nil, err
		}
		quorum += line
	}
	for _, s := range e.Servers {
		s.lines = quorumLimits + s.lines + quorum
	}
	return e, nil
}

// add prepares one more server and returns the line that tells the others.
func (e *Ensemble) add(dir string, id int, options []Option) (string, error) {
	if err := os.MkdirAll(filepath.Join(dir, "data"), 0o755); err != nil {
		return "", err
	}
	s, err := New(dir, 0, options...)
	if err != nil {
		return "", err
	}
	e.Servers = append(e.Servers, s)
	for range 2 {
		p, err := port.Reserve()
		if err != nil {
			return "", err
		}
		e.ports = append(e.ports, p)
	}
	between := e.ports[len(e.ports)-2:]
	line := fmt.Sprintf("server.%d=127.0.0.1:%d:%d\n", id, between[0].Number, between[1].Number)
	return line, os.WriteFile(filepath.Join(s.data(), "myid"), fmt.Append(nil, id), 0o644)
}

// StartEnsemble starts an ensemble that ends with the test.
func StartEnsemble(t testing.TB, options ...Option) *Ensemble {
	t.Helper()
	e, err := NewEnsemble(t.TempDir(), options...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		for _, s := range e.Servers {
			s.finish(t)
		}
		e.Close()
	})
	if err := e.Start(); err != nil {
		t.Fatal(err)
	}
	return e
}

// Start starts all servers and waits until each of them leads or follows.
func (e *Ensemble) Start() error {
	for _, s := range e.Servers {
		if err := s.launch(); err != nil {
			return err
		}
	}
	for _, s := range e.Servers {
		if err := s.awaitServing(inEnsemble); err != nil {
			return err
		}
	}
	return nil
}

func inEnsemble(mode string) bool { return mode == "leader" || mode == "follower" }

// Addr is ZooKeeper's connection string.
func (e *Ensemble) Addr() string {
	var addrs []string
	for _, s := range e.Servers {
		addrs = append(addrs, s.Addr())
	}
	return strings.Join(addrs, ",")
}

// Index is a server's place in the ensemble, -1 for none of its own.
func (e *Ensemble) Index(s *Server) int { return slices.Index(e.Servers, s) }

// Leader is the server that leads now, nil where none does.
func (e *Ensemble) Leader() *Server {
	for _, s := range e.Servers {
		if mode, err := s.Mode(); err == nil && mode == "leader" {
			return s
		}
	}
	return nil
}

// AwaitQuorum waits until every server that runs leads or follows.
func (e *Ensemble) AwaitQuorum() error {
	for _, s := range e.Servers {
		if s.Running() {
			if err := s.awaitServing(inEnsemble); err != nil {
				return err
			}
		}
	}
	return nil
}

// QuorumWays puts a way between each two servers, on which a follower gets what
// its leader has to say: [follower][leader]. It comes before Start. A follower
// whose way is held lags behind, until it gives its leader up for lost.
func (e *Ensemble) QuorumWays(t testing.TB) [ensembleSize][ensembleSize]*relay.Way {
	var ways [ensembleSize][ensembleSize]*relay.Way
	for follower, s := range e.Servers {
		for leader := range e.Servers {
			if leader == follower {
				continue
			}
			way := relay.NewWay(t, e.ports[2*leader].Addr())
			ways[follower][leader] = way
			s.lines = strings.Replace(s.lines, "="+e.ports[2*leader].Addr()+":", "="+way.Addr()+":", 1)
		}
	}
	return ways
}

// Close ends all servers for good and gives up their ports. The files stay.
func (e *Ensemble) Close() {
	for _, s := range e.Servers {
		s.Close()
	}
	for _, p := range e.ports {
		p.Release()
	}
}
