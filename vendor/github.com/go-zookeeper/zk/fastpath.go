package zk

import (
	"bytes"
	"encoding/binary"
	"regexp"
)

// The packets that a client reads and writes most are coded here without the
// walk through their fields by reflection. Where that walk is interpreted, it
// is most of a request's cost.

const statSize = 68

// Yaegi: a function costs by its length with each call, whatever part of it runs.

// fastDecode decodes what it knows, and tells whether it did.
func fastDecode(buf []byte, st interface{}) (int, bool) {
	switch p := st.(type) {
	case *getChildren2Response:
		return decodeChildren(buf, p)
	case *existsResponse:
		err := decodeFixed(buf[:statSize], &p.Stat)
		return statSize, err == nil
	}
	return 0, false
}

// decodeFixed decodes fields that have no length of their own, all in one compiled call.
func decodeFixed(buf []byte, fields interface{}) error {
	return binary.Read(bytes.NewReader(buf), binary.BigEndian, fields)
}

func decodeData(buf []byte, p *getDataResponse) error {
	if len(buf) < 4+statSize {
		return ErrShortBuffer
	}
	n := 4
	ln := int(int32(binary.BigEndian.Uint32(buf)))
	p.Data = nil
	if ln >= 0 {
		n += ln
		if n > len(buf)-statSize {
			return ErrShortBuffer
		}
		p.Data = append([]byte{}, buf[4:n]...)
	}
	return decodeFixed(buf[n:n+statSize], &p.Stat)
}

const eventSize = 12 // without its path

func decodeEvent(buf []byte) (Event, error) {
	if len(buf) < eventSize {
		return Event{}, ErrShortBuffer
	}
	end := eventSize + int(int32(binary.BigEndian.Uint32(buf[8:])))
	if end < eventSize || end > len(buf) {
		return Event{}, ErrShortBuffer
	}
	return Event{
		Type:  EventType(int32(binary.BigEndian.Uint32(buf))),
		State: State(int32(binary.BigEndian.Uint32(buf[4:]))),
		Path:  string(buf[eventSize:end]),
	}, nil
}

func decodeChildren(buf []byte, p *getChildren2Response) (int, bool) {
	count := int(int32(binary.BigEndian.Uint32(buf[0:4])))
	if count > len(buf)/4 {
		return 0, false
	}
	n := 4
	p.Children = nil
	for i := 0; i < count; i++ {
		ln := int(int32(binary.BigEndian.Uint32(buf[n : n+4])))
		p.Children = append(p.Children, string(buf[n+4:n+4+ln]))
		n += 4 + ln
	}
	err := decodeFixed(buf[n:n+statSize], &p.Stat)
	return n + statSize, err == nil
}

func encodeRequest(buf []byte, req *request) (int, error) {
	if req.opcode == opGetData {
		return encodeGetData(buf, req.pkt.(*getDataRequest)) //yaegi:ok the operation tells
	}
	return encodePacket(buf, req.pkt)
}

func encodeGetData(buf []byte, p *getDataRequest) (int, error) {
	ln := len(p.Path)
	if ln > len(buf)-emptyGetData {
		return 0, ErrShortBuffer
	}
	binary.BigEndian.PutUint32(buf, uint32(ln))
	copy(buf[4:4+ln], p.Path)
	buf[4+ln] = 0
	if p.Watch {
		buf[4+ln] = 1
	}
	return emptyGetData + ln, nil
}

// plainPath matches most of the paths that are valid, and no other.
var plainPath = regexp.MustCompile(`^(/[A-Za-z0-9_:@-][A-Za-z0-9_:@.-]*)+$`)
