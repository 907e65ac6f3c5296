package main

import (
	"bufio"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"

	"github.com/mod-zookeeper/traefik-zookeeper/e2e/internal/parts"
)

// A platform is what a binary runs on, in Go's words.
type platform struct{ system, processor string }

var platforms = []platform{{"linux", "amd64"}, {"linux", "arm64"}, {"darwin", "amd64"}, {"darwin", "arm64"}}

// tools are the commands that a release has as binaries: the folder of the module that
// each is in, and its package there.
var tools = []struct{ name, module, pkg string }{
	{"xtraefik", "cmd/xtraefik", "."},
	{"zkcheck", "e2e", "github.com/mod-zookeeper/traefik-zookeeper/cmd/zkcheck/_program"},
}

// buildTools builds each tool for each platform, without cgo and without paths of this
// machine, and returns the paths of the binaries.
func buildTools(o options) ([]string, error) {
	var binaries []string
	for _, tool := range tools {
		for _, p := range o.platforms {
			binary := filepath.Join(o.folder, fmt.Sprintf("%s-%s-%s-%s", tool.name, o.version, p.system, p.processor))
			build := exec.Command("go", "build", "-trimpath", "-ldflags", "-s -w", "-o", binary, tool.pkg)
			build.Dir = filepath.Join(parts.Root(), tool.module)
			build.Env = append(os.Environ(), "CGO_ENABLED=0", "GOFLAGS=", "GOWORK=off", "GOOS="+p.system, "GOARCH="+p.processor)
			if output, err := build.CombinedOutput(); err != nil {
				return nil, fmt.Errorf("building %s for %s/%s: %w\n%s", tool.name, p.system, p.processor, err, output)
			}
			binaries = append(binaries, binary)
		}
	}
	return binaries, nil
}

// writeChecksums writes a file for sha256sum --check with all files that are in a folder.
func writeChecksums(folder, version string) error {
	paths, err := filepath.Glob(filepath.Join(folder, "*"))
	if err != nil {
		return err
	}
	file, err := os.Create(filepath.Join(folder, product+"-"+version+"-sha256sums.txt"))
	if err != nil {
		return err
	}
	defer file.Close()
	lines := bufio.NewWriter(file)
	for _, path := range paths {
		sum, err := checksum(path)
		if err != nil {
			return err
		}
		fmt.Fprintf(lines, "%s  %s\n", sum, filepath.Base(path))
	}
	return lines.Flush()
}

// checksum is a file's SHA-256, in hexadecimal digits.
func checksum(path string) (string, error) {
	file, err := os.Open(path)
	if err != nil {
		return "", err
	}
	defer file.Close()
	sum := sha256.New()
	_, err = io.Copy(sum, file)
	return hex.EncodeToString(sum.Sum(nil)), err
}
