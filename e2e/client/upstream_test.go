package client

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"regexp"
	"sort"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/mod-zookeeper/traefik-zookeeper/e2e/internal/parts"
	"github.com/traefik/yaegi/interp"
	"github.com/traefik/yaegi/stdlib"
	"github.com/traefik/yaegi/stdlib/unrestricted"
)

// Upstream's tests that don't pass with our patches, and why. One that starts to
// pass fails this suite, so that the lists stay true.
var (
	exceptionsCompiled = map[string]string{
		"TestIntegration_SlowServer": "expects the connect reply to be waited for ten times as long as the patched client does",
	}
	exceptionsInterpreted = map[string]string{
		"TestIntegration_SlowServer": exceptionsCompiled["TestIntegration_SlowServer"],
		"TestEncodeDecodePacket":     "compares interpreted structs through reflect, which sees other types",
		// These fail in the interpreted test itself, whatever the client does.
		"TestIntegration_Children":     "defers a function variable of its own, which waits for ever in the interpreter",
		"TestIntegration_SetWatchers":  "ranges by value over a map of channels, which panics in the interpreter",
		"TestIntegration_WaitForClose": "selects with case _, ok := <-zk.eventChan, from which the interpreter never receives",
	}
)

// Each of upstream's tests runs in a process of its own, so that one that hangs
// or crashes doesn't hide the others.
const (
	testTimeout      = 4 * time.Minute
	exceptionTimeout = time.Minute
)

// reconfigVersion has upstream's tests try what a server of this version can do:
// without it they skip some.
const reconfigVersion = "ZK_VERSION=3.8.0"

func TestUpstreamSuiteCompiled(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "zk")
	names := withUpstreamTests(t, dir)
	binary := filepath.Join(dir, "zk.test")
	build := exec.Command("go", "test", "-c", "-o", binary, ".")
	build.Dir = dir
	build.Env = append(os.Environ(), "GOFLAGS=-mod=mod")
	if output, err := build.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, output)
	}
	environment := append(os.Environ(), "ZOOKEEPER_BIN_PATH="+zookeeperBin(t), reconfigVersion)
	runSuite(t, names, exceptionsCompiled, func(ctx context.Context, name string) *exec.Cmd {
		command := exec.CommandContext(ctx, binary, "-test.v", "-test.run", "^"+name+"$")
		command.Dir = dir
		command.Env = environment
		return command
	})
}

func TestUpstreamSuiteInterpreted(t *testing.T) {
	gopath := t.TempDir()
	dir := filepath.Join(gopath, "src", filepath.FromSlash(upstreamModule))
	names := withUpstreamTests(t, dir)
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	environment := append(os.Environ(), "ZOOKEEPER_BIN_PATH="+zookeeperBin(t), reconfigVersion, interpretVariable+"="+gopath)
	runSuite(t, names, exceptionsInterpreted, func(ctx context.Context, name string) *exec.Cmd {
		command := exec.CommandContext(ctx, self, name)
		command.Dir = dir
		command.Env = environment
		return command
	})
}

var testFunction = regexp.MustCompile(`(?m)^func (Test\w+)\(t \*testing\.T\)`)

// withUpstreamTests puts the patched client and upstream's tests, from the
// module cache, into a folder, and returns the tests' names.
func withUpstreamTests(t *testing.T, dir string) []string {
	t.Helper()
	for _, name := range filesIn(t, vendored()) {
		write(t, filepath.Join(dir, name), read(t, filepath.Join(vendored(), name)))
	}
	var names []string
	source := upstream(t)
	for _, name := range filesIn(t, source) {
		if !strings.HasSuffix(name, "_test.go") {
			continue
		}
		text := read(t, filepath.Join(source, name))
		if name == "server_help_test.go" {
			text = withOtherHealthCheck(t, text)
		}
		text = withFreePorts(text)
		write(t, filepath.Join(dir, name), text)
		for _, match := range testFunction.FindAllSubmatch(text, -1) {
			names = append(names, string(match[1]))
		}
	}
	write(t, filepath.Join(dir, "ports_test.go"), read(t, filepath.Join("testdata", "upstream", "ports_test.go")))
	if len(names) < 40 {
		t.Fatalf("only %d tests found", len(names))
	}
	sort.Strings(names)
	return names
}

// randomPort is how upstream's tests choose the first of their servers' ports, without a
// look at whether it is free.
const randomPort = "int(rand.Int31n(6000) + 10000)"

// withFreePorts lets upstream's tests look for free ports, so that those that run at the
// same time don't take each other's.
func withFreePorts(text []byte) []byte {
	text = bytes.ReplaceAll(text, []byte(randomPort), []byte("freePorts(t)"))
	if !bytes.Contains(text, []byte("rand.")) {
		text = bytes.Replace(text, []byte("\t\"math/rand\"\n"), nil, 1)
	}
	return text
}

// withOtherHealthCheck lets upstream's harness take Debian's ZooKeeper for
// healthy: it wants a date in the answer to srvr that is written otherwise there.
func withOtherHealthCheck(t *testing.T, text []byte) []byte {
	t.Helper()
	const theirs = "_, ok := FLWSrvr(serverAddrs, time.Second)"
	const ours = `ok := true
		for _, addr := range serverAddrs {
			answer, err := fourLetterWord(addr, "srvr", time.Second)
			ok = ok && err == nil && strings.Contains(string(answer), "Mode: ")
		}`
	if !bytes.Contains(text, []byte(theirs)) {
		t.Fatal("upstream's harness checks its servers in another way now")
	}
	return bytes.Replace(text, []byte(theirs), []byte(ours), 1)
}

// zookeeperBin makes the start script that upstream's tests call.
func zookeeperBin(t *testing.T) string {
	t.Helper()
	zookeeper, err := parts.FindZooKeeper()
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	script := fmt.Sprintf("#!/bin/sh\nexec '%s' -Xmx256m -XX:TieredStopAtLevel=1 $SERVER_JVMFLAGS -cp '%s' org.apache.zookeeper.server.quorum.QuorumPeerMain \"$2\"\n", zookeeper.Java, zookeeper.Classpath)
	if err := os.WriteFile(filepath.Join(dir, "zkServer.sh"), []byte(script), 0o755); err != nil {
		t.Fatal(err)
	}
	return dir
}

// tries is how often a test of upstream's may start anew. Several fail now and then,
// whatever the client does: a server elects no leader in time, or forgets a connection that
// it got before it had started; a request is on its way when the test stops the server, or
// comes while the servers elect a leader, and rightly fails. What the patches break fails
// each time.
const tries = 5

func runSuite(t *testing.T, names []string, exceptions map[string]string, command func(context.Context, string) *exec.Cmd) {
	for name := range exceptions {
		if i := sort.SearchStrings(names, name); i == len(names) || names[i] != name {
			t.Errorf("the exception %s is none of upstream's tests", name)
		}
	}
	for _, name := range names {
		t.Run(name, func(t *testing.T) {
			t.Parallel() // they wait for servers most of the time
			reason, excepted := exceptions[name]
			timeout := testTimeout
			if excepted {
				timeout = exceptionTimeout
			}
			ctx, cancel := context.WithTimeout(t.Context(), timeout)
			defer cancel()
			output, err := inGroup(command(ctx, name))
			for try := 1; err != nil && !excepted && try < tries && ctx.Err() == nil; try++ {
				t.Logf("try %d: %v\n%s", try, err, withoutServers(output))
				output, err = inGroup(command(ctx, name))
			}
			if err == nil && !bytes.Contains(output, []byte("--- PASS: "+name)) {
				err = errors.New("the test did not run")
			}
			switch {
			case err != nil && !excepted:
				t.Errorf("%v\n%s", err, withoutServers(output))
			case err == nil && excepted:
				t.Errorf("passes, and is listed as an exception: %s", reason)
			}
		})
	}
}

// inGroup runs a test in a process group of its own, and ends whatever servers
// it has left behind.
func inGroup(test *exec.Cmd) ([]byte, error) {
	test.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	endGroup := func() error { return syscall.Kill(-test.Process.Pid, syscall.SIGKILL) }
	test.Cancel = endGroup
	test.WaitDelay = time.Second
	output, err := test.CombinedOutput()
	if test.Process != nil {
		endGroup()
	}
	return output, err
}

// ofServer is in the lines that a test's servers write: their log, and traces of Java.
var ofServer = regexp.MustCompile(`\[ZKERR\]|org\.apache\.|\tat |^\s*java\.`)

// withoutServers returns the end of what a test itself printed.
func withoutServers(output []byte) []byte {
	const most = 4000
	var lines []byte
	for line := range bytes.Lines(output) {
		if !ofServer.Match(line) {
			lines = append(lines, line...)
		}
	}
	return lines[max(0, len(lines)-most):]
}

// interpretVariable makes this test binary run one of upstream's tests in the
// interpreter: the one that its only argument names, from this GOPATH.
const interpretVariable = "CLIENT_TEST_INTERPRET"

func interpretTest(gopath, name string) error {
	i := interp.New(interp.Options{GoPath: gopath, Env: os.Environ()})
	for _, symbols := range []interp.Exports{stdlib.Symbols, unrestricted.Symbols} {
		if err := i.Use(symbols); err != nil {
			return err
		}
	}
	if err := i.EvalTest(upstreamModule); err != nil {
		return err
	}
	symbol, found := i.Symbols(upstreamModule)[upstreamModule][name]
	if !found {
		return fmt.Errorf("no test %s", name)
	}
	test, isTest := symbol.Interface().(func(*testing.T))
	if !isTest {
		return fmt.Errorf("%s is a %s", name, reflect.TypeOf(symbol.Interface()))
	}
	os.Args = []string{os.Args[0], "-test.v"}
	testing.Main(func(string, string) (bool, error) { return true, nil }, []testing.InternalTest{{Name: name, F: test}}, nil, nil)
	return nil
}
