// Package traefik runs the real Traefik with the repository's plugin in it.
package traefik

import (
	"errors"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"github.com/mod-zookeeper/traefik-zookeeper/e2e/internal/parts"
	"github.com/mod-zookeeper/traefik-zookeeper/e2e/internal/plugin"
	"github.com/mod-zookeeper/traefik-zookeeper/e2e/internal/port"
	"github.com/mod-zookeeper/traefik-zookeeper/e2e/internal/process"
)

// Options are what differs between one Traefik and another. The zero value is
// right for most tests.
type Options struct {
	// Port of the entrypoint web; 0 takes a free one.
	Port int
	// Throttle is how long Traefik waits between two configurations; 0 stands for
	// 100ms, which keeps tests short. Traefik's own default is 2s.
	Throttle time.Duration
	// Binary is another Traefik than the pinned one.
	Binary string
	// Static sets keys of the static configuration beside what is there, or
	// instead of it: entryPoints.web.forwardedHeaders.insecure, say.
	Static map[string]any
	// Plugin lays out the plugin below a source folder; nil stands for the repository's.
	Plugin func(src string) error
	// Env is added to the environment, as KEY=VALUE.
	Env []string
}

// Traefik is a Traefik process with one entrypoint, web, and a dynamic
// configuration in a file. Its ports and files stay when it is stopped and
// started again. One goroutine may start and stop it; the rest is for any.
type Traefik struct {
	dir     string
	options Options
	web     *port.Port
	api     *port.Port
	process *process.Process
	client  *http.Client
}

// New prepares a Traefik whose files are below dir.
func New(dir string, options Options) (*Traefik, error) {
	dir, err := filepath.Abs(dir)
	if err != nil {
		return nil, err
	}
	if options.Binary == "" {
		if options.Binary, err = parts.FindTraefik(); err != nil {
			return nil, fmt.Errorf("%w; run make parts", err)
		}
	}
	if options.Throttle == 0 {
		options.Throttle = 100 * time.Millisecond
	}
	tr := &Traefik{dir: dir, options: options, client: &http.Client{Timeout: 5 * time.Second}}
	if err := tr.reservePorts(); err != nil {
		return nil, err
	}
	if err := tr.install(); err != nil {
		tr.Close()
		return nil, err
	}
	return tr, nil
}

func (tr *Traefik) reservePorts() error {
	var err error
	if tr.options.Port == 0 {
		tr.web, err = port.Reserve()
	} else {
		tr.web, err = port.Take(tr.options.Port)
	}
	if err != nil {
		return err
	}
	tr.api, err = port.Reserve()
	if err != nil {
		tr.web.Release()
	}
	return err
}

// install lays out Traefik's working directory: the plugin where Traefik looks
// for local ones, the static configuration, a folder for the dynamic one.
func (tr *Traefik) install() error {
	lay := tr.options.Plugin
	if lay == nil {
		lay = plugin.Install
	}
	if err := lay(filepath.Join(tr.dir, "plugins-local", "src")); err != nil {
		return err
	}
	if err := os.MkdirAll(tr.dynamic(), 0o755); err != nil {
		return err
	}
	return tr.writeStatic()
}

// Start starts a Traefik that ends with the test. The dynamic configuration may
// be empty, and be written later.
func Start(t testing.TB, config string, options Options) *Traefik {
	t.Helper()
	tr, err := New(t.TempDir(), options)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { tr.finish(t) })
	if err := tr.WriteConfig(config); err != nil {
		t.Fatal(err)
	}
	if err := tr.Start(); err != nil {
		t.Fatal(err)
	}
	return tr
}

func (tr *Traefik) finish(t testing.TB) {
	if t.Failed() {
		t.Logf("Traefik at %s logged:\n%s", tr.URL(), tr.tail())
	}
	tr.Close()
}

// Start starts Traefik, with a new log, and waits until it answers. Routers may
// still be missing then.
func (tr *Traefik) Start() error {
	if tr.Alive() {
		return errors.New("Traefik at " + tr.URL() + " is running already")
	}
	if err := os.WriteFile(tr.log(), nil, 0o644); err != nil {
		return err
	}
	command := exec.Command(tr.options.Binary, "--configFile=traefik.yml")
	command.Dir = tr.dir
	command.Env = append(os.Environ(), tr.options.Env...)
	var err error
	if tr.process, err = process.Start(command); err != nil {
		return err
	}
	return tr.Await(func() error {
		_, err := tr.API("/api/version")
		return err
	})
}

const patience = time.Minute

// Await asks until holds returns nil. When that takes a minute, or Traefik ends
// meanwhile, it returns an error that has the last one in it.
func (tr *Traefik) Await(holds func() error) error {
	for deadline := time.Now().Add(patience); ; time.Sleep(5 * time.Millisecond) {
		err := holds()
		switch {
		case err == nil:
			return nil
		case !tr.Alive():
			return fmt.Errorf("%w; Traefik has ended:\n%s", err, tr.tail())
		case time.Now().After(deadline):
			return fmt.Errorf("after %s: %w", patience, err)
		}
	}
}

// Alive tells whether Traefik's process is there.
func (tr *Traefik) Alive() bool { return tr.process != nil && tr.process.Running() }

// PID is the process id; Traefik must have been started.
func (tr *Traefik) PID() int { return tr.process.PID() }

// Stop lets Traefik end in order. It may be called when it isn't running.
func (tr *Traefik) Stop() {
	if tr.process != nil {
		tr.process.Stop(20 * time.Second)
	}
}

// Close ends Traefik for good and gives up its ports. The files stay.
func (tr *Traefik) Close() {
	if tr.process != nil {
		tr.process.Kill()
	}
	tr.web.Release()
	tr.api.Release()
}
