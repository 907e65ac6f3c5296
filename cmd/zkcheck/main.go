// Command zkcheck checks configurations of the plugin, and shows what they come to. It runs
// anywhere, with Go and without a clone of the repository:
//
//	go run github.com/mod-zookeeper/traefik-zookeeper/cmd/zkcheck@latest -help
//
// It builds a program that stands in the folder _program, since that reads YAML and TOML: a
// plugin's own module has no business with that. The program's module is made in the user's
// cache, of program.mod and program.sum, and Go keeps what it has built.
package main

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
)

func main() {
	program, err := build()
	if err != nil {
		fmt.Fprintln(os.Stderr, "zkcheck:", err)
		os.Exit(unusable)
	}
	run := exec.Command(program, os.Args[1:]...)
	run.Stdin, run.Stdout, run.Stderr = os.Stdin, os.Stdout, os.Stderr
	err = run.Run()
	var ended *exec.ExitError
	if errors.As(err, &ended) {
		os.Exit(ended.ExitCode())
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "zkcheck:", err)
		os.Exit(unusable)
	}
}

// unusable is the exit code where the program can't be built or run.
const unusable = 2
