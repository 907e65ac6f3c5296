package zk

import (
	"bytes"
	"encoding/binary"
	"regexp"
	"strings"
)

// MultiGet reads the data of nodes in one request, in the order of the paths, with
// an error for each of them; ZooKeeper 3.6 and newer do, for others it is
// ErrUnimplemented. The last result is the error of the request as a whole. Servers
// take no request of more than a megabyte.
func (c *Conn) MultiGet(paths []string) ([][]byte, []*Stat, []error, error) {
	lines := strings.Join(paths, "\n")
	if !plainPaths.MatchString(lines) || strings.Count(lines, "\n") != len(paths)-1 {
		for _, path := range paths {
			if err := validatePath(path, false); err != nil {
				return nil, nil, nil, err
			}
		}
	}
	res := newMultiGetResponse(len(paths))
	_, err := c.requestNewer(opMultiRead, &multiGetRequest{Paths: paths}, res, nil)
	if err != nil {
		return nil, nil, nil, err
	}
	return res.Data, res.Stats, res.Errs, nil
}

// plainPaths matches paths that plainPath does, one a line.
var plainPaths = regexp.MustCompile(`^(/[A-Za-z0-9_:@-][A-Za-z0-9_:@.-]*)+(\n(/[A-Za-z0-9_:@-][A-Za-z0-9_:@.-]*)+)*$`)

type multiGetRequest struct {
	Paths []string
}

const multiHeaderSize = 9 // type, done, error

var (
	multiGetHeader = []byte{0, 0, 0, opGetData, 0, 0xff, 0xff, 0xff, 0xff}
	// multiDone ends a request, and its response.
	multiDone = []byte{0xff, 0xff, 0xff, 0xff, 1, 0xff, 0xff, 0xff, 0xff}
)

// Encode writes a header and a getDataRequest for each path. What doesn't fit is
// the caller's to notice, as an index out of range.
func (r *multiGetRequest) Encode(buf []byte) (int, error) {
	n := 0
	for _, path := range r.Paths {
		ln := len(path)
		copy(buf[n:], multiGetHeader)
		binary.BigEndian.PutUint32(buf[n+multiHeaderSize:], uint32(ln))
		n += multiHeaderSize + 4
		copy(buf[n:], path)
		n += ln
		buf[n] = 0 // no watch
		n++
	}
	copy(buf[n:n+multiHeaderSize], multiDone)
	return n + multiHeaderSize, nil
}

// multiGetResponse has a place for each path that was asked for.
type multiGetResponse struct {
	Data  [][]byte
	Stats []*Stat
	Errs  []error
}

func newMultiGetResponse(n int) *multiGetResponse {
	return &multiGetResponse{Data: make([][]byte, n), Stats: make([]*Stat, n), Errs: make([]error, n)}
}

// Decode reads what the server has for each path: its data, or an error. A length
// beyond the packet is the caller's to notice, as a slice out of range.
func (r *multiGetResponse) Decode(buf []byte) (int, error) {
	n := 0
	for i := 0; ; i++ {
		kind := int32(binary.BigEndian.Uint32(buf[n : n+4]))
		done := buf[n+4] != 0
		n += multiHeaderSize
		switch {
		case done && i == len(r.Errs) && n <= len(buf):
			return n, nil
		case done || i == len(r.Errs) || kind != opGetData && kind != opError:
			return n, ErrAPIError
		}
		size := int(int32(binary.BigEndian.Uint32(buf[n : n+4])))
		n += 4
		if kind == opError {
			r.Errs[i] = multiError(ErrCode(size))
			continue
		}
		if size >= 0 {
			r.Data[i] = append([]byte{}, buf[n:n+size]...)
			n += size
		}
		stat := &Stat{}
		if err := binary.Read(bytes.NewReader(buf[n:n+statSize]), binary.BigEndian, stat); err != nil {
			return n, err
		}
		n += statSize
		r.Stats[i] = stat
	}
}

func multiError(code ErrCode) error {
	if code == errOk {
		return ErrAPIError
	}
	return code.toError()
}
