package main

import (
	"bufio"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"
	"time"
)

// The tests run the demo as people do, as a process: this binary, started again.
func TestMain(m *testing.M) {
	if os.Getenv("DEMO_TEST_PROCESS") != "" {
		main()
		os.Exit(0)
	}
	os.Exit(m.Run())
}

// process is a running demo.
type process struct {
	*exec.Cmd
	temp   string
	lines  *bufio.Scanner
	output strings.Builder
}

func start(t *testing.T, args ...string) *process {
	t.Helper()
	p := &process{Cmd: exec.Command(os.Args[0], args...), temp: t.TempDir()}
	p.Env = append(os.Environ(), "DEMO_TEST_PROCESS=1", "TMPDIR="+p.temp)
	output, err := p.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	p.Stderr = os.Stderr
	p.lines = bufio.NewScanner(output)
	if err := p.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { p.Process.Kill() })
	return p
}

// readTo reads what the demo prints up to a line that has a text in it, or to
// the end.
func (p *process) readTo(text string) bool {
	for p.lines.Scan() {
		fmt.Fprintln(&p.output, p.lines.Text())
		if text != "" && strings.Contains(p.lines.Text(), text) {
			return true
		}
	}
	return false
}

// awaitFolder waits until the demo has made its temporary folder, which is the first thing that
// it does once it listens for signals.
func (p *process) awaitFolder(t *testing.T) {
	t.Helper()
	for deadline := time.Now().Add(30 * time.Second); time.Now().Before(deadline); time.Sleep(time.Millisecond) {
		if entries, _ := os.ReadDir(p.temp); len(entries) > 0 {
			return
		}
	}
	t.Fatal("the demo made no temporary folder within 30 s")
}

// end checks the exit code, and that nothing is left behind.
func (p *process) end(t *testing.T, code int) {
	t.Helper()
	p.readTo("")
	p.Wait()
	if got := p.ProcessState.ExitCode(); got != code {
		t.Errorf("exit code %d, want %d; printed:\n%s", got, code, &p.output)
	}
	if left, _ := os.ReadDir(p.temp); len(left) > 0 {
		t.Errorf("left behind: %v", left)
	}
	for _, pid := range p.children(t) {
		t.Errorf("process %s is still there", pid)
	}
}

// children are the processes that work in the demo's temporary folder.
func (p *process) children(t *testing.T) []string {
	t.Helper()
	links, err := filepath.Glob("/proc/[0-9]*/cwd")
	if err != nil {
		t.Fatal(err)
	}
	var pids []string
	for _, link := range links {
		folder, err := os.Readlink(link)
		if err == nil && strings.HasPrefix(folder, p.temp) {
			pids = append(pids, strings.Split(link, "/")[2])
		}
	}
	return pids
}

func TestOnce(t *testing.T) {
	p := start(t, "--once")
	p.end(t, 0)
	for _, want := range []string{
		"GET /: the service gets X-Release: 2026.2, ",
		`GET /checkout answers 403 "The new checkout opens soon.", `,
		"GET /: the service gets X-Motd: Welcome, ",
		"GET / with X-Release: mine: the service gets X-Release: 2026.2",
		"all of them served as before",
		"GET /: the service gets X-Release: 2026.4, ",
		"Every step was seen to work.",
	} {
		if !strings.Contains(p.output.String(), want) {
			t.Errorf("no %q in what it printed:\n%s", want, &p.output)
		}
	}
}

func TestStaysUpUntilItIsStopped(t *testing.T) {
	p := start(t)
	if !p.readTo("Ctrl-C ends it.") {
		t.Fatalf("it ended by itself:\n%s", &p.output)
	}
	if n := len(p.children(t)); n != 2 {
		t.Errorf("%d servers are up, want 2", n)
	}
	page := regexp.MustCompile(`http://\S+/\.zookeeper`).FindString(p.output.String())
	answer, err := http.Get(page)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	text, err := io.ReadAll(answer.Body)
	if err != nil || !strings.Contains(strings.ReplaceAll(string(text), "<wbr/>", ""), ">/release/current<") {
		t.Errorf("%s answers %s: %s, %v", page, answer.Status, text, err)
	}
	p.Process.Signal(syscall.SIGTERM)
	p.end(t, 0)
}

func TestInterruptedEarly(t *testing.T) {
	for _, line := range []string{"", "ZooKeeper ", "Traefik ", "A header follows", "set /flags/checkout on", "kill -9"} {
		t.Run(line, func(t *testing.T) {
			p := start(t, "--once")
			if line == "" {
				p.awaitFolder(t) // before the first server is up
			} else if !p.readTo(line) {
				t.Fatalf("no %q in what it printed:\n%s", line, &p.output)
			}
			interrupted := time.Now()
			p.Process.Signal(syscall.SIGINT)
			p.end(t, 130)
			if took := time.Since(interrupted); took > 10*time.Second {
				t.Errorf("it took %s to end", took)
			}
		})
	}
}

func TestInterruptIsTheUsualEnd(t *testing.T) {
	p := start(t)
	if !p.readTo("A header follows") {
		t.Fatalf("it ended by itself:\n%s", &p.output)
	}
	p.Process.Signal(syscall.SIGINT)
	p.end(t, 0)
}

// Nobody reads any more, as behind a pipe to head.
func TestClosedPipe(t *testing.T) {
	temp := t.TempDir()
	command := exec.Command("sh", "-c", os.Args[0]+" --once | head -n 3")
	command.Env = append(os.Environ(), "DEMO_TEST_PROCESS=1", "TMPDIR="+temp)
	if output, err := command.Output(); err != nil || len(output) == 0 {
		t.Fatalf("%q, %v", output, err)
	}
	if left, _ := os.ReadDir(temp); len(left) > 0 {
		t.Errorf("left behind: %v", left)
	}
}

func TestExpectationReadsAnswers(t *testing.T) {
	echoed := `{"uri": "/", "headers": {"X-Release": ["1"]}}`
	for _, c := range []struct {
		e      expectation
		status int
		body   string
		want   string
		fails  bool
	}{
		{header("X-Release", ""), 200, echoed, "1", false},
		{header("X-Motd", ""), 200, echoed, "", false},
		{header("X-Release", ""), 404, "404 page not found", "", true},
		{checkout(""), 403, "soon", `403 "soon"`, false},
		{checkout(""), 200, `{"uri": "/checkout"}`, "200", false},
		{checkout(""), 200, "", `200 ""`, false},
	} {
		got, err := c.e.read(c.status, []byte(c.body))
		if got != c.want || (err != nil) != c.fails {
			t.Errorf("%+v: %q, %v", c, got, err)
		}
	}
}
