package api

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"runtime/debug"
	"strings"
	"testing"

	"github.com/mod-zookeeper/traefik-zookeeper/e2e/internal/parts"
	"github.com/mod-zookeeper/traefik-zookeeper/e2e/internal/zkserver"
)

// The examples of the package's documentation need a server, which its own tests don't
// have. So they are only compiled there, and run here.

// around gives the examples a server. The session is held, since its line in the log
// would be a part of what they print.
const around = `package zookeeper_test

import (
	"os"
	"testing"
)

func TestMain(m *testing.M) {
	servers = os.Getenv("EXAMPLES_SERVERS")
	h := acquired("main_cluster")
	code := m.Run()
	h.Release()
	os.Exit(code)
}
`

func TestExamplesPrintWhatTheySay(t *testing.T) {
	const file = "example_api_test.go"
	source, err := os.ReadFile(filepath.Join(parts.Root(), file))
	if err != nil {
		t.Fatal(err)
	}
	text := strings.ReplaceAll(string(source), "// Prints:", "// Output:")
	overlay := overlaid(t, map[string]string{file: text, "around_test.go": around})
	arguments := []string{"test", "-count=1", "-v", "-run", "^Example", "-overlay", overlay}
	if underRaceDetector() {
		arguments = append(arguments, "-race")
	}
	run := exec.Command("go", append(arguments, ".")...)
	run.Dir = parts.Root()
	run.Env = append(os.Environ(), "EXAMPLES_SERVERS="+zkserver.Start(t).Addr())
	output, err := run.CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, output)
	}
	for line := range strings.Lines(text) {
		if name, is := strings.CutPrefix(line, "func Example"); is {
			name, _, _ = strings.Cut("Example"+name, "(")
			if !strings.Contains(string(output), "--- PASS: "+name+" ") {
				t.Errorf("%s doesn't run; say under Prints what it prints", name)
			}
		}
	}
}

// overlaid writes files that take the place of those of the root, for go's -overlay.
func overlaid(t *testing.T, files map[string]string) string {
	t.Helper()
	folder := t.TempDir()
	replace := map[string]string{}
	for name, text := range files {
		path := filepath.Join(folder, name)
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
		replace[filepath.Join(parts.Root(), name)] = path
	}
	list, err := json.Marshal(map[string]any{"Replace": replace})
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(folder, "overlay.json")
	if err := os.WriteFile(path, list, 0o644); err != nil {
		t.Fatal(err)
	}
	return path
}

// underRaceDetector tells whether this test was built with -race.
func underRaceDetector() bool {
	build, known := debug.ReadBuildInfo()
	if !known {
		return false
	}
	for _, setting := range build.Settings {
		if setting.Key == "-race" {
			return setting.Value == "true"
		}
	}
	return false
}
