package client

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/mod-zookeeper/traefik-zookeeper/e2e/client/testdata/driver"
	"github.com/mod-zookeeper/traefik-zookeeper/e2e/internal/fakezk"
	"github.com/mod-zookeeper/traefik-zookeeper/e2e/internal/relay"
	"github.com/mod-zookeeper/traefik-zookeeper/e2e/internal/zkserver"
)

// Whatever a server does: the client's process lives and stays small, each
// request ends, and as soon as the server behaves, the client works. Each client
// is a process of its own, which a crash would end.
func TestMisbehavingServersCompiled(t *testing.T) { testMisbehaviours(t, compiled) }

func TestMisbehavingServersInterpreted(t *testing.T) { testMisbehaviours(t, interpreted) }

func testMisbehaviours(t *testing.T, mode string) {
	server := zkserver.Start(t)
	admin := server.Client(t)
	for i := range probeWorkers {
		path := fmt.Sprint("/probe/", i)
		admin.Put(path, []byte("real"+path))
		admin.Put(path+"/child", nil)
	}
	var inTurn sync.WaitGroup
	cases := make(chan func())
	for range casesAtOnce {
		inTurn.Go(func() {
			for run := range cases {
				run()
			}
		})
	}
	for _, m := range fakezk.Misbehaviours {
		cases <- func() {
			t.Run(m.Name, func(t *testing.T) { testMisbehaviour(t, m, mode, server.Addr()) })
		}
	}
	close(cases)
	inTurn.Wait()
}

// casesAtOnce is more than there are processors: a client mostly waits here.
const casesAtOnce = 8

// A request may have to wait for a few attempts to connect, each of which is
// bounded. What ends at all, ends within this time even on a busy machine.
const requestBound = 30 * time.Second

// Each of the driver's goroutines begins with another operation. This many of
// each are looked at while the server misbehaves.
const (
	probeWorkers     = 5
	operationsOfEach = 2
)

func testMisbehaviour(t *testing.T, m fakezk.Misbehaviour, mode, real string) {
	r := relay.Start(t, m.Serve)
	p := startProbe(t, mode, r.Addr(), m.Name)
	for range probeWorkers * operationsOfEach {
		p.check(t, m, p.next(t))
	}
	r.Become(relay.To(real))
	for line := p.next(t); line.path != ""; line = p.next(t) {
	}
	p.end(t)
}

// line is what came of one operation; the last one has no path.
type line struct {
	path, op, value, err string
	took                 time.Duration
}

type probe struct {
	lines  chan string
	cmd    *exec.Cmd
	stderr strings.Builder
	peak   int // MB
}

func startProbe(t *testing.T, mode, addr, name string) *probe {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	p := &probe{lines: make(chan string, 100), cmd: exec.CommandContext(ctx, self, addr, strconv.FormatBool(name == fakezk.CallbacksPanic))}
	p.cmd.Env = append(os.Environ(), probeVariable+"="+mode, "TMPDIR="+t.TempDir())
	p.cmd.Stderr = &p.stderr
	stdout, err := p.cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := p.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	go func() {
		defer close(p.lines)
		for scanner := bufio.NewScanner(stdout); scanner.Scan(); {
			p.lines <- scanner.Text()
		}
	}()
	t.Cleanup(func() {
		cancel()
		for range p.lines {
		}
		p.cmd.Wait()
	})
	return p
}

// next is the next line that the probe prints.
func (p *probe) next(t *testing.T) line {
	t.Helper()
	select {
	case printed, ok := <-p.lines:
		fields := strings.Split(printed, "\t")
		switch {
		case ok && len(fields) == 5:
			milliseconds, _ := strconv.Atoi(fields[2])
			return line{path: fields[0], op: fields[1], took: time.Duration(milliseconds) * time.Millisecond, value: fields[3], err: fields[4]}
		case ok && strings.HasPrefix(printed, lastLine):
			p.peak, _ = strconv.Atoi(strings.TrimPrefix(printed, lastLine))
			return line{}
		}
		t.Fatalf("the client's process printed %q and ended: %v\n%s", printed, p.cmd.Wait(), p.stderr.String())
	case <-time.After(requestBound):
		t.Fatalf("no request has ended within %s", requestBound)
	}
	return line{}
}

func (p *probe) check(t *testing.T, m fakezk.Misbehaviour, l line) {
	t.Helper()
	op, _ := strconv.Atoi(l.op)
	switch {
	case l.path == "":
		t.Fatal("the client believes that the server behaves")
	case l.took > requestBound:
		t.Errorf("an operation took %s", l.took)
	case !m.Want.Allows(op == driver.Exists, l.err != "<nil>", l.value == driver.Answer(op, l.path, fakezk.Word)):
		t.Errorf("operation %s of %s: %q, %s", l.op, l.path, l.value, l.err)
	}
}

// smallProcess is far more than the client and the interpreter take, and far
// less than a server may claim to send.
const smallProcess = 400 // MB

func (p *probe) end(t *testing.T) {
	t.Helper()
	if err := p.cmd.Wait(); err != nil {
		t.Errorf("the client's process: %v\n%s", err, p.stderr.String())
	}
	if p.peak == 0 || p.peak > smallProcess {
		t.Errorf("the client's process took %d MB", p.peak)
	}
}

const (
	// probeVariable makes this test binary a process that probes a server.
	probeVariable = "CLIENT_TEST_PROBE"
	lastLine      = "memory "
	// longestPacket is the plugin's own limit.
	longestPacket = 64 << 20
)

// probeServer is that process: it prints what comes of its requests, until the
// server has answered them all, and then how much memory it has taken.
func probeServer(mode, addr string, panics bool) error {
	gopath, err := os.MkdirTemp("", "gopath")
	if err != nil {
		return err
	}
	run, err := load[func(string, int, bool, func(string)) string](mode, "Probe", gopath)
	if err != nil {
		return err
	}
	var mu sync.Mutex
	problem := run(addr, longestPacket, panics, func(line string) {
		mu.Lock()
		defer mu.Unlock()
		fmt.Println(line)
	})
	if problem != "" {
		return fmt.Errorf("%s", problem)
	}
	var memory runtime.MemStats
	runtime.ReadMemStats(&memory)
	fmt.Printf("%s%d\n", lastLine, memory.Sys>>20)
	return nil
}
