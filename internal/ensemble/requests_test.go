package ensemble

import (
	"bytes"
	"errors"
	"io"
	"os"
	"slices"
	"strings"
	"testing"
	"time"
)

func (c *recordedConn) Write(p []byte) (int, error) { return len(p), nil }

const (
	opExists    = 3
	opSetData   = 5
	granted4s   = int32(4000)
	xid         = int32(11)
	eventXid    = int32(-1)
	pingXid     = int32(-2)
	noError     = int32(0)
	noNode      = int32(-101)
	largestZxid = int64(-1)
)

// afterConnecting is a connection whose connect response is read.
func afterConnecting(t *testing.T, sent ...[]byte) (*boundedConn, func() error) {
	t.Helper()
	first := granted(granted4s)
	conn := Bounded(&recordedConn{sent: bytes.NewReader(slices.Concat(first, slices.Concat(sent...)))}, time.Minute).(*boundedConn)
	if _, err := conn.Write(packet(zero, int64(0), granted4s)); err != nil {
		t.Fatal(err)
	}
	if _, err := io.CopyN(io.Discard, conn, int64(len(first))); err != nil {
		t.Fatal(err)
	}
	return conn, func() error {
		_, err := io.ReadAll(conn)
		return err
	}
}

var stat = make([]byte, 68)

// A length has to fit its packet, for the operations whose answers begin with one.
func TestLengthsInAnswers(t *testing.T) {
	text := []byte{0, 0, 0, 1, 'x'}
	for name, c := range map[string]struct {
		operation int32
		answer    []byte
		want      string // what is wrong; empty for nothing
	}{
		"data":                  {opGetData, packet(xid, largestZxid, noError, int32(5), []byte("hello"), stat), ""},
		"no data":               {opGetData, packet(xid, largestZxid, noError, int32(-1), stat), ""},
		"no node":               {opGetData, packet(xid, largestZxid, noNode), ""},
		"no node, and more":     {opGetChildren2, packet(xid, largestZxid, noNode, int32(1<<30)), ""},
		"2 GB of data":          {opGetData, packet(xid, largestZxid, noError, int32(1<<31-1), stat), "answer with 2147483647 bytes of data in 68"},
		"a byte too much":       {opGetData, packet(xid, largestZxid, noError, int32(69), stat), "answer with 69 bytes of data in 68"},
		"nothing":               {opGetData, packet(xid, largestZxid, noError), "answer of 0 bytes"},
		"three bytes":           {opGetChildren2, packet(xid, largestZxid, noError, []byte{1, 2, 3}), "answer of 3 bytes"},
		"children":              {opGetChildren2, packet(xid, largestZxid, noError, int32(1), text, stat), ""},
		"no children":           {opGetChildren, packet(xid, largestZxid, noError, int32(0)), ""},
		"minus five children":   {opGetChildren2, packet(xid, largestZxid, noError, int32(-5), stat), "answer with a list of -5 in 68 bytes"},
		"too many children":     {opGetChildren, packet(xid, largestZxid, noError, int32(2), text), "answer with a list of 2 in 5 bytes"},
		"64 Mi of ACL":          {opGetACL, packet(xid, largestZxid, noError, int32(64<<20), stat), "answer with a list of 67108864 in 68 bytes"},
		"a stat with any zxid":  {opExists, packet(xid, largestZxid, noError, largestZxid, stat[8:]), ""},
		"a change":              {opSetData, packet(xid, largestZxid, noError, int32(1<<30), stat[4:]), ""},
		"another one's answer":  {opGetChildren, packet(xid+1, largestZxid, noError, int32(1<<30)), ""},
		"an event":              {opGetChildren, packet(eventXid, largestZxid, noError, int32(1<<30), int32(3), text), ""},
		"twice the same answer": {opGetChildren, slices.Concat(packet(xid, largestZxid, noError, int32(0)), packet(xid, largestZxid, noError, int32(-1))), ""},
	} {
		conn, read := afterConnecting(t, c.answer)
		if _, err := conn.Write(packet(xid, c.operation, int32(1), []byte("/"))); err != nil {
			t.Fatal(err)
		}
		err := read()
		if c.want == "" && !errors.Is(err, os.ErrDeadlineExceeded) || c.want != "" && (err == nil || err.Error() != c.want) {
			t.Errorf("%s: %v, want %q", name, err, c.want)
		}
	}
}

// A request that has waited for a session timeout ends the connection with the next ping. One
// that has its answer, or hasn't waited as long, doesn't.
func TestRequestsThatAreNotAnswered(t *testing.T) {
	ping := packet(pingXid, int32(opPing))
	for name, c := range map[string]struct {
		waited time.Duration
		answer []byte
		fails  bool
	}{
		"answered":          {time.Hour, packet(xid, largestZxid, noError), false},
		"not yet":           {0, packet(pingXid, largestZxid, noError), false},
		"too late":          {time.Hour, packet(pingXid, largestZxid, noError), true},
		"for another one":   {time.Hour, packet(xid+1, largestZxid, noError), true},
		"and the same node": {time.Hour, packet(eventXid, largestZxid, noError, int32(3), int32(3)), true},
	} {
		conn, read := afterConnecting(t, c.answer)
		if _, err := conn.Write(packet(xid, int32(opExists), int32(1), []byte("/"))); err != nil {
			t.Fatal(err)
		}
		conn.pending.pending[xid] = pendingRequest{operation: opExists, sent: time.Now().Add(-c.waited)}
		if err := read(); !errors.Is(err, os.ErrDeadlineExceeded) {
			t.Fatal(err)
		}
		_, err := conn.Write(ping)
		if c.fails != (err != nil && strings.Contains(err.Error(), "not answered in time")) {
			t.Errorf("%s: %v", name, err)
		}
	}
}
