package zk

import (
	"bytes"
	"encoding/binary"
	"errors"
)

// ErrUnimplemented means that the server is too old for the operation.
var ErrUnimplemented = errors.New("zk: the server doesn't have this operation")

const (
	opRemoveWatches = 18
	opMultiRead     = 22
	opAddWatch      = 106

	watchRecursive = 1 // mode of opAddWatch: persistent, for all below too

	// types of opRemoveWatches
	watcherChildren = 1
	watcherData     = 2
	watcherAny      = 3
)

type addWatchRequest struct {
	Path string
	Mode int32
}

type addWatchResponse struct {
	Err int32
}

type removeWatchesRequest struct {
	Path string
	Type int32
}

type removeWatchesResponse struct{}

// AddRecursiveWatch has the server tell of each node at the path and below it that
// is created, deleted or changed, until the connection breaks; ZooKeeper 3.6 and
// newer do, others answer ErrUnimplemented. The events come through the event
// callback only. Whoever reads the nodes after this has returned misses nothing.
//
// After a reconnect the watch has to be added and the nodes to be read again:
// nobody tells what changed meanwhile.
func (c *Conn) AddRecursiveWatch(path string) error {
	if err := validatePath(path, false); err != nil {
		return err
	}
	_, err := c.request(opAddWatch, &addWatchRequest{Path: path, Mode: watchRecursive}, &addWatchResponse{}, nil)
	return err
}

// RemoveRecursiveWatch ends a recursive watch; and every other watch of this
// path itself that the session has.
func (c *Conn) RemoveRecursiveWatch(path string) error {
	if err := validatePath(path, false); err != nil {
		return err
	}
	_, err := c.request(opRemoveWatches, &removeWatchesRequest{Path: path, Type: watcherAny}, &removeWatchesResponse{}, nil)
	return err
}

// RemoveWatches takes back the watches of a node's children, or of its data and
// existence, which nobody waits for any more: their channels get no event.
func (c *Conn) RemoveWatches(path string, children bool) error {
	if err := validatePath(path, false); err != nil {
		return err
	}
	kind := int32(watcherData)
	if children {
		kind = watcherChildren
	}
	c.forgetWatches(path, children)
	_, err := c.request(opRemoveWatches, &removeWatchesRequest{Path: path, Type: kind}, &removeWatchesResponse{}, nil)
	return err
}

func (c *Conn) forgetWatches(path string, children bool) {
	c.watchersLock.Lock()
	defer c.watchersLock.Unlock()
	if children {
		delete(c.watchers, watchPathType{path, watchTypeChild})
		return
	}
	delete(c.watchers, watchPathType{path, watchTypeData})
	delete(c.watchers, watchPathType{path, watchTypeExist})
}

// MultiGet reads the data of nodes in one request, in the order of the paths, with
// an error for each of them; ZooKeeper 3.6 and newer do, others answer
// ErrUnimplemented. The last result is the error of the request as a whole.
func (c *Conn) MultiGet(paths []string) ([][]byte, []*Stat, []error, error) {
	for _, path := range paths {
		if err := validatePath(path, false); err != nil {
			return nil, nil, nil, err
		}
	}
	res := &multiGetResponse{}
	_, err := c.request(opMultiRead, &multiGetRequest{Paths: paths}, res, nil)
	if err == nil && len(res.Errs) != len(paths) {
		err = ErrAPIError
	}
	if err != nil {
		return nil, nil, nil, err
	}
	return res.Data, res.Stats, res.Errs, nil
}

type multiGetRequest struct {
	Paths []string
}

const multiHeaderSize = 9

// multiDone ends a multi request, and its response.
var multiDone = []byte{0xff, 0xff, 0xff, 0xff, 1, 0xff, 0xff, 0xff, 0xff}

// Encode writes a header and a getDataRequest for each path.
func (r *multiGetRequest) Encode(buf []byte) (int, error) {
	n := 0
	for _, path := range r.Paths {
		ln := len(path)
		if len(buf) < n+multiHeaderSize+5+ln+multiHeaderSize {
			return n, ErrShortBuffer
		}
		copy(buf[n:], multiGetHeader)
		binary.BigEndian.PutUint32(buf[n+multiHeaderSize:], uint32(ln))
		copy(buf[n+multiHeaderSize+4:], path)
		n += multiHeaderSize + 4 + ln
		buf[n] = 0 // no watch
		n++
	}
	copy(buf[n:n+multiHeaderSize], multiDone)
	return n + multiHeaderSize, nil
}

var multiGetHeader = []byte{0, 0, 0, opGetData, 0, 0xff, 0xff, 0xff, 0xff}

type multiGetResponse struct {
	Data  [][]byte
	Stats []*Stat
	Errs  []error
}

// Decode reads what the server has for each path: its data, or an error. A length
// beyond the packet is the caller's to notice, as a slice out of range.
func (r *multiGetResponse) Decode(buf []byte) (int, error) {
	n := 0
	for {
		header := buf[n : n+multiHeaderSize]
		n += multiHeaderSize
		if header[4] != 0 {
			return n, nil
		}
		size := int(int32(binary.BigEndian.Uint32(buf[n : n+4])))
		n += 4
		if int32(binary.BigEndian.Uint32(header)) < 0 {
			r.add(nil, nil, ErrCode(size).toError())
			continue
		}
		var data []byte
		if size >= 0 {
			data = append([]byte{}, buf[n:n+size]...)
			n += size
		}
		stat := &Stat{}
		err := binary.Read(bytes.NewReader(buf[n:n+statSize]), binary.BigEndian, stat)
		if err != nil {
			return n, err
		}
		n += statSize
		r.add(data, stat, nil)
	}
}

func (r *multiGetResponse) add(data []byte, stat *Stat, err error) {
	r.Data = append(r.Data, data)
	r.Stats = append(r.Stats, stat)
	r.Errs = append(r.Errs, err)
}
