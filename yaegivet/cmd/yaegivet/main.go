// Command yaegivet vets a Traefik plugin for Yaegi, the interpreter that runs it.
//
//	yaegivet [-json] [-rules list | -rules names] [-skip names] [directory]
//
// It looks at the package that .traefik.yml names, or at the one at the root of the
// module, and at all that this one imports, of the module or vendored. A name is that
// of a rule or of a severity; several have commas between them.
//
// Its status is 0 where it finds nothing, 1 where it finds something, and 2 where it
// can't look: a flag is wrong, or the plugin doesn't compile.
package main

import (
	"flag"
	"fmt"
	"io"
	"os"
)

// The exit statuses.
const (
	clean = iota
	found
	failed
)

const usage = `usage: yaegivet [-json] [-rules list | -rules names] [-skip names] [directory of the plugin]

  -rules list     tells which rules there are
  -rules names    applies these only: select,goguard or a severity, as crash
  -skip names     applies all but these
  -json           writes findings, or the list of rules, as JSON

Status 0: no findings. 1: findings. 2: the plugin or a flag can't be read.
`

func main() { os.Exit(run(os.Stdout, os.Stderr, os.Args[1:])) }

func run(out, errs io.Writer, args []string) int {
	flags := flag.NewFlagSet("yaegivet", flag.ContinueOnError)
	flags.SetOutput(errs)
	flags.Usage = func() { fmt.Fprint(errs, usage) }
	asJSON := flags.Bool("json", false, "")
	names := flags.String("rules", "", "")
	skip := flags.String("skip", "", "")
	if err := flags.Parse(args); err != nil {
		return failed
	}
	if flags.NArg() > 1 {
		flags.Usage()
		return failed
	}
	if *names == "list" {
		return status(errs, listRules(out, *asJSON), clean)
	}
	chosen, err := choose(*names, *skip)
	if err != nil {
		return status(errs, err, failed)
	}
	dir := "."
	if flags.NArg() == 1 {
		dir = flags.Arg(0)
	}
	findings, err := vet(dir, chosen)
	if err != nil {
		return status(errs, err, failed)
	}
	err = write(out, findings, *asJSON)
	if len(findings) > 0 {
		return status(errs, err, found)
	}
	return status(errs, err, clean)
}

// status writes an error, if there is one, and returns the exit status.
func status(errs io.Writer, err error, otherwise int) int {
	if err == nil {
		return otherwise
	}
	fmt.Fprintln(errs, "yaegivet:", err)
	return failed
}
