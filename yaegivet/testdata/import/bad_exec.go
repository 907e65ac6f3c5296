// Yaegi: load
package bad_exec

import "os/exec" // want import

var cmd = exec.Command("true")

func Run() string {
	err := cmd.Err
	if err != nil {
		return err.Error()
	}
	return "none"
}
