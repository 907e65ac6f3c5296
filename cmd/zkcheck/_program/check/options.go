package check

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"time"
)

type options struct {
	files    []string
	plugins  []string
	attached map[string]bool
	format   string
	connect  bool
	timeout  time.Duration
	strict   bool
	request  *http.Request
}

func parse(arguments []string, out io.Writer) (*options, error) {
	o := &options{attached: map[string]bool{}}
	flags := flag.NewFlagSet("zkcheck", flag.ContinueOnError)
	flags.Func("plugin", "`name` of the plugin in Traefik's static configuration, zookeeper by default; may be given several times", func(name string) error {
		o.plugins = append(o.plugins, name)
		return nil
	})
	flags.Func("attached", "`name` of a middleware of the files that an entry point uses, or a router elsewhere; may be given several times", func(name string) error {
		name, _, _ = strings.Cut(name, "@")
		o.attached[name] = true
		return nil
	})
	flags.StringVar(&o.format, "format", "text", "`text or json`, which is for programs; without -connect")
	flags.BoolVar(&o.connect, "connect", false, "connect to the clusters, and show values and decisions")
	flags.DurationVar(&o.timeout, "timeout", 10*time.Second, "how long a session and the first values may take, with -connect")
	flags.BoolVar(&o.strict, "strict", false, "exit with 2 where a flag in a node is suspicious, with -connect")
	r := describeRequest(flags)
	files, err := parseArguments(flags, arguments, out, usage, codes)
	if err == nil {
		err = r.finish()
	}
	if err == nil {
		err = needless(flags, o.connect)
	}
	if err != nil {
		return nil, err
	}
	if len(o.plugins) == 0 {
		o.plugins = []string{"zookeeper"}
	}
	if o.format != "text" && o.format != "json" {
		return nil, fmt.Errorf("-format: %q: text or json", o.format)
	}
	if o.format == "json" && o.connect {
		return nil, errors.New("-format json has no form for what -connect shows; leave out one of them")
	}
	o.request, o.files = r.request, files
	if len(o.files) == 0 {
		return nil, errors.New("name a file or a folder with dynamic configuration, or - for standard input; -help tells more")
	}
	return o, nil
}

// needless is the error for an option that says nothing without -connect.
func needless(flags *flag.FlagSet, connect bool) error {
	var err error
	flags.Visit(func(f *flag.Flag) {
		if !connect && !slices.Contains([]string{"plugin", "attached", "format"}, f.Name) {
			err = fmt.Errorf("-%s: without -connect, no request is tried and no node is read; add -connect, or leave -%s out", f.Name, f.Name)
		}
	})
	return err
}
