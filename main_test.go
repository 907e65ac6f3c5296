package zookeeper_test

import (
	"bufio"
	"context"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"testing"

	zookeeper "github.com/mod-zookeeper/traefik-zookeeper"
)

// servers is the connection string of a real ZooKeeper server, which runs as long
// as the tests do.
var servers string

func TestMain(m *testing.M) {
	flag.Parse()
	if flag.Lookup("test.fuzz").Value.String() != "" { // in each of its processes
		os.Exit(m.Run())
	}
	code, err := withServer(m.Run)
	if err != nil {
		fmt.Fprintln(os.Stderr, "no ZooKeeper server for the tests:", err)
		os.Exit(1)
	}
	os.Exit(code)
}

// withServer takes the server from the nested module, which this one can't import.
func withServer(run func() int) (int, error) {
	server := exec.Command("go", "run", "./cmd/server")
	server.Dir = "e2e"
	server.Stderr = os.Stderr
	input, err := server.StdinPipe()
	if err != nil {
		return 0, err
	}
	output, err := server.StdoutPipe()
	if err != nil {
		return 0, err
	}
	if err := server.Start(); err != nil {
		return 0, err
	}
	line, err := bufio.NewReader(output).ReadString('\n')
	servers = strings.TrimSpace(line)
	code := 0
	os.Setenv("ZOOKEEPER_TEST_SERVERS", servers) // for the tests inside the package
	var held *zookeeper.Handle
	if err == nil {
		held, err = connect()
	}
	if err == nil {
		code = run()
		err = held.Release()
	}
	input.Close()
	server.Wait()
	return code, err
}

// connect makes the session that the examples share. Its line in the log would be
// part of their output, so it is held until the end.
func connect() (*zookeeper.Handle, error) {
	if err := zookeeper.Register("main_cluster", zookeeper.Cluster{Servers: []string{servers}}); err != nil {
		return nil, err
	}
	return zookeeper.Acquire(context.Background(), "main_cluster")
}
