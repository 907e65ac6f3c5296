package client

import (
	"encoding/binary"
	"fmt"
	"io"
	"net"
	"time"
)

// What is needed of ZooKeeper's protocol to answer a client, and to answer it
// wrongly. Numbers are big-endian, a string or a vector begins with its length,
// and so does a packet.

const (
	opExists      = 3
	opGetData     = 4
	opGetACL      = 6
	opPing        = 11
	opGetChildren = 12
)

const (
	xidEvent = -1
	xidPing  = -2
)

func number(n int32) []byte { return binary.BigEndian.AppendUint32(nil, uint32(n)) }

func long(n int64) []byte { return binary.BigEndian.AppendUint64(nil, uint64(n)) }

func text(s string) []byte { return append(number(int32(len(s))), s...) }

func join(fields ...[]byte) []byte {
	var all []byte
	for _, field := range fields {
		all = append(all, field...)
	}
	return all
}

func packet(fields ...[]byte) []byte {
	body := join(fields...)
	return append(number(int32(len(body))), body...)
}

// stat is the description of a node: 68 bytes, of which nothing matters here.
func stat() []byte { return make([]byte, 68) }

const (
	noError     = 0
	notReadOnly = -119 // a write, or a session that all servers share, at a read-only server
)

func reply(xid, errorCode int32, body ...[]byte) []byte {
	return packet(number(xid), long(1), number(errorCode), join(body...))
}

func event(path []byte) []byte {
	return reply(xidEvent, noError, number(3), number(3), path)
}

// request is what a client asked.
type request struct {
	xid, op int32
	path    string
}

func readPacket(conn net.Conn) ([]byte, error) {
	length := make([]byte, 4)
	if _, err := io.ReadFull(conn, length); err != nil {
		return nil, err
	}
	body := make([]byte, binary.BigEndian.Uint32(length))
	_, err := io.ReadFull(conn, body)
	return body, err
}

func readRequest(conn net.Conn) (request, error) {
	body, err := readPacket(conn)
	if err != nil || len(body) < 8 {
		return request{}, fmt.Errorf("request of %d bytes: %w", len(body), err)
	}
	r := request{xid: int32(binary.BigEndian.Uint32(body)), op: int32(binary.BigEndian.Uint32(body[4:]))}
	if rest := body[8:]; len(rest) > 4 {
		r.path = string(rest[4 : 4+binary.BigEndian.Uint32(rest)])
	}
	return r, nil
}

func password() []byte { return text("sixteen bytes ok") }

const sessionID = 0x1234

// connectReply grants a session.
func connectReply(timeout time.Duration) []byte {
	return packet(number(0), number(int32(timeout.Milliseconds())), long(sessionID), password())
}

// answer is what a server that tells the truth sends. The values of its nodes
// begin with that word.
func answer(r request, word string) []byte {
	switch r.op {
	case opGetData:
		return reply(r.xid, noError, text(word+r.path), stat())
	case opExists:
		return reply(r.xid, noError, stat())
	case opGetChildren:
		return reply(r.xid, noError, number(1), text("child"), stat())
	case opGetACL:
		return reply(r.xid, noError, number(1), number(31), text("world"), text("anyone"), stat())
	}
	return reply(r.xid, noError) // a ping has its own xid
}
