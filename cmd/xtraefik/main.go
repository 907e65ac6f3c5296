// Command xtraefik builds Traefik with plugins compiled in: go run . help.
//
// Traefik interprets its plugins with Yaegi. A plugin that is compiled in is native code,
// and is configured as before. All other plugins go on being interpreted.
package main

import (
	"errors"
	"flag"
	"fmt"
	"os"
)

const usage = `xtraefik builds Traefik with plugins compiled in.

  xtraefik build [version] --with module[@version][=folder]... [--output file]

version is Traefik's, as v3.6.12, or v3.6 for the latest 3.6. By default it is the one in
TRAEFIK_VERSION, or else the latest.

--with names a plugin by its Go module. It is taken from the Go module proxy in the version
that is named, or in the latest; or from a folder, and then with what its vendor folder
changes in other modules. It may be given several times, once for each plugin.
--with github.com/traefik/traefik/v3=folder takes Traefik's own source from a folder.

--output is the file for the binary; ./traefik by default.

Go's own variables hold here too: GOOS and GOARCH, for another platform, and GOPROXY.
XTRAEFIK_SKIP_CLEANUP=1 leaves the folder there in which Traefik was built.

  xtraefik help

prints this.
`

// errUsage is a mistake in the arguments; the text says which.
var errUsage = errors.New("see xtraefik help")

func main() {
	switch err := run(os.Args[1:]); {
	case errors.Is(err, errUsage):
		fmt.Fprintln(os.Stderr, "xtraefik:", err)
		os.Exit(2)
	case err != nil:
		fmt.Fprintln(os.Stderr, "xtraefik:", err)
		os.Exit(1)
	}
}

func run(args []string) error {
	if len(args) == 0 {
		return fmt.Errorf("no command is given: build or help is expected; %w", errUsage)
	}
	switch args[0] {
	case "build":
		o, err := parseArguments(args[1:])
		if errors.Is(err, flag.ErrHelp) {
			fmt.Print(usage)
			return nil
		}
		if err != nil {
			return err
		}
		return build(o)
	case "help", "-h", "-help", "--help":
		fmt.Print(usage)
		return nil
	}
	return fmt.Errorf("%q is no command: build or help is expected; %w", args[0], errUsage)
}
