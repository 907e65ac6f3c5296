package ensemble

import (
	"bytes"
	"encoding/binary"
	"errors"
	"io"
	"net"
	"os"
	"slices"
	"strings"
	"testing"
	"testing/iotest"
	"time"
)

// packet is a packet with its length. Numbers have 4 bytes, and longs 8.
func packet(fields ...any) []byte {
	var body bytes.Buffer
	for _, field := range fields {
		if err := binary.Write(&body, binary.BigEndian, field); err != nil {
			panic(err)
		}
	}
	return append(binary.BigEndian.AppendUint32(nil, uint32(body.Len())), body.Bytes()...)
}

const zero, session = int32(0), int64(7)

// granted is the connect response of real servers, with their one byte more.
func granted(timeout int32) []byte {
	return packet(zero, timeout, session, int32(16), make([]byte, 16), false)
}

var longPacket = packet(bytes.Repeat([]byte("ZooKeeper"), 1<<16))

// A recordedConn is a connection on which a server has sent something and is silent then.
type recordedConn struct {
	net.Conn
	sent      io.Reader
	deadlines []time.Time
}

func (c *recordedConn) Read(p []byte) (int, error) {
	n, err := c.sent.Read(p)
	if errors.Is(err, io.EOF) {
		err = os.ErrDeadlineExceeded
	}
	return n, err
}

func (c *recordedConn) SetReadDeadline(t time.Time) error {
	c.deadlines = append(c.deadlines, t)
	return nil
}

// readAll reads as the client does.
func readAll(sent []byte, pieces func(io.Reader) io.Reader) ([]byte, error) {
	conn := Bounded(&recordedConn{sent: pieces(bytes.NewReader(sent))}, time.Minute)
	var got []byte
	for {
		length := make([]byte, 4)
		if _, err := io.ReadFull(conn, length); err != nil {
			return got, err
		}
		body := make([]byte, binary.BigEndian.Uint32(length))
		n, err := io.ReadFull(conn, body)
		got = append(append(got, length...), body[:n]...)
		if err != nil {
			return got, err
		}
	}
}

func wholePieces(r io.Reader) io.Reader { return r }

// What servers send arrives as they sent it, in whatever pieces it comes.
func TestBoundedConnectionPassesPackets(t *testing.T) {
	for name, sent := range map[string][]byte{
		"a session":            granted(4000),
		"an older server's":    packet(zero, int32(4000), session, int32(16), make([]byte, 16)),
		"an expired session":   packet(zero, zero, int64(0), int32(16), make([]byte, 16), false),
		"no password":          packet(zero, int32(4000), session, int32(-1)),
		"the shortest answer":  slices.Concat(granted(4000), packet(make([]byte, 16))),
		"answers of all sizes": slices.Concat(granted(4000), longPacket, packet(make([]byte, 17))),
		"half of an answer":    slices.Concat(granted(4000), longPacket[:1000]),
	} {
		for pieces, in := range map[string]func(io.Reader) io.Reader{"whole": wholePieces, "by the byte": iotest.OneByteReader, "by halves": iotest.HalfReader} {
			got, err := readAll(sent, in)
			if !bytes.Equal(got, sent) || !errors.Is(err, os.ErrDeadlineExceeded) {
				t.Errorf("%s, %s: %d bytes of %d, %v", name, pieces, len(got), len(sent), err)
			}
		}
	}
}

// The client gets nothing of a packet that it can't take.
func TestBoundedConnectionRefuses(t *testing.T) {
	first := granted(4000)
	for name, c := range map[string]struct {
		sent []byte
		want string
	}{
		"no timeout":                {granted(0), "session timeout of 0 ms"},
		"a timeout below zero":      {granted(-4000), "session timeout of -4000 ms"},
		"an empty connect response": {packet(), "connect response of 0 bytes"},
		"a short one":               {packet(zero, int32(4000), session, make([]byte, 3)), "connect response of 19 bytes"},
		"a long one":                {packet(zero, int32(4000), session, int32(109), make([]byte, 109)), "connect response of 129 bytes"},
		"one of 2 GB":               {[]byte{0x7f, 0xff, 0xff, 0xff}, "connect response of 2147483647 bytes"},
		"one below zero":            {[]byte{0xff, 0xff, 0xff, 0xff}, "connect response of -1 bytes"},
		"another protocol":          {[]byte("HTTP/1.1 400 Bad Request\r\n"), "connect response of 1213486160 bytes"},
		"a password of 2 GB":        {packet(zero, int32(4000), session, int32(1<<31-1)), "password of 2147483647 bytes in 0"},
		"half a connect response":   {first[:20], "i/o timeout"},
		"an empty packet":           {slices.Concat(first, packet()), "packet of 0 bytes"},
		"a packet of 15 bytes":      {slices.Concat(first, packet(make([]byte, 15))), "packet of 15 bytes"},
		"a length below zero":       {slices.Concat(first, []byte{0x80, 0, 0, 0}), "packet of -2147483648 bytes"},
	} {
		got, err := readAll(c.sent, wholePieces)
		passed := len(got) == 0
		if bytes.HasPrefix(c.sent, first) {
			passed = bytes.Equal(got, first)
		}
		if err == nil || !strings.Contains(err.Error(), c.want) || !passed {
			t.Errorf("%s: %d bytes, %v; want %s", name, len(got), err, c.want)
		}
	}
}

// The connect response is waited for two thirds of the timeout, at least a second, and
// nothing else is bounded here: the client sets its own deadlines then.
func TestDeadlineOfTheConnectResponse(t *testing.T) {
	for timeout, wanted := range map[time.Duration]time.Duration{time.Minute: 40 * time.Second, 3 * time.Millisecond: time.Second} {
		inner := &recordedConn{sent: bytes.NewReader(slices.Concat(granted(4000), longPacket))}
		start := time.Now()
		if _, err := io.CopyN(io.Discard, Bounded(inner, timeout), 1000); err != nil {
			t.Fatal(err)
		}
		if len(inner.deadlines) != 2 || inner.deadlines[0].Before(start.Add(wanted)) || inner.deadlines[0].After(time.Now().Add(wanted)) || !inner.deadlines[1].IsZero() {
			t.Errorf("with %s the deadlines are %v", timeout, inner.deadlines)
		}
	}
}
