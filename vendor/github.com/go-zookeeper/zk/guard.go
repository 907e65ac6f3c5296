package zk

import (
	"fmt"
	"time"
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

// run keeps the connection's loop going: after a panic it connects anew.
func (c *Conn) run(loop func() error) {
	for {
		err := guarded(loop)
		if err == nil {
			return
		}
		c.logger.Printf("connection loop terminated: %v", err)
		if c.conn != nil {
			c.conn.Close()
		}
		c.flushRequests(ErrConnectionClosed)
		if chosen, _ := receiveFirst(c.shouldQuit, time.After(time.Second)); chosen == 0 {
			return
		}
	}
}
