// Command demo shows the plugin at work in the real Traefik, with a real
// ZooKeeper: headers that follow nodes, a gate that opens and closes, an outage.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"
)

func main() {
	// A set of its own: the packages of the harness have flags for tests.
	flags := flag.NewFlagSet("demo", flag.ExitOnError)
	once := flags.Bool("once", false, "end after the last step instead of staying up")
	flags.Parse(os.Args[1:])
	// A closed terminal or pipe, too, must not keep the demo from cleaning up.
	ctx, restore := signal.NotifyContext(context.Background(), syscall.SIGINT, syscall.SIGTERM, syscall.SIGHUP)
	context.AfterFunc(ctx, restore) // a second signal ends it at once
	// Not this one: a line printed while the demo ends would be the second.
	ctx, _ = signal.NotifyContext(ctx, syscall.SIGPIPE)
	err := run(ctx, *once, os.Stdout)
	switch {
	case errors.Is(err, context.Canceled):
		fmt.Fprintln(os.Stderr, "\ninterrupted")
		if *once { // without it, Ctrl-C is how the demo ends, early or late
			os.Exit(130)
		}
	case err != nil:
		fmt.Fprintln(os.Stderr, "\ndemo:", err)
		os.Exit(1)
	}
}

// run shows all steps, and stays up behind the last one unless once is set. It
// leaves nothing behind, whatever it returns.
func run(ctx context.Context, once bool, out io.Writer) error {
	s, err := open(ctx, out)
	if err != nil {
		return err
	}
	defer s.close()
	for _, step := range steps {
		if err := step(s); err != nil {
			return err
		}
	}
	if once {
		fmt.Fprintln(out, "\nEvery step was seen to work.")
		return nil
	}
	s.invite()
	<-ctx.Done()
	fmt.Fprintln(out, "\nending")
	return nil
}
