// Command zk changes and shows ZooKeeper nodes, for people who try the demo.
package main

import (
	"flag"
	"fmt"
	"os"
	"strings"

	"github.com/mod-zookeeper/traefik-zookeeper/e2e/internal/zkserver"
)

const usage = `usage: zk [-server HOST:PORT] COMMAND

  set PATH VALUE   sets a node, and creates it and its parents where they are missing
  get PATH         shows a node's value
  ls PATH          lists the nodes below
  delete PATH      deletes a node and all below it
`

func main() {
	server := flag.String("server", "127.0.0.1:2181", "ZooKeeper's connection string")
	flag.Usage = func() { fmt.Fprint(os.Stderr, usage) }
	flag.Parse()
	output, err := do(*server, flag.Args())
	if err != nil {
		fmt.Fprintln(os.Stderr, "zk:", err)
		os.Exit(1)
	}
	fmt.Print(output)
}

func do(server string, args []string) (string, error) {
	want := map[string]int{"set": 3, "get": 2, "ls": 2, "delete": 2}
	if len(args) == 0 || len(args) != want[args[0]] {
		return "", fmt.Errorf("%q: no such command\n%s", strings.Join(args, " "), usage)
	}
	var fault error
	admin, err := zkserver.Connect(server, func(err error) { fault = err })
	if err != nil {
		return "", err
	}
	defer admin.Close()
	switch args[0] {
	case "set":
		admin.Put(args[1], []byte(args[2]))
	case "delete":
		admin.Delete(args[1])
	case "get":
		value, _, err := admin.Conn.Get(args[1])
		return string(value) + "\n", err
	case "ls":
		names, _, err := admin.Conn.Children(args[1])
		return strings.Join(append(names, ""), "\n"), err
	}
	return "", fault
}
