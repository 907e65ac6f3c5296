// Command zkcheck is what the command in the folder above builds and runs. It stands in a
// folder that the go command leaves out of ./..., since it needs modules that the plugin's own
// go.mod doesn't have: those in program.mod.
package main

import (
	"context"
	"os"
	"os/signal"
	"syscall"

	"github.com/mod-zookeeper/traefik-zookeeper/cmd/zkcheck/_program/check"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	// The plugin prints its messages, too; here the output is the report.
	report := os.Stdout
	os.Stdout, _ = os.OpenFile(os.DevNull, os.O_WRONLY, 0)
	code := check.Main(ctx, os.Args[1:], os.Stdin, report, os.Stderr)
	stop()
	os.Exit(code)
}
