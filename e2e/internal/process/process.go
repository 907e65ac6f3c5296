// Package process runs servers as child processes, which never outlive the
// process that started them.
package process

import (
	"os"
	"os/exec"
	"runtime"
	"sync"
	"syscall"
	"testing"
	"time"
)

// Process is a running or ended child.
type Process struct {
	cmd    *exec.Cmd
	output *tail
	done   chan struct{}
}

// Start starts the command, with its output kept for Tail.
func Start(cmd *exec.Cmd) (*Process, error) {
	if testing.Testing() {
		watchParent.Do(func() { go endWithParent(os.Getppid()) })
	}
	p := &Process{cmd: cmd, output: &tail{}, done: make(chan struct{})}
	cmd.Stdout, cmd.Stderr = p.output, p.output
	cmd.WaitDelay = time.Second // for what the child left behind with its output open
	cmd.SysProcAttr = attributes()
	started := make(chan error)
	go p.run(started)
	if err := <-started; err != nil {
		return nil, err
	}
	return p, nil
}

var watchParent sync.Once

// endWithParent ends this process, and its children with it, when its parent has
// ended. A test whose go command was killed would run on to its end otherwise.
func endWithParent(parent int) {
	for os.Getppid() == parent {
		time.Sleep(time.Second)
	}
	os.Exit(1)
}

// run keeps the thread that started the child until the child has ended: Linux
// ends the child with that thread, not with the process.
func (p *Process) run(started chan<- error) {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	err := p.cmd.Start()
	started <- err
	if err == nil {
		p.cmd.Wait()
		close(p.done)
	}
}

// PID is the child's process id.
func (p *Process) PID() int { return p.cmd.Process.Pid }

// Done is closed when the child has ended.
func (p *Process) Done() <-chan struct{} { return p.done }

// Running tells whether the child is there.
func (p *Process) Running() bool {
	select {
	case <-p.done:
		return false
	default:
		return true
	}
}

// Stop asks the child to end, kills it if it is still there when patience is
// over, and returns when it has ended. False stands for killed.
func (p *Process) Stop(patience time.Duration) bool {
	p.Signal(syscall.SIGTERM)
	p.Signal(syscall.SIGCONT) // a paused child hears nothing else
	select {
	case <-p.done:
		return true
	case <-time.After(patience):
		p.Kill()
		return false
	}
}

// Kill ends the child at once, and returns when it has ended.
func (p *Process) Kill() {
	p.Signal(syscall.SIGKILL)
	<-p.done
}

// Signal sends a signal to the child, if it is still there.
func (p *Process) Signal(signal syscall.Signal) { p.cmd.Process.Signal(signal) }

// Tail is the end of what the child printed.
func (p *Process) Tail() string { return p.output.String() }

const tailLength = 32 << 10 // bytes

// tail keeps the end of what is written to it.
type tail struct {
	mu   sync.Mutex
	text []byte
}

func (t *tail) Write(p []byte) (int, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.text = append(t.text, p...)
	if excess := len(t.text) - tailLength; excess > 0 {
		t.text = append(t.text[:0], t.text[excess:]...)
	}
	return len(p), nil
}

func (t *tail) String() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	return string(t.text)
}
