package fakezk

import (
	"bytes"
	"math"
	"math/rand/v2"
	"net"
	"time"

	"github.com/mod-zookeeper/traefik-zookeeper/e2e/internal/relay"
)

// Outcome is what has to come of a client's requests while the server
// misbehaves.
type Outcome int

const (
	Fail          Outcome = iota // each ends with an error
	FailButExists                // the same, but for the one whose answer has no length
	Succeed                      // each gets its own answer
	End                          // each ends; the server's lies can't be told from answers
)

// Allows tells whether what came of an operation may come of it: whether it failed, and
// else whether its answer is the server's own.
func (o Outcome) Allows(exists, failed, answered bool) bool {
	switch o {
	case Fail:
		return failed
	case FailButExists:
		return failed != exists
	case Succeed:
		return answered && !failed
	}
	return true
}

// Misbehaviour is a way to serve a connection.
type Misbehaviour struct {
	Name  string
	Serve func(net.Conn)
	Want  Outcome
}

// Word is what the values of those begin with that answer rightly.
const Word = "fake"

const twoGB = math.MaxInt32

// Granted is the timeout of the sessions that misbehaving servers grant.
const Granted = time.Second

// CallbacksPanic is the misbehaviour of the client's user.
const CallbacksPanic = "CallbacksPanic"

// Misbehaviours are all of them.
var Misbehaviours = []Misbehaviour{
	{CallbacksPanic, answers(withEvents), Succeed},
	{"AcceptsAndCloses", relay.Refuse, Fail},
	{"AcceptsAndIsSilent", Silent, Fail},
	{"Garbage", garbage, Fail},
	{"AnotherProtocol", sends([]byte("HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n")), Fail},

	{"ConnectReplyTruncated", sends(Packet(Number(0), Number(1000))), Fail},
	{"ConnectReplyEmpty", sends(Packet()), Fail},
	{"ConnectReplyHalf", sends(ConnectReply(Granted)[:20]), Fail},
	{"ConnectReplyTrickles", trickles(ConnectReply(Granted), 200*time.Millisecond), Fail},
	{"ConnectReplyNegative", sends(Number(-1)), Fail},
	{"ConnectReplyTwoGB", sends(Number(twoGB)), Fail},
	{"ConnectReplyLong", sends(Packet(Number(0), Number(1000), Long(SessionID), Text(string(make([]byte, 1000))))), Fail},
	{"PasswordNegative", sends(Packet(Number(0), Number(1000), Long(SessionID), Number(-7))), Fail},
	{"PasswordTwoGB", sends(Packet(Number(0), Number(1000), Long(SessionID), Number(twoGB))), Fail},
	{"PasswordLong", sends(Packet(Number(0), Number(1000), Long(SessionID), Text(string(make([]byte, 230))))), Fail},
	{"TimeoutZero", sends(ConnectReply(0)), Fail},
	{"TimeoutNegative", sends(ConnectReply(-time.Second)), Fail},
	{"TimeoutOneMillisecond", sends(ConnectReply(time.Millisecond)), Fail},
	{"SessionExpiresAlways", sends(Packet(Number(0), Number(0), Long(0), password())), Fail},
	{"SessionEndsAtOnce", GrantsAndCloses, Fail},
	{"SessionRefused", sends(Reply(0, notReadOnly)), Fail},
	{"SilentWithSession", sends(ConnectReply(Granted)), Fail},

	{"FrameNegative", answers(fixed(Number(-1))), Fail},
	{"FrameEmpty", answers(fixed(Number(0))), Fail},
	{"FrameShort", answers(fixed(Packet(Number(1), Number(0)))), Fail},
	{"FrameTwoGB", answers(fixed(Number(twoGB))), Fail},
	{"FrameTwoGBStream", answers(fixed(Join(Number(twoGB), make([]byte, 8<<20)))), Fail},
	{"FrameTrickles", slowly(250 * time.Millisecond), Fail},

	{"BodyMissing", answers(func(r Request) []byte { return Reply(r.Xid, NoError) }), Fail},
	{"BodyTruncated", answers(truncated), Fail},
	{"BodyNegative", answers(func(r Request) []byte { return Reply(r.Xid, NoError, Number(-5)) }), Fail},
	{"BodyTwoGB", answers(func(r Request) []byte { return Reply(r.Xid, NoError, Number(twoGB), Stat()) }), FailButExists},
	{"VectorOf64Mi", answers(func(r Request) []byte { return Reply(r.Xid, NoError, Number(64<<20), Stat()) }), FailButExists},
	{"StringNegative", answers(func(r Request) []byte { return Reply(r.Xid, NoError, Number(1), Number(-3)) }), Fail},
	{"StringTwoGB", answers(func(r Request) []byte { return Reply(r.Xid, NoError, Number(1), Number(twoGB)) }), Fail},
	{"BodyGarbage", answers(func(r Request) []byte { return Reply(r.Xid, NoError, noise(int(r.Xid)%200)) }), End},
	{"ErrorUnknown", answers(func(r Request) []byte { return Reply(r.Xid, -9999) }), Fail},

	{"XidUnknown", answers(func(r Request) []byte { return Reply(r.Xid+1000, NoError, Stat()) }), Fail},
	{"XidNegative", answers(func(r Request) []byte { return Reply(-77, NoError, Stat()) }), Fail},
	{"AnswersTwice", answers(func(r Request) []byte { return Join(Answer(r, Word), Answer(r, Word)) }), End},
	{"AnswersOutOfOrder", outOfOrder, Succeed},
	{"ByteAtATime", slowly(0), Succeed},

	{"EventsForUnknownPaths", answers(withEvents), Succeed},
	{"EventTruncated", answers(fixed(Reply(xidEvent, NoError, Number(3)))), Fail},
	{"EventPathNegative", answers(fixed(event(Number(-1)))), Fail},
	{"EventPathTwoGB", answers(fixed(event(Number(twoGB)))), Fail},
	{"EndlessEvents", endless(event(Text("/nobody/watches/this"))), Fail},
	{"EndlessPings", endless(Reply(xidPing, NoError)), Fail},
	{"EndlessUnknown", endless(Reply(1_000_000, NoError)), Fail},
}

// hold keeps a connection open, silent, until the client or the test ends it.
func hold(conn net.Conn) {
	for {
		if _, err := ReadPacket(conn); err != nil {
			return
		}
	}
}

func Silent(conn net.Conn) { hold(conn) }

func garbage(conn net.Conn) {
	ReadPacket(conn)
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
		ReadPacket(conn)
		conn.Write(bytes)
		hold(conn)
	}
}

func trickles(bytes []byte, pause time.Duration) func(net.Conn) {
	return func(conn net.Conn) {
		ReadPacket(conn)
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

func GrantsAndCloses(conn net.Conn) {
	ReadPacket(conn)
	conn.Write(ConnectReply(Granted))
}

// answers grants a session, answers pings, and everything else in its own way.
func answers(how func(Request) []byte) func(net.Conn) {
	return session(func(conn net.Conn, r Request) {
		if r.Op != opPing {
			conn.Write(how(r))
			return
		}
		conn.Write(Answer(r, ""))
	})
}

func session(take func(net.Conn, Request)) func(net.Conn) {
	return func(conn net.Conn) {
		ReadPacket(conn)
		conn.Write(ConnectReply(Granted))
		for {
			r, err := ReadRequest(conn)
			if err != nil {
				return
			}
			take(conn, r)
		}
	}
}

func fixed(bytes []byte) func(Request) []byte {
	return func(Request) []byte { return bytes }
}

// truncated is a true answer without its last byte, in a packet that is as long
// as it says.
func truncated(r Request) []byte {
	whole := Answer(r, Word)
	return Packet(whole[4 : len(whole)-1])
}

func withEvents(r Request) []byte {
	unknown := event(Text("/nobody/watches/this"))
	return Join(bytes.Repeat(unknown, 3), Answer(r, Word), unknown)
}

func slowly(pause time.Duration) func(net.Conn) {
	return session(func(conn net.Conn, r Request) { trickle(conn, Answer(r, Word), pause) })
}

// outOfOrder answers every second request before the first. The one that has no
// other to wait for is answered with the next ping.
func outOfOrder(conn net.Conn) {
	var waiting []byte
	session(func(conn net.Conn, r Request) {
		mine := Answer(r, Word)
		if waiting == nil && r.Op != opPing {
			waiting = mine
			return
		}
		conn.Write(Join(mine, waiting))
		waiting = nil
	})(conn)
}

// endless answers nothing, and sends the same for ever.
func endless(bytes []byte) func(net.Conn) {
	return func(conn net.Conn) {
		ReadPacket(conn)
		conn.Write(ConnectReply(Granted))
		go hold(conn)
		for {
			if _, err := conn.Write(bytes); err != nil {
				return
			}
		}
	}
}

// Dismisses grants sessions, answers the first request of each with an error, and closes
// the connection behind it.
func Dismisses(errorCode int32) func(net.Conn) {
	return func(conn net.Conn) {
		ReadPacket(conn)
		conn.Write(ConnectReply(Granted))
		if r, err := ReadRequest(conn); err == nil {
			conn.Write(Reply(r.Xid, errorCode))
		}
	}
}

// Answers grants sessions, and answers each request but pings with an error.
func Answers(errorCode int32) func(net.Conn) {
	return answers(func(r Request) []byte { return Reply(r.Xid, errorCode) })
}
