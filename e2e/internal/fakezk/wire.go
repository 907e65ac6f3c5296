// Package fakezk answers ZooKeeper's clients as a server would, or wrongly on
// purpose.
package fakezk

import (
	"encoding/binary"
	"fmt"
	"io"
	"net"
	"time"
)

// What is needed of ZooKeeper's protocol. Numbers are big-endian, a string or a
// vector begins with its length, and so does a packet.

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

// Number is a field of 4 bytes.
func Number(n int32) []byte { return binary.BigEndian.AppendUint32(nil, uint32(n)) }

// Long is a field of 8 bytes.
func Long(n int64) []byte { return binary.BigEndian.AppendUint64(nil, uint64(n)) }

// Text is a string.
func Text(s string) []byte { return append(Number(int32(len(s))), s...) }

// Join puts fields one behind the other.
func Join(fields ...[]byte) []byte {
	var all []byte
	for _, field := range fields {
		all = append(all, field...)
	}
	return all
}

// Packet is what travels at once.
func Packet(fields ...[]byte) []byte {
	body := Join(fields...)
	return append(Number(int32(len(body))), body...)
}

// Stat is the description of a node: 68 bytes, of which nothing matters here.
func Stat() []byte { return make([]byte, 68) }

const (
	// NoError is the code of an answer that holds what was asked for.
	NoError     = 0
	notReadOnly = -119 // a write, or a session that all servers share, at a read-only server
)

// Reply is the answer to the request with that xid.
func Reply(xid, errorCode int32, body ...[]byte) []byte {
	return Packet(Number(xid), Long(1), Number(errorCode), Join(body...))
}

func event(path []byte) []byte {
	return Reply(xidEvent, NoError, Number(3), Number(3), path)
}

// Request is what a client asked. The path is empty where the request doesn't begin
// with one.
type Request struct {
	Xid, Op int32
	path    string
}

// ReadPacket returns the next packet without its length.
func ReadPacket(conn net.Conn) ([]byte, error) {
	length := make([]byte, 4)
	if _, err := io.ReadFull(conn, length); err != nil {
		return nil, err
	}
	body := make([]byte, binary.BigEndian.Uint32(length))
	_, err := io.ReadFull(conn, body)
	return body, err
}

// ReadRequest returns the next request of a client that has connected.
func ReadRequest(conn net.Conn) (Request, error) {
	body, err := ReadPacket(conn)
	if err != nil || len(body) < 8 {
		return Request{}, fmt.Errorf("request of %d bytes: %w", len(body), err)
	}
	r := Request{Xid: int32(binary.BigEndian.Uint32(body)), Op: int32(binary.BigEndian.Uint32(body[4:]))}
	if rest := body[8:]; len(rest) > 4 && uint64(binary.BigEndian.Uint32(rest)) <= uint64(len(rest)-4) {
		r.path = string(rest[4 : 4+binary.BigEndian.Uint32(rest)])
	}
	return r, nil
}

func password() []byte { return Text("sixteen bytes ok") }

// SessionID is the session that is granted.
const SessionID = 0x1234

// ConnectReply grants a session.
func ConnectReply(timeout time.Duration) []byte {
	return Packet(Number(0), Number(int32(timeout.Milliseconds())), Long(SessionID), password())
}

// Answer is what a server that tells the truth sends. The values of its nodes
// begin with that word.
func Answer(r Request, word string) []byte {
	switch r.Op {
	case opGetData:
		return Reply(r.Xid, NoError, Text(word+r.path), Stat())
	case opExists:
		return Reply(r.Xid, NoError, Stat())
	case opGetChildren:
		return Reply(r.Xid, NoError, Number(1), Text("child"), Stat())
	case opGetACL:
		return Reply(r.Xid, NoError, Number(1), Number(31), Text("world"), Text("anyone"), Stat())
	}
	return Reply(r.Xid, NoError) // a ping has its own xid
}
