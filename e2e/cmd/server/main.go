// Command server runs a ZooKeeper server on a free loopback port for tests that
// can't import the harness: it prints host:port when the server serves, and ends
// it when its standard input is closed.
package main

import (
	"fmt"
	"io"
	"os"

	"github.com/mod-zookeeper/traefik-zookeeper/e2e/internal/zkserver"
)

func main() {
	if err := serve(); err != nil {
		fmt.Fprintln(os.Stderr, "server:", err)
		os.Exit(1)
	}
}

func serve() error {
	dir, err := os.MkdirTemp("", "zookeeper")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	server, err := zkserver.New(dir, 0)
	if err != nil {
		return err
	}
	defer server.Close()
	if err := server.Start(); err != nil {
		return err
	}
	fmt.Println(server.Addr())
	_, err = io.Copy(io.Discard, os.Stdin)
	return err
}
