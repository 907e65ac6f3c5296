package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"golang.org/x/mod/module"
)

// A source is where a module comes from: a folder where that is set, and otherwise the
// module proxy. An empty version stands for the latest.
type source struct {
	path    string // the module's
	version string
	dir     string
}

// options are what a build is asked for.
type options struct {
	traefik source
	plugins []source
	output  string
}

// parseArguments reads what stands behind the word build.
func parseArguments(args []string) (*options, error) {
	o := &options{traefik: source{path: traefikModule, version: os.Getenv("TRAEFIK_VERSION")}}
	if len(args) > 0 && !strings.HasPrefix(args[0], "-") {
		o.traefik.version, args = args[0], args[1:]
	}
	flags := flag.NewFlagSet("build", flag.ContinueOnError)
	flags.SetOutput(io.Discard)
	flags.StringVar(&o.output, "output", "traefik", "")
	flags.Func("with", "", o.add)
	if err := flags.Parse(args); err != nil {
		return nil, fmt.Errorf("%w; %w", err, errUsage)
	}
	if flags.NArg() > 0 {
		return nil, fmt.Errorf("%q is no flag; the version stands before all flags; %w", flags.Arg(0), errUsage)
	}
	if len(o.plugins) == 0 {
		return nil, fmt.Errorf("no plugin is named: --with module[@version][=folder] is expected; %w", errUsage)
	}
	output, err := filepath.Abs(o.output)
	o.output = output
	return o, err
}

// add adds what one --with names.
func (o *options) add(text string) error {
	s, err := parseSource(text)
	if err != nil {
		return err
	}
	if s.path == traefikModule {
		if s.dir == "" || s.version != "" {
			return errors.New("the version of Traefik is the first argument; --with " + traefikModule + "=folder takes its source from a folder")
		}
		o.traefik.dir = s.dir
		return nil
	}
	for _, other := range o.plugins {
		if other.path == s.path {
			return fmt.Errorf("%s is named twice; a binary has one version of a plugin", s.path)
		}
	}
	o.plugins = append(o.plugins, s)
	return nil
}

// parseSource reads module[@version][=folder].
func parseSource(text string) (source, error) {
	var s source
	name, dir, hasDir := strings.Cut(text, "=")
	var hasVersion bool
	s.path, s.version, hasVersion = strings.Cut(name, "@")
	if err := module.CheckPath(s.path); err != nil {
		return s, fmt.Errorf("the name of the Go module is expected, as its go.mod has it: %w", err)
	}
	if hasVersion && s.version == "" || hasDir && dir == "" {
		return s, errors.New("there is nothing behind the @ or the =; module[@version][=folder] is expected")
	}
	if !hasDir {
		return s, nil
	}
	var err error
	if s.dir, err = filepath.Abs(dir); err != nil {
		return s, err
	}
	if info, err := os.Stat(s.dir); err != nil || !info.IsDir() {
		return s, fmt.Errorf("no folder is at %s", s.dir)
	}
	return s, nil
}
