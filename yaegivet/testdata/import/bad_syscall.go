// Yaegi: load
package bad_syscall

import "syscall" // want import

var sig = syscall.SIGTERM

func Run() string {
	err := error(nil)
	_ = sig
	if err != nil {
		return err.Error()
	}
	return "none"
}
