package fakezk

import (
	"net"
	"testing"
)

func TestReadRequest(t *testing.T) {
	for name, c := range map[string]struct {
		body []byte
		want Request
	}{
		"with a path":              {Join(Number(7), Number(opGetData), Text("/node"), []byte{1}), Request{Xid: 7, Op: opGetData, path: "/node"}},
		"that begins with a zxid":  {Join(Number(9), Number(101), Long(0x7f00000001)), Request{Xid: 9, Op: 101}},
		"with nothing but a xid":   {Join(Number(10), Number(opPing)), Request{Xid: 10, Op: opPing}},
		"with a path without end":  {Join(Number(11), Number(opExists), Number(100), []byte("/node")), Request{Xid: 11, Op: opExists}},
		"with a length below zero": {Join(Number(12), Number(opExists), Number(-1), []byte("/node")), Request{Xid: 12, Op: opExists}},
	} {
		t.Run(name, func(t *testing.T) {
			client, server := net.Pipe()
			defer client.Close()
			defer server.Close()
			go client.Write(Packet(c.body))
			if got, err := ReadRequest(server); got != c.want || err != nil {
				t.Errorf("%+v, %v; want %+v", got, err, c.want)
			}
		})
	}
}
