package client

import (
	"encoding/binary"
	"fmt"

	"github.com/go-zookeeper/zk"

	"github.com/mod-zookeeper/traefik-zookeeper/e2e/internal/fakezk"
)

// packet is the model's way to read: from the front, until something is missing.
type packet struct {
	rest  []byte
	short bool
}

func (p *packet) take(n int) []byte {
	if n < 0 || n > len(p.rest) {
		p.short, p.rest = true, nil
		return make([]byte, max(0, min(n, 100)))
	}
	taken := p.rest[:n]
	p.rest = p.rest[n:]
	return taken
}

func (p *packet) number() int32 { return int32(binary.BigEndian.Uint32(p.take(4))) }
func (p *packet) long() int64   { return int64(binary.BigEndian.Uint64(p.take(8))) }

// text reads one whose length may be negative for none, or may not.
func (p *packet) text(orNone bool) []byte {
	length := p.number()
	if length < 0 && orNone {
		return nil
	}
	return p.take(int(length))
}

func (p *packet) stat() *zk.Stat {
	return &zk.Stat{
		Czxid: p.long(), Mzxid: p.long(), Ctime: p.long(), Mtime: p.long(), Version: p.number(), Cversion: p.number(), Aversion: p.number(),
		EphemeralOwner: p.long(), DataLength: p.number(), NumChildren: p.number(), Pzxid: p.long(),
	}
}

// expected is what the model makes of a script.
type expected struct {
	welcome   bool // there is a session
	unhurried bool // the client has time for everything
	fits      bool // there is a reply to the operation
	value     string
	events    []string
}

func (s *script) model(op byte) expected {
	var want expected
	greeting := &packet{rest: s.greeting}
	length := greeting.number()
	if length > 128 || length == 16 {
		return want
	}
	hello := &packet{rest: greeting.take(int(length))}
	hello.number()
	timeout, id := hello.number(), hello.long()
	hello.text(true)
	want.welcome = !greeting.short && !hello.short && timeout > 0 && id != 0
	want.unhurried = want.welcome && timeout >= int32(patient.Milliseconds())
	stream := &packet{rest: fakezk.Join(greeting.rest, s.before, s.reply)}
	for want.welcome {
		size := stream.number()
		frame := &packet{rest: stream.take(int(size))}
		xid, _, code := frame.number(), frame.long(), frame.number()
		switch {
		case stream.short || frame.short || size > longestPacket:
			return want
		case xid == s.xid:
			want.value, want.fits = modelReply(op, code, frame)
			return want
		case xid == -1:
			kind, state, path := frame.number(), frame.number(), frame.text(false)
			if frame.short {
				return want
			}
			want.events = append(want.events, eventText(zk.EventType(kind), zk.State(state), string(path))...)
		case xid != -2:
			return want
		}
	}
	return want
}

const noNode = -101

func modelReply(op byte, code int32, p *packet) (string, bool) {
	if (op == 2 || op == 3) && code == noNode {
		return fmt.Sprintf("false %v", &zk.Stat{}), true
	}
	value := ""
	switch op {
	case 0, 1:
		data := p.text(true)
		value = fmt.Sprintf("%q %v", data, p.stat())
	case 2, 3:
		value = fmt.Sprintf("true %v", p.stat())
	case 4:
		var names []string
		for count := p.number(); count > 0 && !p.short; count-- {
			names = append(names, string(p.text(false)))
		}
		value = fmt.Sprintf("%q %v", names, p.stat())
	case 5:
		acl := []zk.ACL{}
		for count := p.number(); count > 0 && !p.short; count-- {
			acl = append(acl, zk.ACL{Perms: p.number(), Scheme: string(p.text(true)), ID: string(p.text(true))})
		}
		value = fmt.Sprintf("%q %v", acl, p.stat())
	default:
		return modelMulti(code, p)
	}
	return value, code == 0 && !p.short
}

// modelMulti reads the results for two nodes, and the end.
func modelMulti(code int32, p *packet) (string, bool) {
	data, stats, errs := make([][]byte, 2), make([]*zk.Stat, 2), make([]bool, 2)
	for i := range data {
		kind, done := p.number(), p.take(1)[0]
		p.number()
		errs[i] = kind == -1
		if done != 0 || kind != -1 && kind != 4 {
			return "", false
		}
		if errs[i] {
			p.number()
			continue
		}
		data[i] = p.text(true)
		stats[i] = p.stat()
	}
	p.number()
	done := p.take(1)[0]
	p.number()
	return multiValue(data, stats, errs), code == 0 && !p.short && done != 0
}
