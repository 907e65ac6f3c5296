package process

import (
	"bufio"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"testing"
	"time"
)

// This test's binary starts itself as a parent, kills it, and looks for the
// grandchild.
func TestChildEndsWithItsParent(t *testing.T) {
	if os.Getenv("PROCESS_TEST_PARENT") != "" {
		beParent()
	}
	endWithItsParent(t, exec.Command(os.Args[0], "-test.run=^TestChildEndsWithItsParent$"))
}

// A test's binary ends, and its servers with it, when the go command that runs it is
// ended.
func TestChildEndsWithTheGoCommand(t *testing.T) {
	script := `"$0" -test.run='^TestChildEndsWithItsParent$' & wait`
	endWithItsParent(t, exec.Command("sh", "-c", script, os.Args[0]))
}

// endWithItsParent runs a command that runs this test's binary as the parent.
func endWithItsParent(t *testing.T, parent *exec.Cmd) {
	t.Helper()
	parent.Env = append(os.Environ(), "PROCESS_TEST_PARENT=1")
	output, err := parent.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := parent.Start(); err != nil {
		t.Fatal(err)
	}
	var child int
	if _, err := fmt.Fscanln(bufio.NewReader(output), &child); err != nil {
		t.Fatal(err)
	}
	if syscall.Kill(child, 0) != nil {
		t.Fatal("the child isn't there while its parent is")
	}
	parent.Process.Signal(syscall.SIGTERM)
	parent.Process.Wait()
	awaitEnd(t, child)
}

func beParent() {
	p, err := Start(exec.Command("sleep", "60"))
	if err != nil {
		fmt.Println(err)
		os.Exit(1)
	}
	fmt.Println(p.PID())
	time.Sleep(time.Minute)
	os.Exit(1)
}

// awaitEnd waits until a process has ended; a zombie that nobody waits for is one.
func awaitEnd(t *testing.T, pid int) {
	t.Helper()
	for deadline := time.Now().Add(10 * time.Second); time.Now().Before(deadline); time.Sleep(5 * time.Millisecond) {
		stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
		if err != nil || strings.Contains(string(stat), ") Z ") {
			return
		}
	}
	t.Errorf("process %d outlives its parent", pid)
}
