package client

import (
	"fmt"
	"os"
	"testing"
)

// TestMain is also the processes that the tests start: see interpretTest and
// probeServer.
func TestMain(m *testing.M) {
	if gopath := os.Getenv(interpretVariable); gopath != "" {
		err := interpretTest(gopath, os.Args[1])
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	if mode := os.Getenv(probeVariable); mode != "" {
		if err := probeServer(mode, os.Args[1], os.Args[2] == "true"); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		return
	}
	os.Exit(m.Run())
}
