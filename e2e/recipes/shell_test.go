package recipes

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/mod-zookeeper/traefik-zookeeper/e2e/internal/parts"
	"github.com/mod-zookeeper/traefik-zookeeper/e2e/internal/zkserver"
)

// A shell runs the commands of the pages. What they give to zkCli.sh goes, in their
// order, to one process of ZooKeeper's shell: each of its own would take a second to start.
type shell struct {
	folder  string
	process *exec.Cmd
	input   io.WriteCloser
	output  printed
	runs    int // of blocks; the node lastRun has how many are done
}

// lastRun is a node that the shell writes after each block.
const lastRun = "/last-run"

// printed is what a process writes, while it does.
type printed struct {
	mutex sync.Mutex
	text  bytes.Buffer
}

func (p *printed) Write(text []byte) (int, error) {
	p.mutex.Lock()
	defer p.mutex.Unlock()
	return p.text.Write(text)
}

func (p *printed) String() string {
	p.mutex.Lock()
	defer p.mutex.Unlock()
	return p.text.String()
}

// zkCli notes the command that it is given as arguments, or else as its input.
const zkCli = `#!/bin/sh
[ "$1 $2" = "-server zk1:2181" ] || { echo "not the server of the pages: $*" >&2; exit 1; }
shift 2
{ if [ $# -gt 0 ]; then printf "'%s' " "$@"; echo; else cat; fi; } >>commands
`

func startShell(t *testing.T, zk *zkserver.Server) *shell {
	t.Helper()
	zookeeper, err := parts.FindZooKeeper()
	if err != nil {
		t.Fatal(err)
	}
	s := &shell{folder: t.TempDir(), process: exec.Command(zookeeper.Java, "-cp", zookeeper.Classpath, "org.apache.zookeeper.ZooKeeperMain", "-server", zk.Addr())}
	s.write(t, "zkCli.sh", zkCli)
	s.process.Stdout, s.process.Stderr = &s.output, &s.output
	if s.input, err = s.process.StdinPipe(); err != nil {
		t.Fatal(err)
	}
	if err := s.process.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		s.process.Process.Kill()
		s.process.Wait()
	})
	return s
}

// write writes a file that the commands find.
func (s *shell) write(t *testing.T, name, text string) {
	t.Helper()
	if err := os.WriteFile(filepath.Join(s.folder, name), []byte(text), 0o755); err != nil {
		t.Fatal(err)
	}
}

// run runs a block of a page. What it gives to ZooKeeper is done once lastRun says so.
func (s *shell) run(t *testing.T, block string) {
	t.Helper()
	s.write(t, "commands", "")
	run := exec.Command("sh", "-eu", "-c", block)
	run.Dir = s.folder
	run.Env = append(os.Environ(), "PATH="+s.folder+":"+os.Getenv("PATH"))
	if output, err := run.CombinedOutput(); err != nil || len(output) > 0 {
		t.Fatalf("%s\n%v, %s", block, err, output)
	}
	commands, err := os.ReadFile(filepath.Join(s.folder, "commands"))
	if err != nil || len(commands) == 0 {
		t.Fatalf("%s\ngives nothing to ZooKeeper: %v", block, err)
	}
	s.runs++
	if _, err := fmt.Fprintf(s.input, "%sset %s %d\n", commands, lastRun, s.runs); err != nil {
		t.Fatal(err)
	}
}

// complaint is what ZooKeeper's shell complains about, if it does.
func (s *shell) complaint() error {
	text := s.output.String()
	for _, complaint := range []string{"already exists", "does not exist", "Command not found", "Exception"} {
		if strings.Contains(text, complaint) {
			return fmt.Errorf("ZooKeeper's shell says %q:\n%s", complaint, text)
		}
	}
	return nil
}
