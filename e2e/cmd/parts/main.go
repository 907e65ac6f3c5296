// Command parts installs what the tests and the demo need, and says what is there.
package main

import (
	"flag"
	"fmt"
	"os"

	"github.com/mod-zookeeper/traefik-zookeeper/e2e/internal/parts"
)

func main() {
	compiler := flag.Bool("compiler", false, "install a C compiler too, for the race detector")
	flag.Parse()
	if err := install(*compiler); err != nil {
		fmt.Fprintln(os.Stderr, "parts:", err)
		os.Exit(1)
	}
}

func install(compiler bool) error {
	zookeeper, err := parts.InstallZooKeeper()
	if err != nil {
		return err
	}
	fmt.Println("java:     ", zookeeper.Java)
	fmt.Println("zookeeper:", zookeeper.Classpath)
	if compiler {
		if err := parts.InstallCompiler(); err != nil {
			return err
		}
	}
	traefik, err := parts.InstallTraefik()
	if err != nil {
		return err
	}
	fmt.Println("traefik:  ", traefik)
	return nil
}
