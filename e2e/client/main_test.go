package client

import (
	"fmt"
	"os"
	"testing"
)

// TestMain is also the processes that the tests start: see interpretTest.
func TestMain(m *testing.M) {
	if gopath := os.Getenv(interpretVariable); gopath != "" {
		err := interpretTest(gopath, os.Args[1])
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	os.Exit(m.Run())
}
