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

// fastDecode decodes what it knows, and tells whether it did.
func fastDecode(buf []byte, st interface{}) (int, bool) {
	switch p := st.(type) {
	case *responseHeader:
		p.Xid = int32(binary.BigEndian.Uint32(buf[0:4]))
		p.Zxid = int64(binary.BigEndian.Uint64(buf[4:12]))
		p.Err = ErrCode(int32(binary.BigEndian.Uint32(buf[12:16])))
		return 16, true
	case *getDataResponse:
		ln := int(int32(binary.BigEndian.Uint32(buf[0:4])))
		n := 4
		p.Data = nil
		if ln >= 0 {
			p.Data = append([]byte{}, buf[n:n+ln]...)
			n += ln
		}
		err := binary.Read(bytes.NewReader(buf[n:n+statSize]), binary.BigEndian, &p.Stat)
		return n + statSize, err == nil
	case *getChildren2Response:
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
		err := binary.Read(bytes.NewReader(buf[n:n+statSize]), binary.BigEndian, &p.Stat)
		return n + statSize, err == nil
	case *existsResponse:
		err := binary.Read(bytes.NewReader(buf[:statSize]), binary.BigEndian, &p.Stat)
		return statSize, err == nil
	case *watcherEvent:
		p.Type = EventType(int32(binary.BigEndian.Uint32(buf[0:4])))
		p.State = State(int32(binary.BigEndian.Uint32(buf[4:8])))
		ln := int(int32(binary.BigEndian.Uint32(buf[8:12])))
		p.Path = string(buf[12 : 12+ln])
		return 12 + ln, true
	}
	return 0, false
}

// fastEncode encodes what it knows, and tells whether it did.
func fastEncode(buf []byte, st interface{}) (int, bool) {
	switch p := st.(type) {
	case *requestHeader:
		binary.BigEndian.PutUint32(buf[0:4], uint32(p.Xid))
		binary.BigEndian.PutUint32(buf[4:8], uint32(p.Opcode))
		return 8, true
	case *getDataRequest:
		ln := len(p.Path)
		binary.BigEndian.PutUint32(buf[0:4], uint32(ln))
		copy(buf[4:4+ln], p.Path)
		buf[4+ln] = 0
		if p.Watch {
			buf[4+ln] = 1
		}
		return 5 + ln, true
	}
	return 0, false
}

// plainPath matches most of the paths that are valid, and no other.
var plainPath = regexp.MustCompile(`^(/[A-Za-z0-9_:@-][A-Za-z0-9_:@.-]*)+$`)
