// Package gocommand runs the go command, for the commands that users start with go run.
package gocommand

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strings"
)

// Run runs the go command in a folder and returns what it prints, also with an error. Neither a
// workspace nor flags for another module concern it.
func Run(dir string, arguments ...string) (string, error) {
	command := exec.Command("go", arguments...)
	command.Dir = dir
	command.Env = append(os.Environ(), "GOWORK=off", "GOFLAGS="+flagsForAnyModule())
	var errs bytes.Buffer
	command.Stderr = &errs
	text, err := command.Output()
	if errors.Is(err, exec.ErrNotFound) {
		return "", errors.New("there is no go command on the PATH; install Go from https://go.dev/dl")
	}
	if err != nil {
		err = fmt.Errorf("go %s: %w: %s", strings.Join(arguments, " "), err, strings.TrimSpace(errs.String()))
	}
	return strings.TrimSpace(string(text)), err
}

// flagsForAnyModule is GOFLAGS without what belongs to one module.
func flagsForAnyModule() string {
	var flags []string
	for _, flag := range strings.Fields(os.Getenv("GOFLAGS")) {
		if !strings.HasPrefix(flag, "-mod=") && !strings.HasPrefix(flag, "-modfile=") {
			flags = append(flags, flag)
		}
	}
	return strings.Join(flags, " ")
}

// A Module is one in the module cache: its folder and its checksum.
type Module struct{ Dir, Sum string }

// Download returns a version of a module in the module cache, and downloads it where it is missing.
func Download(path, version string) (Module, error) {
	// Outside of every module, whose go.mod may replace this one.
	outside, err := os.MkdirTemp("", "gocommand")
	if err != nil {
		return Module{}, err
	}
	defer os.RemoveAll(outside)
	text, err := Run(outside, "mod", "download", "-json", path+"@"+version)
	var found struct {
		Module
		Error string
	}
	if json.Unmarshal([]byte(text), &found) == nil && found.Error != "" {
		err = fmt.Errorf("downloading %s %s: %s", path, version, found.Error)
	}
	return found.Module, err
}
