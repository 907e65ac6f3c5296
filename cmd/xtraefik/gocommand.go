package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"slices"
	"strings"
)

// A goCommand runs the go command in a folder. What it prints on standard error is in the
// error.
type goCommand struct {
	dir  string
	env  []string // added to the environment
	host bool     // for this machine, whatever platform Traefik is built for
}

// Variables that would have go look elsewhere than in the folder, and those that say for
// which platform it builds.
var (
	elsewhere = []string{"GOFLAGS=", "GOWORK=off"}
	platform  = []string{"GOOS", "GOARCH", "GOARM", "GOAMD64", "GOARM64"}
)

func (c goCommand) run(args ...string) ([]byte, error) {
	command := exec.Command("go", args...)
	command.Dir = c.dir
	env := os.Environ()
	if c.host {
		env = slices.DeleteFunc(env, func(entry string) bool {
			name, _, _ := strings.Cut(entry, "=")
			return slices.Contains(platform, name)
		})
	}
	command.Env = append(append(env, elsewhere...), c.env...)
	var problems bytes.Buffer
	command.Stderr = &problems
	output, err := command.Output()
	if errors.Is(err, exec.ErrNotFound) {
		return nil, errors.New("the go command isn't there: install Go, from https://go.dev/dl")
	}
	if err != nil {
		err = fmt.Errorf("go %s: %w\n%s", strings.Join(args, " "), err, bytes.TrimSpace(problems.Bytes()))
	}
	return output, err
}

// downloaded is a module in the module cache.
type downloaded struct {
	Path, Version, Dir, Error string
}

// download gets a module into the module cache. The version may be a query, as latest or v3.6.
func download(path, version string) (*downloaded, error) {
	if version == "" {
		version = "latest"
	}
	output, err := goCommand{dir: os.TempDir()}.run("mod", "download", "-json", path+"@"+version)
	found := &downloaded{}
	if jsonErr := json.Unmarshal(output, found); jsonErr == nil && found.Error != "" {
		return nil, fmt.Errorf("%s@%s isn't to be had from the Go module proxy: %s", path, version, found.Error)
	}
	if err != nil {
		return nil, err
	}
	if found.Dir == "" {
		return nil, fmt.Errorf("go mod download says nothing of %s@%s", path, version)
	}
	return found, nil
}
