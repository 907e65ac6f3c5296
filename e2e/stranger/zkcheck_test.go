package stranger

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/mod-zookeeper/traefik-zookeeper/e2e/internal/parts"
	"github.com/mod-zookeeper/traefik-zookeeper/e2e/internal/zkserver"
)

const zkcheck = ourModule + "/cmd/zkcheck@" + ourVersion

const checked = `http:
  middlewares:
    release: {plugin: {zookeeper: {clusters: {main: {servers: "$SERVERS"}}, requestHeaders: [{name: X-Release, path: /release}]}}}
`

// zkcheck runs with Go alone: in a folder with another module and in one without, with the flags
// that others have for theirs, and with the patched client.
func TestZkcheckWithoutAClone(t *testing.T) {
	zk := zkserver.Start(t)
	zk.Client(t).Put("/release", []byte("2026.1"))
	s := newStranger(t)
	s.cachesApart()
	sound := strings.ReplaceAll(checked, "$SERVERS", zk.Addr())
	s.write("dynamic.yml", sound)
	s.expect("0", "middleware release: sound: 1 cluster, 1 request header\n", zkcheck, "dynamic.yml")
	s.expect("0", "X-Release: 2026.1\n", zkcheck, "-connect", "dynamic.yml")
	s.write("faulty.yml", strings.ReplaceAll(sound, "path:", "pth:"))
	s.expect("1", "did you mean path?", zkcheck, "faulty.yml")
	s.expect("2", "no such file", zkcheck, "missing.yml")
	output, err := s.runWith(sound, "run", zkcheck, "-")
	if err != nil || !strings.Contains(output, "middleware release: sound") {
		t.Errorf("%v: %s", err, output)
	}
	s.environment = append(s.environment, "GOBIN="+s.cache)
	s.must("install", zkcheck)
	installed := exec.Command(filepath.Join(s.cache, "zkcheck"), "missing.yml")
	installed.Env = s.environment
	if err := installed.Run(); err == nil || installed.ProcessState.ExitCode() != 2 {
		t.Errorf("the installed command: %v", err)
	}
	made, err := filepath.Glob(filepath.Join(s.cache, "*", "zkcheck", "client-*", "async.go"))
	if err != nil || len(made) != 1 {
		t.Errorf("patched clients: %q, %v", made, err)
	}

	s.dir = t.TempDir()
	s.write("dynamic.yml", sound)
	s.expect("0", "middleware release: sound", zkcheck, "dynamic.yml")
}

// cachesApart gives what commands keep for the user a folder of its own. What Go has built
// stays where it is.
func (s *stranger) cachesApart() {
	s.t.Helper()
	built, err := exec.Command("go", "env", "GOCACHE").Output()
	if err != nil {
		s.t.Fatal(err)
	}
	s.cache = s.t.TempDir()
	s.environment = append(s.environment, "GOCACHE="+strings.TrimSpace(string(built)),
		"XDG_CACHE_HOME="+s.cache, "HOME="+s.cache, "LocalAppData="+s.cache)
}

// What zkcheck requires of others is what the tests in e2e require.
func TestZkcheckHasTheModulesOfTheTests(t *testing.T) {
	read := func(name string) string {
		text, err := os.ReadFile(filepath.Join(parts.Root(), filepath.FromSlash(name)))
		if err != nil {
			t.Fatal(err)
		}
		return string(text)
	}
	ofTests, sums := read("e2e/go.mod"), read("e2e/go.sum")
	n := 0
	for line := range strings.Lines(read("cmd/zkcheck/program.mod")) {
		required, isIndirect := strings.CutSuffix(strings.TrimSpace(line), " // indirect")
		if !isIndirect || strings.HasPrefix(required, ourModule) {
			continue
		}
		n++
		if !strings.Contains(ofTests, "\t"+required+"\n") && !strings.Contains(ofTests, "\t"+required+" // indirect\n") {
			t.Errorf("e2e/go.mod requires another version than %s", required)
		}
	}
	if n < 4 {
		t.Errorf("%d requirements", n)
	}
	for line := range strings.Lines(read("cmd/zkcheck/program.sum")) {
		module, _, _ := strings.Cut(line, " ")
		if strings.Contains(ofTests, "\t"+module+" v") && !strings.Contains(sums, line) {
			t.Errorf("e2e/go.sum has another sum than %s", line)
		}
	}
}

// A command that was built in a clone runs in any folder.
func TestZkcheckOfACloneRunsAnywhere(t *testing.T) {
	command := filepath.Join(t.TempDir(), "zkcheck")
	build := exec.Command("go", "build", "-o", command, "./cmd/zkcheck")
	build.Dir = parts.Root()
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	for text, code := range map[string]int{"on": 0, "perhaps": 1} {
		run := exec.Command(command, "flag", "-")
		run.Dir = t.TempDir()
		run.Stdin = strings.NewReader(text)
		out, _ := run.CombinedOutput()
		if run.ProcessState.ExitCode() != code {
			t.Errorf("%s: %d: %s", text, run.ProcessState.ExitCode(), out)
		}
	}
}
