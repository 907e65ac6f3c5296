package driver

import "time"

// Ask returns the error of one request.
func Ask(addr string) string {
	c, err := connect(addr, 10*time.Second)
	if err != nil {
		return err.Error()
	}
	defer func() { c.conn.Close() }()
	_, _, err = c.conn.Get("/asked")
	if err != nil {
		return err.Error()
	}
	return ""
}

// AskAgain goes on asking, whatever comes of it, until it is told to stop.
func AskAgain(addr string, stopped func() bool) string {
	c, err := connect(addr, 10*time.Second)
	if err != nil {
		return err.Error()
	}
	defer func() { c.conn.Close() }()
	for !stopped() {
		c.conn.Get("/asked")
		time.Sleep(time.Millisecond)
	}
	return ""
}
