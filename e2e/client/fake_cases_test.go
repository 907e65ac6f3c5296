package client

import (
	"bytes"
	"math"
	"math/rand/v2"
	"net"
	"time"
)

// outcome is what has to come of a client's requests while the server
// misbehaves.
type outcome int

const (
	fail          outcome = iota // each ends with an error
	failButExists                // the same, but for the one whose answer has no length
	succeed                      // each gets its own answer
	end                          // each ends; the server's lies can't be told from answers
)

// misbehaviour is a way to serve a connection.
type misbehaviour struct {
	name  string
	serve func(net.Conn)
	want  outcome
}

const twoGB = math.MaxInt32

// granted is the timeout of the sessions that misbehaving servers grant.
const granted = time.Second

// callbacksPanic is the misbehaviour of the client's user.
const callbacksPanic = "CallbacksPanic"

var misbehaviours = []misbehaviour{
	{callbacksPanic, answers(withEvents), succeed},
	{"AcceptsAndCloses", refuse, fail},
	{"AcceptsAndIsSilent", silent, fail},
	{"Garbage", garbage, fail},
	{"AnotherProtocol", sends([]byte("HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n")), fail},

	{"ConnectReplyTruncated", sends(packet(number(0), number(1000))), fail},
	{"ConnectReplyEmpty", sends(packet()), fail},
	{"ConnectReplyHalf", sends(connectReply(granted)[:20]), fail},
	{"ConnectReplyTrickles", trickles(connectReply(granted), 200*time.Millisecond), fail},
	{"ConnectReplyNegative", sends(number(-1)), fail},
	{"ConnectReplyTwoGB", sends(number(twoGB)), fail},
	{"ConnectReplyLong", sends(packet(number(0), number(1000), long(sessionID), text(string(make([]byte, 1000))))), fail},
	{"PasswordNegative", sends(packet(number(0), number(1000), long(sessionID), number(-7))), fail},
	{"PasswordTwoGB", sends(packet(number(0), number(1000), long(sessionID), number(twoGB))), fail},
	{"PasswordLong", sends(packet(number(0), number(1000), long(sessionID), text(string(make([]byte, 230))))), fail},
	{"TimeoutZero", sends(connectReply(0)), fail},
	{"TimeoutNegative", sends(connectReply(-time.Second)), fail},
	{"TimeoutOneMillisecond", sends(connectReply(time.Millisecond)), fail},
	{"SessionExpiresAlways", sends(packet(number(0), number(0), long(0), password())), fail},
	{"SessionEndsAtOnce", grantsAndCloses, fail},
	{"SessionRefused", sends(reply(0, notReadOnly)), fail},
	{"SilentWithSession", sends(connectReply(granted)), fail},

	{"FrameNegative", answers(fixed(number(-1))), fail},
	{"FrameEmpty", answers(fixed(number(0))), fail},
	{"FrameShort", answers(fixed(packet(number(1), number(0)))), fail},
	{"FrameTwoGB", answers(fixed(number(twoGB))), fail},
	{"FrameTwoGBStream", answers(fixed(join(number(twoGB), make([]byte, 8<<20)))), fail},
	{"FrameTrickles", slowly(250 * time.Millisecond), fail},

	{"BodyMissing", answers(func(r request) []byte { return reply(r.xid, noError) }), fail},
	{"BodyTruncated", answers(truncated), fail},
	{"BodyNegative", answers(func(r request) []byte { return reply(r.xid, noError, number(-5)) }), fail},
	{"BodyTwoGB", answers(func(r request) []byte { return reply(r.xid, noError, number(twoGB), stat()) }), failButExists},
	{"VectorOf64Mi", answers(func(r request) []byte { return reply(r.xid, noError, number(64<<20), stat()) }), failButExists},
	{"StringNegative", answers(func(r request) []byte { return reply(r.xid, noError, number(1), number(-3)) }), fail},
	{"StringTwoGB", answers(func(r request) []byte { return reply(r.xid, noError, number(1), number(twoGB)) }), fail},
	{"BodyGarbage", answers(func(r request) []byte { return reply(r.xid, noError, noise(int(r.xid)%200)) }), end},
	{"ErrorUnknown", answers(func(r request) []byte { return reply(r.xid, -9999) }), fail},

	{"XidUnknown", answers(func(r request) []byte { return reply(r.xid+1000, noError, stat()) }), fail},
	{"XidNegative", answers(func(r request) []byte { return reply(-77, noError, stat()) }), fail},
	{"AnswersTwice", answers(func(r request) []byte { return join(answer(r, "fake"), answer(r, "fake")) }), end},
	{"AnswersOutOfOrder", outOfOrder, succeed},
	{"ByteAtATime", slowly(0), succeed},

	{"EventsForUnknownPaths", answers(withEvents), succeed},
	{"EventTruncated", answers(fixed(reply(xidEvent, noError, number(3)))), fail},
	{"EventPathNegative", answers(fixed(event(number(-1)))), fail},
	{"EventPathTwoGB", answers(fixed(event(number(twoGB)))), fail},
	{"EndlessEvents", endless(event(text("/nobody/watches/this"))), fail},
	{"EndlessPings", endless(reply(xidPing, noError)), fail},
	{"EndlessUnknown", endless(reply(1_000_000, noError)), fail},
}

// hold keeps a connection open, silent, until the client or the test ends it.
func hold(conn net.Conn) {
	for {
		if _, err := readPacket(conn); err != nil {
			return
		}
	}
}

func silent(conn net.Conn) { hold(conn) }

func garbage(conn net.Conn) {
	readPacket(conn)
	conn.Write(noise(4096))
}

// noise is the same at every run.
func noise(n int) []byte {
	bytes := make([]byte, n)
	source := rand.NewChaCha8([32]byte{})
	source.Read(bytes)
	return bytes
}

// sends sends the same to every client that connects, and nothing else.
func sends(bytes []byte) func(net.Conn) {
	return func(conn net.Conn) {
		readPacket(conn)
		conn.Write(bytes)
		hold(conn)
	}
}

func trickles(bytes []byte, pause time.Duration) func(net.Conn) {
	return func(conn net.Conn) {
		readPacket(conn)
		trickle(conn, bytes, pause)
		hold(conn)
	}
}

func trickle(conn net.Conn, bytes []byte, pause time.Duration) {
	for i := range bytes {
		if _, err := conn.Write(bytes[i : i+1]); err != nil {
			return
		}
		time.Sleep(pause)
	}
}

func grantsAndCloses(conn net.Conn) {
	readPacket(conn)
	conn.Write(connectReply(granted))
}

// answers grants a session, answers pings, and everything else in its own way.
func answers(how func(request) []byte) func(net.Conn) {
	return session(func(conn net.Conn, r request) {
		if r.op != opPing {
			conn.Write(how(r))
			return
		}
		conn.Write(answer(r, ""))
	})
}

func session(take func(net.Conn, request)) func(net.Conn) {
	return func(conn net.Conn) {
		readPacket(conn)
		conn.Write(connectReply(granted))
		for {
			r, err := readRequest(conn)
			if err != nil {
				return
			}
			take(conn, r)
		}
	}
}

func fixed(bytes []byte) func(request) []byte {
	return func(request) []byte { return bytes }
}

// truncated is a true answer without its last byte, in a packet that is as long
// as it says.
func truncated(r request) []byte {
	whole := answer(r, "fake")
	return packet(whole[4 : len(whole)-1])
}

func withEvents(r request) []byte {
	unknown := event(text("/nobody/watches/this"))
	return join(bytes.Repeat(unknown, 3), answer(r, "fake"), unknown)
}

func slowly(pause time.Duration) func(net.Conn) {
	return session(func(conn net.Conn, r request) { trickle(conn, answer(r, "fake"), pause) })
}

// outOfOrder answers every second request before the first. The one that has no
// other to wait for is answered with the next ping.
func outOfOrder(conn net.Conn) {
	var waiting []byte
	session(func(conn net.Conn, r request) {
		mine := answer(r, "fake")
		if waiting == nil && r.op != opPing {
			waiting = mine
			return
		}
		conn.Write(join(mine, waiting))
		waiting = nil
	})(conn)
}

// endless answers nothing, and sends the same for ever.
func endless(bytes []byte) func(net.Conn) {
	return func(conn net.Conn) {
		readPacket(conn)
		conn.Write(connectReply(granted))
		go hold(conn)
		for {
			if _, err := conn.Write(bytes); err != nil {
				return
			}
		}
	}
}
