// Command zkcheck checks configurations of the plugin, and shows what they come
// to: go run ./cmd/zkcheck -help.
//
// It is built in the module e2e, since it reads YAML and TOML: a plugin's own
// module has no business with that.
package main

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

func main() {
	program, err := build()
	if err != nil {
		fmt.Fprintln(os.Stderr, "zkcheck:", err)
		os.Exit(2)
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
		os.Exit(2)
	}
}

// build returns the path of the program, which Go keeps in its cache.
func build() (string, error) {
	root, err := output("list", "-m", "-f", "{{.Dir}}", "github.com/mod-zookeeper/traefik-zookeeper")
	if err != nil {
		return "", err
	}
	return output("-C", filepath.Join(root, "e2e"), "tool", "-n", "zkcheck")
}

func output(arguments ...string) (string, error) {
	command := exec.Command("go", arguments...)
	command.Stderr = os.Stderr
	text, err := command.Output()
	if err != nil {
		return "", fmt.Errorf("go %s: %w", strings.Join(arguments, " "), err)
	}
	return strings.TrimSpace(string(text)), nil
}
