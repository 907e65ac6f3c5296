package zk

import (
	"context"
	"fmt"
)

// guarded runs a part of the client. A panic in any goroutine would end the
// whole process; it becomes an error here.
func guarded(part func() error) error {
	result := make([]error, 1)
	runGuarded(part, result)
	return result[0]
}

func runGuarded(part func() error, result []error) {
	defer func() {
		if r := recover(); r != nil {
			result[0] = fmt.Errorf("zk: panic: %v", r)
		}
	}()
	result[0] = part()
}

// Every goroutine begins with a recover of its own, for what isn't guarded.

// run is the connection's goroutine. It keeps the loop going: after a panic it
// connects anew.
func (c *Conn) run(ctx context.Context) {
	defer func() { recover() }()

	for {
		err := guarded(func() error {
			c.loop(ctx)
			return nil
		})
		if err == nil {
			break
		}
		c.logger.Printf("connection loop terminated: %v", err)
		c.dropConnection()
		if c.pause() {
			break
		}
	}
	c.flushRequests(ErrClosing)
	c.invalidateWatches(ErrClosing)
	close(c.eventChan)
}

// dropConnection gives up what a loop that panicked has left behind.
func (c *Conn) dropConnection() {
	err := guarded(func() error {
		c.flushRequests(ErrConnectionClosed)
		if c.conn == nil {
			return nil
		}
		return c.conn.Close()
	})
	if err != nil && c.logInfo {
		c.logger.Printf("dropping the connection: %v", err)
	}
}

// guardedLogger is the user's logger, which may panic as well.
type guardedLogger struct {
	logger Logger
}

// Yaegi: converted in a function of its own, an interface never aliases a variable.
func guardLogger(l Logger) Logger {
	if l == nil {
		return &guardedLogger{logger: DefaultLogger}
	}
	return &guardedLogger{logger: l}
}

func (g *guardedLogger) Printf(format string, args ...interface{}) {
	defer func() { recover() }()
	g.logger.Printf(format, args...)
}
