//go:build !linux

package process

import "syscall"

// attributes give the child a process group of its own, since Ctrl-C in a
// terminal is for whoever started it.
func attributes() *syscall.SysProcAttr {
	return &syscall.SysProcAttr{Setpgid: true}
}
