package readme

import (
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/mod-zookeeper/traefik-zookeeper/e2e/internal/parts"
	"github.com/mod-zookeeper/traefik-zookeeper/e2e/internal/zkserver"
)

var programs = regexp.MustCompile("(?s)```go\n(package main\n.*?)```\n\n```text\n(.*?)```")

// Each program of the Go API's documents is compiled as it stands, and prints what the document
// says; each with a server of its own.
func TestPrograms(t *testing.T) {
	for _, document := range []string{"docs/api.md", "openfeature/readme.md"} {
		found := programs.FindAllStringSubmatch(text(t, document), -1)
		if len(found) != len(blocks(t, document, "go")) {
			t.Errorf("%s: of %d blocks of Go, %d are programs with what they print", document, len(blocks(t, document, "go")), len(found))
		}
		for i, program := range found {
			t.Run(fmt.Sprint(document, " ", i), func(t *testing.T) { prints(t, i, program[1], program[2]) })
		}
	}
}

// prints checks what a program prints, and that it leaves no session.
func prints(t *testing.T, number int, program, want string) {
	build(t, number, program)
	server := zkserver.Start(t)
	binary := build(t, number, strings.ReplaceAll(program, "zk1.example.com:2181", server.Addr()))
	run := exec.Command(binary)
	var failed strings.Builder
	run.Stderr = &failed
	output, err := run.Output()
	if err != nil {
		t.Errorf("%v\n%s", err, failed.String())
	}
	printed := regexp.MustCompile(`(?m)^zookeeper: .*\n`).ReplaceAllString(string(output), "")
	if printed != want {
		t.Errorf("it prints\n%s, not\n%s", printed, want)
	}
	// Close waits for a server only shortly, and this one may be slow.
	for start := time.Now(); zkserver.Count(t, server.Sessions) != 0; time.Sleep(50 * time.Millisecond) {
		if time.Since(start) > time.Minute {
			t.Fatalf("it leaves %d sessions", zkserver.Count(t, server.Sessions))
		}
	}
}

// build compiles a program as a part of this module, which has the patched client.
func build(t *testing.T, number int, program string) string {
	t.Helper()
	folder := t.TempDir()
	source, binary := filepath.Join(folder, "main.go"), filepath.Join(folder, "program")
	if err := os.WriteFile(source, []byte(program), 0o644); err != nil {
		t.Fatal(err)
	}
	name := fmt.Sprintf("program%d", number)
	replaced := filepath.Join(parts.Root(), "e2e", "readme", name, "main.go")
	overlay, err := json.Marshal(map[string]any{"Replace": map[string]string{replaced: source}})
	if err != nil {
		t.Fatal(err)
	}
	list := filepath.Join(folder, "overlay.json")
	if err := os.WriteFile(list, overlay, 0o644); err != nil {
		t.Fatal(err)
	}
	compile := exec.Command("go", "build", "-overlay", list, "-o", binary, "./readme/"+name)
	compile.Dir = filepath.Join(parts.Root(), "e2e")
	if output, err := compile.CombinedOutput(); err != nil {
		t.Fatalf("program %d doesn't compile: %v\n%s", number, err, output)
	}
	return binary
}
