// Package parts finds what the tests and the demo need beside Go, and installs
// or builds what is missing.
package parts

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"syscall"
)

// Root is the folder of the repository.
func Root() string {
	_, file, _, _ := runtime.Caller(0)
	return filepath.Join(filepath.Dir(file), "..", "..", "..")
}

// FindTraefik returns the path of the Traefik binary: TRAEFIK_BIN, or the one
// that was built into the user's cache.
func FindTraefik() (string, error) {
	if binary := os.Getenv("TRAEFIK_BIN"); binary != "" {
		if _, err := os.Stat(binary); err != nil {
			return "", fmt.Errorf("TRAEFIK_BIN: %q: no file is there; name a Traefik binary, or unset it", binary)
		}
		return binary, nil
	}
	binary, err := cached()
	if err != nil {
		return "", err
	}
	if _, err := os.Stat(binary); err != nil {
		return "", errors.New("no Traefik has been built yet; run make parts")
	}
	return binary, nil
}

// module is where the version of Traefik is pinned: 3.6, or the one that TRAEFIK names.
func module() string {
	version := os.Getenv("TRAEFIK")
	if version == "" {
		version = "3.6"
	}
	return filepath.Join(Root(), "e2e", "traefik", version)
}

var required = regexp.MustCompile(`(?m)^require github.com/traefik/traefik/v3 (v\S+)$`)

// Version is the version of Traefik that is pinned, as v3.6.12.
func Version() (string, error) {
	text, err := os.ReadFile(filepath.Join(module(), "go.mod"))
	if errors.Is(err, os.ErrNotExist) {
		return "", fmt.Errorf("TRAEFIK: %q: 3.6 or 3.7 is expected here", os.Getenv("TRAEFIK"))
	}
	if err != nil {
		return "", err
	}
	version := required.FindSubmatch(text)
	if version == nil {
		return "", errors.New(module() + "/go.mod names no version of Traefik")
	}
	return string(version[1]), nil
}

func cached() (string, error) {
	version, err := Version()
	if err != nil {
		return "", err
	}
	folder, err := cacheFolder()
	return filepath.Join(folder, "traefik-"+version), err
}

// cacheFolder is where binaries are kept from one run to the next.
func cacheFolder() (string, error) {
	cache, err := os.UserCacheDir()
	return filepath.Join(cache, "traefik-zookeeper"), err
}

// InstallTraefik finds Traefik, and builds it from the Go module proxy where
// it is missing.
func InstallTraefik() (string, error) {
	binary, err := FindTraefik()
	if err == nil || os.Getenv("TRAEFIK_BIN") != "" {
		return binary, err
	}
	binary, err = cached()
	if err != nil {
		return "", err
	}
	return binary, once(binary, func() error { return build(binary) })
}

// once builds a binary, unless it is there. Two processes that do so wait for each other.
func once(binary string, build func() error) error {
	if err := os.MkdirAll(filepath.Dir(binary), 0o755); err != nil {
		return err
	}
	unlock, err := lock(binary + ".lock")
	if err != nil {
		return err
	}
	defer unlock()
	if _, err := os.Stat(binary); err == nil {
		return nil
	}
	return build()
}

func lock(path string) (func(), error) {
	file, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o644)
	if err != nil {
		return nil, err
	}
	if err := syscall.Flock(int(file.Fd()), syscall.LOCK_EX); err != nil {
		return nil, err
	}
	return func() { file.Close() }, nil
}

func build(binary string) error {
	unfinished := fmt.Sprintf("%s.%d", binary, os.Getpid())
	defer os.Remove(unfinished)
	compile := exec.Command("go", "build", "-trimpath", "-ldflags", "-s -w", "-o", unfinished, "github.com/traefik/traefik/v3/cmd/traefik")
	compile.Dir = module()
	compile.Env = append(os.Environ(), "CGO_ENABLED=0", "GOFLAGS=", "GOWORK=off")
	return during("building "+filepath.Base(binary)+" from the Go module proxy, which takes minutes the first time", func() error {
		if output, err := compile.CombinedOutput(); err != nil {
			return fmt.Errorf("building Traefik: %w\n%s\nor set TRAEFIK_BIN to a Traefik binary", err, output)
		}
		return os.Rename(unfinished, binary)
	})
}
