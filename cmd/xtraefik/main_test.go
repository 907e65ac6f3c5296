package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// command builds the command, which finds a script in the place of go, and no folder but its own.
func command(t *testing.T, script string, args ...string) (run *exec.Cmd, temporary string) {
	t.Helper()
	binary := filepath.Join(t.TempDir(), "xtraefik")
	if output, err := exec.Command("go", "build", "-o", binary, ".").CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, output)
	}
	bin, temporary := t.TempDir(), t.TempDir()
	if err := os.WriteFile(filepath.Join(bin, "go"), []byte("#!/bin/sh\n"+script), 0o755); err != nil {
		t.Fatal(err)
	}
	run = exec.Command(binary, args...)
	run.Env = append(os.Environ(), "PATH="+bin+":"+os.Getenv("PATH"), "TMPDIR="+temporary)
	return run, temporary
}

func empty(t *testing.T, dir string) {
	t.Helper()
	if left, err := os.ReadDir(dir); err != nil || len(left) > 0 {
		t.Errorf("%v is left, %v", left, err)
	}
}

func TestSignalLeavesNothing(t *testing.T) {
	started := filepath.Join(t.TempDir(), "started")
	run, temporary := command(t, "touch "+started+"; exec sleep 60", "build", "v3.6.12", "--with", "example.com/a")
	if err := run.Start(); err != nil {
		t.Fatal(err)
	}
	for !exists(started) {
		time.Sleep(10 * time.Millisecond)
	}
	if err := run.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	if err := run.Wait(); err == nil || run.ProcessState.ExitCode() != 1 {
		t.Errorf("it ended with %v", err)
	}
	empty(t, temporary)
}

// Mistakes in the arguments end with status 2, all else that goes wrong with status 1.
func TestStatus(t *testing.T) {
	for args, want := range map[string]struct {
		status int
		text   string
	}{
		"help":                               {0, "xtraefik build [version] --with"},
		"build v3.6.12 --help":               {0, "xtraefik build [version] --with"},
		"build":                              {2, "xtraefik: no plugin is named"},
		"build v3.6.12 --with example.com/a": {1, "github.com/traefik/traefik/v3@v3.6.12 isn't to be had from the Go module proxy: no such version"},
	} {
		run, temporary := command(t, `echo '{"Error": "no such version"}'; exit 1`, strings.Fields(args)...)
		output, _ := run.CombinedOutput()
		if run.ProcessState.ExitCode() != want.status || !strings.Contains(string(output), want.text) {
			t.Errorf("%s: %s\n%s", args, run.ProcessState, output)
		}
		empty(t, temporary)
	}
}
