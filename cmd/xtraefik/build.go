package main

import (
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"
)

// traefikModule is the module that Traefik 3 is.
const traefikModule = "github.com/traefik/traefik/v3"

// ownFolder is the folder in Traefik's source for all that isn't Traefik's. The binary has
// it in its list of modules, so it is the same each time.
const ownFolder = "xtraefik"

// build builds a Traefik as the options say.
func build(o *options) error {
	dir, err := os.MkdirTemp("", "xtraefik-")
	if err != nil {
		return err
	}
	if os.Getenv("XTRAEFIK_SKIP_CLEANUP") == "1" {
		say("building in %s, which stays there", dir)
	} else {
		defer removing(dir)()
	}
	version, err := layTraefik(o.traefik, dir)
	if err != nil {
		return err
	}
	plugins, err := layPlugins(o.plugins, dir)
	if err != nil {
		return err
	}
	loader, err := readPluginLoader(dir)
	if err != nil {
		return unknownTraefik(version, err)
	}
	if err := loader.rename(); err != nil {
		return err
	}
	if err := addFiles(dir, loader.logs, plugins); err != nil {
		return err
	}
	if err := require(dir, version, plugins); err != nil {
		return err
	}
	for _, p := range plugins {
		if err := makeVendored(dir, p); err != nil {
			return err
		}
	}
	return compile(dir, version, o.output)
}

// removing returns a function that removes a folder. A signal that ends the process does so
// before.
func removing(dir string) func() {
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM)
	go func() {
		<-signals
		os.RemoveAll(dir)
		os.Exit(1)
	}()
	return func() { os.RemoveAll(dir) }
}

// unknownTraefik tells what to do about a Traefik that isn't put together as it has to be.
func unknownTraefik(version string, err error) error {
	return fmt.Errorf("plugins can't be compiled into Traefik %s: %w\n"+
		"Build a version that this xtraefik was tried with, v3.6 or v3.7, or look for a newer xtraefik", version, err)
}

func say(format string, args ...any) {
	fmt.Fprintf(os.Stderr, "xtraefik: "+format+"\n", args...)
}

// layTraefik copies Traefik's source into a folder, and returns its version.
func layTraefik(from source, to string) (string, error) {
	version, dir := from.version, from.dir
	if dir == "" {
		say("getting Traefik %s", or(version, "latest"))
		found, err := download(from.path, version)
		if err != nil {
			return "", err
		}
		version, dir = found.Version, found.Dir
	}
	if err := copyTraefik(dir, to); err != nil {
		return "", err
	}
	return or(version, "in "+dir), nil
}

func or(text, instead string) string {
	if text == "" {
		return instead
	}
	return text
}

// layPlugins copies the plugins' modules into Traefik's source.
func layPlugins(sources []source, traefik string) ([]*plugin, error) {
	var plugins []*plugin
	for i, s := range sources {
		p, err := findPlugin(s)
		if err != nil {
			return nil, err
		}
		say("compiling in %s %s", p.path, or(p.version, "from "+p.dir))
		to := filepath.Join(traefik, folderOf(i))
		if err := copyModule(p.dir, to); err != nil {
			return nil, err
		}
		if err := redirectModule(to, outputPackage(i)); err != nil {
			return nil, err
		}
		plugins = append(plugins, p)
	}
	return plugins, nil
}

// folderOf is where a plugin is in Traefik's source.
func folderOf(number int) string { return filepath.Join(ownFolder, fmt.Sprintf("plugin%d", number)) }

// require has Traefik's go.mod require the plugins, what they have vendored with changes,
// and what stands in for modules that aren't published.
func require(traefik, version string, plugins []*plugin) error {
	m, err := readModuleFile(traefik)
	if err != nil {
		return err
	}
	for i, path := range m.missing() {
		dir := filepath.Join(ownFolder, fmt.Sprintf("standin%d", i))
		if err := standIn(traefik, path, filepath.Join(traefik, dir)); err != nil {
			return unknownTraefik(version, err)
		}
		if err := m.file.AddReplace(path, "", "./"+filepath.ToSlash(dir), ""); err != nil {
			return err
		}
	}
	for i, p := range plugins {
		if err := m.use(p.required(), folderOf(i)); err != nil {
			return err
		}
		if err := addSums(traefik, p.sums); err != nil {
			return err
		}
	}
	for _, p := range plugins {
		if err := requireVendored(m, traefik, p); err != nil {
			return fmt.Errorf("%s: %w", p.path, err)
		}
	}
	return m.write()
}

func requireVendored(m *moduleFile, traefik string, p *plugin) error {
	modules, err := changed(p, func(module string) string { return filepath.Join(traefik, vendoredFolder(module)) })
	if err != nil {
		return err
	}
	for _, v := range modules {
		say("using %s %s as %s has it vendored, with changes", v.module.Path, v.module.Version, p.path)
		if err := m.suits(v); err != nil {
			return err
		}
		if err := m.use(v.module, vendoredFolder(v.module.Path)); err != nil {
			return err
		}
	}
	return nil
}

// compile builds the binary. It is stripped, as Traefik's own releases are; profiles and
// stack traces have the functions' names all the same.
func compile(dir, version, output string) error {
	say("building %s", output)
	flags := "-s -w"
	if strings.HasPrefix(version, "v") {
		flags += " -X " + traefikModule + "/pkg/version.Version=" + strings.TrimPrefix(version, "v")
	}
	env := []string{"GOWORK=off"}
	if os.Getenv("CGO_ENABLED") == "" {
		env = append(env, "CGO_ENABLED=0")
	}
	_, err := goCommand{dir: dir, env: env}.run("build", "-mod=mod", "-trimpath", "-buildvcs=false", "-ldflags", flags, "-o", output, "./cmd/traefik")
	return err
}
