// Package check is the command zkcheck: it checks configurations of the plugin as the plugin
// does, and shows what they come to.
package check

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
)

const usage = `usage: zkcheck [options] FILE|FOLDER|-...
       zkcheck flag [options] FILE|-
In a clone, zkcheck is go run ./cmd/zkcheck. Without one, it is a binary of a release, or
go run github.com/mod-zookeeper/traefik-zookeeper/cmd/zkcheck@latest.

Reads Traefik's dynamic configuration: YAML or TOML of the file provider, Kubernetes resources, also
in lists, ConfigMaps and the values of Helm charts, labels in compose files, and JSON of Nomad or Consul
with the tags of services; - is standard input. It finds every middleware with the plugin, and checks
each as the plugin does when Traefik starts it, and all of them together, with the routers of the files.
Nothing is connected to, unless -connect is given: then each path's present value is shown, and what
becomes of a request. zkcheck flag checks flags before they are written: zkcheck flag -help tells more.

`

const codes = `
Exit codes: 0 no faults; 1 faults in the configuration, or in nodes; 2 wrong usage, a file that can't be
read, or with -strict a suspicious flag in a node; 3 no session with a cluster. (go run has 1 for all but 0, and prints the code.)

  zkcheck middleware.yml
  zkcheck -connect -host shop.example.com -cookie uid=42 middleware.yml
`

// The exit codes.
const (
	sound = iota
	faulty
	unusable
	unreachable
)

// Main runs the command with its arguments and returns the exit code. The report goes to out,
// and what happens meanwhile to progress.
func Main(ctx context.Context, arguments []string, in io.Reader, out, progress io.Writer) int {
	if len(arguments) > 0 && arguments[0] == "flag" {
		return checkFlag(arguments[1:], in, out, progress)
	}
	return run(ctx, arguments, in, out, progress)
}

func run(ctx context.Context, arguments []string, in io.Reader, out, progress io.Writer) int {
	o, err := parse(arguments, out)
	if errors.Is(err, flag.ErrHelp) {
		return sound
	}
	if err != nil {
		fmt.Fprintln(progress, "zkcheck:", err)
		return unusable
	}
	s, err := load(o.files, in, o.plugins)
	if err != nil {
		fmt.Fprintln(progress, "zkcheck:", err)
		return unusable
	}
	if err := s.attach(o.attached); err != nil {
		fmt.Fprintln(progress, "zkcheck:", err)
		return unusable
	}
	r := check(s)
	if o.format == "json" {
		r.writeJSON(out)
	} else {
		r.print(out)
	}
	if !r.Sound {
		return faulty
	}
	if !o.connect {
		return sound
	}
	return connect(ctx, s.configs, o, out, progress)
}
