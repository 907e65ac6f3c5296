package stranger

import (
	"bufio"
	"context"
	"fmt"
	"net"
	"os/exec"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/mod-zookeeper/traefik-zookeeper/e2e/internal/fakezk"
	"github.com/mod-zookeeper/traefik-zookeeper/e2e/internal/relay"
	"github.com/mod-zookeeper/traefik-zookeeper/e2e/internal/zkserver"
)

// With the client that the command makes, a stranger's program gets along with each of the
// misbehaving servers as the client does in its own suite.
func TestMisbehavingServersWithThePatchedClient(t *testing.T) {
	s := newStranger(t)
	s.withProgram()
	s.must("run", command)
	testMisbehaviours(t, s.build(), func(t *testing.T, m fakezk.Misbehaviour, p *program) {
		p.check(t, m.Want)
		if strings.Contains(p.stderr.String(), upstreamWarning) {
			t.Error("the log warns of upstream's client")
		}
	})
}

// With upstream's client the program lives as well, stays small, starts no storm of
// connections, and works again as soon as the server behaves. Its log says what it lacks.
func TestMisbehavingServersWithUpstreamsClient(t *testing.T) {
	s := newStranger(t)
	s.withProgram()
	testMisbehaviours(t, s.build(), func(t *testing.T, m fakezk.Misbehaviour, p *program) {
		time.Sleep(stormWatch)
		p.check(t, withUpstream(m))
		if strings.Count(p.stderr.String(), upstreamWarning) != 1 {
			t.Errorf("the log doesn't warn of upstream's client once:\n%s", p.stderr.String())
		}
	})
}

// The middleware works with either client, also where the patched one watches recursively and
// reads many nodes at once.
func TestMiddlewareWithBothClients(t *testing.T) {
	s := newStranger(t)
	s.withProgram()
	binaries := map[string]string{"upstream's": s.build()}
	s.must("run", command)
	binaries["patched"] = s.build()
	for name, binary := range binaries {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server := zkserver.Start(t)
			admin := server.Client(t)
			greet := func(text string) {
				for tenant := range 30 {
					admin.Put(fmt.Sprint("/greetings/", tenant), []byte(text))
				}
			}
			greet("hello")
			p := start(t, binary, server.Addr(), "middleware")
			p.await(t, "hello")
			greet("welcome")
			p.await(t, "welcome")
		})
	}
}

// withUpstream is what has to come of requests with upstream's client, which reads on behind
// the end of an answer, and whose connection ends where a single answer can't be.
func withUpstream(m fakezk.Misbehaviour) fakezk.Outcome {
	if m.Name == "BodyTruncated" || m.Want == fakezk.FailButExists {
		return fakezk.End
	}
	return m.Want
}

const upstreamWarning = "warn the ZooKeeper client is upstream's, without this package's patches: "

const (
	// workers are the program's goroutines. So many operations of each are looked at.
	workers     = 5
	linesOfEach = 2
	// casesAtOnce is more than there are processors: a program mostly waits here.
	casesAtOnce = 8
	// operationBound is what an operation ends within even on a busy machine.
	operationBound = 30 * time.Second
	// stormWatch is how long connections are made at least before they are counted.
	stormWatch = 4 * time.Second
	// mostConnections is far more than there are with pauses of up to a second, and far less
	// than there are without any, which is hundreds in a second.
	mostConnections = 100
	// smallProcess is far more than the program takes, and far less than a server may claim to
	// send.
	smallProcess = 200 // MB
)

// testMisbehaviours has the program meet each of the misbehaving servers, which becomes a real
// one then. The program has to end by itself.
func testMisbehaviours(t *testing.T, binary string, meet func(*testing.T, fakezk.Misbehaviour, *program)) {
	server := zkserver.Start(t)
	admin := server.Client(t)
	for i := range workers {
		path := fmt.Sprint("/probe/", i)
		admin.Put(path, []byte("real"+path))
		admin.Put(path+"/child", nil)
	}
	test := func(t *testing.T, m fakezk.Misbehaviour) {
		var connections atomic.Int64
		r := relay.Start(t, func(conn net.Conn) {
			connections.Add(1)
			m.Serve(conn)
		})
		mode := "calm"
		if m.Name == fakezk.CallbacksPanic {
			mode = "panics"
		}
		p := start(t, binary, r.Addr(), mode)
		meet(t, m, p)
		if n := connections.Load(); n > mostConnections {
			t.Errorf("%d connections", n)
		}
		r.Become(relay.To(server.Addr()))
		p.end(t)
	}
	var inTurn sync.WaitGroup
	cases := make(chan fakezk.Misbehaviour)
	for range casesAtOnce {
		inTurn.Go(func() {
			for m := range cases {
				t.Run(m.Name, func(t *testing.T) { test(t, m) })
			}
		})
	}
	for _, m := range fakezk.Misbehaviours {
		cases <- m
	}
	close(cases)
	inTurn.Wait()
}

// line is what came of one operation.
type line struct{ path, operation, value, err string }

// answer is what a server that tells the truth says, as far as it is a fake one.
func answer(l line) string {
	switch l.operation {
	case "get", "watch":
		return fakezk.Word + l.path
	case "children":
		return "[child]"
	}
	return "there"
}

// A program is a running one.
type program struct {
	lines  chan string
	cmd    *exec.Cmd
	stderr safeBuilder
	memory int // MB, at the end
}

func start(t *testing.T, binary, addr, mode string) *program {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	p := &program{
		lines: make(chan string, 100_000),
		cmd:   exec.CommandContext(ctx, binary, addr, mode),
	}
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

// next is the next line that the program prints. The last one tells how much memory it took.
func (p *program) next(t *testing.T) (line, bool) {
	t.Helper()
	select {
	case printed, open := <-p.lines:
		fields := strings.Split(printed, "\t")
		switch {
		case open && len(fields) == 4:
			return line{path: fields[0], operation: fields[1], value: fields[2], err: fields[3]}, false
		case open && len(fields) == 2:
			p.memory, _ = strconv.Atoi(fields[1])
			return line{}, true
		}
		t.Fatalf("the program printed %q and ended: %v\n%s", printed, p.cmd.Wait(), p.stderr.String())
	case <-time.After(operationBound):
		t.Fatalf("no operation has ended within %s", operationBound)
	}
	return line{}, false
}

// await waits for a line.
func (p *program) await(t *testing.T, want string) {
	t.Helper()
	select {
	case got := <-p.lines:
		if got != want {
			t.Fatalf("the program printed %q\n%s", got, p.stderr.String())
		}
	case <-time.After(operationBound):
		t.Fatalf("no line %q within %s\n%s", want, operationBound, p.stderr.String())
	}
}

// check compares what comes of the program's first operations.
func (p *program) check(t *testing.T, want fakezk.Outcome) {
	t.Helper()
	for range linesOfEach * workers {
		l, ends := p.next(t)
		if ends {
			t.Fatal("the program believes that the server behaves")
		}
		if !want.Allows(l.operation == "exists", l.err != "<nil>", l.value == answer(l)) {
			t.Errorf("%s of %s: %q, %s", l.operation, l.path, l.value, l.err)
		}
	}
}

// end waits until the program ends, which it does when the server behaves.
func (p *program) end(t *testing.T) {
	t.Helper()
	for ends := false; !ends; {
		_, ends = p.next(t)
	}
	for range p.lines {
	}
	if err := p.cmd.Wait(); err != nil {
		t.Errorf("the program: %v\n%s", err, p.stderr.String())
	}
	if p.memory == 0 || p.memory > smallProcess {
		t.Errorf("the program took %d MB", p.memory)
	}
}

// A safeBuilder is written to and read at once.
type safeBuilder struct {
	mu   sync.Mutex
	text strings.Builder
}

func (b *safeBuilder) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.text.Write(p)
}

func (b *safeBuilder) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.text.String()
}
