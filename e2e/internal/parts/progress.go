package parts

import (
	"fmt"
	"os"
	"time"
)

const progressEvery = 5 * time.Second

// during says on standard error what takes its time, and how long already.
func during(what string, work func() error) error {
	started := time.Now()
	fmt.Fprintln(os.Stderr, what)
	done := make(chan error, 1)
	go func() { done <- work() }()
	ticker := time.NewTicker(progressEvery)
	defer ticker.Stop()
	for {
		select {
		case err := <-done:
			return err
		case <-ticker.C:
			fmt.Fprintf(os.Stderr, "  %s so far\n", time.Since(started).Round(time.Second))
		}
	}
}
