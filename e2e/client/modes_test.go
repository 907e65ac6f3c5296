package client

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/mod-zookeeper/traefik-zookeeper/e2e/client/testdata/driver"
	"github.com/mod-zookeeper/traefik-zookeeper/e2e/internal/parts"
	"github.com/traefik/yaegi/interp"
	"github.com/traefik/yaegi/stdlib"
)

// driverModule is the import path of the program that uses the client.
const driverModule = "github.com/mod-zookeeper/traefik-zookeeper/e2e/client/testdata/driver"

const (
	compiled    = "compiled"
	interpreted = "interpreted"
)

// functions are the driver's, compiled.
var functions = map[string]any{
	"Closings":        driver.Closings,
	"Connect":         driver.Connect,
	"Credentials":     driver.Credentials,
	"Expiry":          driver.Expiry,
	"KeepsSession":    driver.KeepsSession,
	"Moves":           driver.Moves,
	"MultiGetOnce":    driver.MultiGetOnce,
	"MultiGets":       driver.MultiGets,
	"Names":           driver.Names,
	"Probe":           driver.Probe,
	"ReadOnly":        driver.ReadOnly,
	"Rearmed":         driver.Rearmed,
	"Recursive":       driver.Recursive,
	"RecursiveExpiry": driver.RecursiveExpiry,
	"Rounds":          driver.Rounds,
	"SamePath":        driver.SamePath,
	"Stress":          driver.Stress,
	"Watches":         driver.Watches,
	"WriteFails":      driver.WriteFails,
	"AsyncFollows":    driver.AsyncFollows,
	"AsyncEnds":       driver.AsyncEnds,
	"Ask":             driver.Ask,
	"AskAgain":        driver.AskAgain,
}

// inMode runs a test with one of the driver's functions, compiled or interpreted.
func inMode[F any](t *testing.T, mode, name string, test func(t *testing.T, f F)) {
	t.Helper()
	f, err := load[F](mode, name, t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	test(t, f)
}

// load returns one of the driver's functions. The interpreted one lives in an
// interpreter of its own, with a GOPATH made in that folder.
func load[F any](mode, name, gopath string) (F, error) {
	if mode == compiled {
		return functions[name].(F), nil
	}
	var none F
	if err := install(gopath); err != nil {
		return none, err
	}
	i := interp.New(interp.Options{GoPath: gopath, Env: os.Environ()})
	if err := i.Use(stdlib.Symbols); err != nil {
		return none, err
	}
	if _, err := i.Eval("import \"" + driverModule + "\""); err != nil {
		return none, err
	}
	value, err := i.Eval("driver." + name)
	if err != nil {
		return none, err
	}
	return value.Interface().(F), nil
}

// install puts the driver into a GOPATH, with the patched client vendored.
func install(gopath string) error {
	root := filepath.Join(gopath, "src", filepath.FromSlash(driverModule))
	source := filepath.Join(parts.Root(), "e2e", "client", "testdata", "driver")
	if err := os.CopyFS(root, os.DirFS(source)); err != nil {
		return err
	}
	return os.CopyFS(filepath.Join(root, "vendor", filepath.FromSlash(upstreamModule)), os.DirFS(vendored()))
}
