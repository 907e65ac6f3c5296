// Command parts installs what the tests and the demo need, and says what is there.
package main

import (
	"flag"
	"fmt"
	"os"

	"github.com/mod-zookeeper/traefik-zookeeper/e2e/internal/parts"
)

func main() {
	tests := flag.Bool("tests", false, "install what only the tests need, too: a C compiler, patch, and Chromium")
	compiled := flag.Bool("compiled", false, "build a Traefik with the plugin compiled in, and print only its path")
	quiet := flag.Bool("quiet", false, "say only what has to be installed or built")
	flag.Parse()
	if *compiled {
		binary, err := parts.InstallCompiled()
		exitOn(err)
		fmt.Println(binary)
		return
	}
	found, err := install(*tests)
	exitOn(err)
	if !*quiet {
		fmt.Print(found)
	}
}

func exitOn(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, "parts:", err)
		os.Exit(1)
	}
}

// install returns what it found, a line each.
func install(tests bool) (string, error) {
	zookeeper, err := parts.InstallZooKeeper()
	if err != nil {
		return "", err
	}
	chromium := ""
	if tests {
		if err := parts.InstallTestTools(); err != nil {
			return "", err
		}
		if chromium, err = parts.FindChromium(); err != nil {
			return "", err
		}
		chromium = "chromium   " + chromium + "\n"
	}
	traefik, err := parts.InstallTraefik()
	if err != nil {
		return "", err
	}
	return fmt.Sprintf("java       %s\nzookeeper  %s\ntraefik    %s\n%s", zookeeper.Java, zookeeper.Folder, traefik, chromium), nil
}
