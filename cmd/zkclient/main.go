// Command zkclient makes the ZooKeeper client that the Go API is meant to run with, and has a
// module use it: upstream's client, github.com/go-zookeeper/zk, with this module's patches. It
// is run anywhere in the module that uses the API:
//
//	go run github.com/mod-zookeeper/traefik-zookeeper/cmd/zkclient
//
// It takes upstream's module from the module cache, downloads it where it is missing, writes
// the patched client into the folder third_party/zk, next to go.mod, and adds the line to
// go.mod that puts this folder in upstream's place:
//
//	replace github.com/go-zookeeper/zk => ./third_party/zk
//
// Commit both. Run it again after an update of this module; it changes only what differs. With
// -check it changes nothing, and ends with status 1 where something differs. It ends with
// status 2 where it can't do its work, or can't tell. Where go.mod has the line and the folder
// is missing, go run needs a version behind the name, as @latest.
package main

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"

	"github.com/mod-zookeeper/traefik-zookeeper/patches"
)

// errStale is what a check finds. Its text is the rest of the sentence about what differs.
var errStale = errors.New("run this command without -check, and commit what it changes")

type options struct {
	dir     string // the client's folder, relative to the one of go.mod
	check   bool
	replace bool // whether go.mod is to have the line
}

func main() {
	var o options
	flag.StringVar(&o.dir, "dir", "third_party/zk", "`folder` for the client, relative to the one of go.mod")
	flag.BoolVar(&o.check, "check", false, "change nothing, and end with status 1 where something differs")
	flag.BoolVar(&o.replace, "replace", true, "have go.mod replace upstream's client by the folder")
	flag.Usage = func() {
		fmt.Fprintln(flag.CommandLine.Output(), "zkclient makes the patched ZooKeeper client, and has go.mod replace upstream's by it. Its flags are:")
		flag.PrintDefaults()
	}
	flag.Parse()
	err := run(o, flag.Args())
	if err != nil {
		fmt.Fprintln(os.Stderr, "zkclient:", err)
	}
	switch {
	case errors.Is(err, errStale):
		os.Exit(1)
	case err != nil:
		os.Exit(2)
	}
}

func run(o options, arguments []string) error {
	if len(arguments) > 0 {
		return fmt.Errorf("%q is no flag; see -help", arguments[0])
	}
	if !filepath.IsLocal(o.dir) || filepath.Clean(o.dir) == "." {
		return fmt.Errorf("-dir %s: name a folder below the one of go.mod", o.dir)
	}
	m, err := findModule()
	if err != nil {
		return err
	}
	if err := m.suits(o); err != nil {
		return err
	}
	upstream, err := download()
	if err != nil {
		return err
	}
	if o.check {
		return check(o, m, upstream)
	}
	if err := patches.Apply(upstream, filepath.Join(m.dir, o.dir)); err != nil {
		return err
	}
	fmt.Printf("%s is %s %s with patches\n", o.dir, patches.Module, patches.Version)
	if o.replace && m.replacement() == "" {
		if err := m.replaceBy(o.dir); err != nil {
			return err
		}
		fmt.Printf("go.mod replaces %s by it\n", patches.Module)
	}
	if o.replace && m.hasVendor() {
		fmt.Println("your module has a folder vendor: run go mod vendor, so that it has this client, too")
	}
	return nil
}

// check returns errStale where the client or go.mod differs from what the command would make.
func check(o options, m *module, upstream string) error {
	difference, err := patches.Difference(upstream, filepath.Join(m.dir, o.dir))
	if err != nil {
		return err
	}
	if difference == "" && o.replace && m.replacement() == "" {
		difference = "go.mod doesn't replace " + patches.Module + " by " + replacementFor(o.dir)
	}
	if difference != "" {
		return fmt.Errorf("%s: %w", difference, errStale)
	}
	return nil
}
