package process

import (
	"os/exec"
	"strings"
	"syscall"
	"testing"
	"time"
)

func start(t *testing.T, script string) *Process {
	t.Helper()
	p, err := Start(exec.Command("sh", "-c", script))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(p.Kill)
	return p
}

// awaitOutput waits until the child is as far as to print something.
func awaitOutput(t *testing.T, p *Process, want string) {
	t.Helper()
	for deadline := time.Now().Add(10 * time.Second); !strings.Contains(p.Tail(), want); time.Sleep(time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("printed %q, want %q", p.Tail(), want)
		}
	}
}

func TestStop(t *testing.T) {
	obedient := start(t, "echo up; exec sleep 60")
	awaitOutput(t, obedient, "up")
	if !obedient.Stop(10*time.Second) || obedient.Running() {
		t.Error("a child that obeys was killed, or lives on")
	}
	stubborn := start(t, "trap '' TERM; echo up; while :; do sleep 0.05; done")
	awaitOutput(t, stubborn, "up")
	if stubborn.Stop(100*time.Millisecond) || stubborn.Running() {
		t.Error("a child that ignores the signal was not killed")
	}
}

func TestStopEndsPausedChild(t *testing.T) {
	p := start(t, "echo up; exec sleep 60")
	awaitOutput(t, p, "up")
	p.Signal(syscall.SIGSTOP)
	if !p.Stop(10 * time.Second) {
		t.Error("the paused child had to be killed")
	}
}

func TestTailKeepsTheEnd(t *testing.T) {
	p := start(t, "yes filler | head -c 200000; echo; echo the end")
	<-p.Done()
	if tail := p.Tail(); len(tail) > tailLength || !strings.HasSuffix(tail, "the end\n") {
		t.Errorf("%d bytes that end in %q", len(tail), tail[max(0, len(tail)-20):])
	}
}

func TestStartReportsMissingCommand(t *testing.T) {
	if _, err := Start(exec.Command("/nonexistent/command")); err == nil {
		t.Error("no error")
	}
}
