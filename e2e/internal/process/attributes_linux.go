package process

import "syscall"

// attributes give the child a process group of its own, since Ctrl-C in a
// terminal is for whoever started it, and end it when that one is killed.
func attributes() *syscall.SysProcAttr {
	return &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGKILL}
}
