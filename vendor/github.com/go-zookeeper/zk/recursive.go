package zk

import "reflect"

// Servers before 3.9 have one kind of watch for a path in a session, the one that
// was set last (ZOOKEEPER-4466): reading a node with a watch would end a recursive
// one there. A one-shot watch of a node's data is told of nothing that a recursive
// one isn't, so where there is one the other is kept in the client only. That is
// decided when a request is sent, as servers follow that order.

const (
	watchRecursive = 1 // mode of opAddWatch: persistent, for all below too

	// types of opRemoveWatches
	watcherChildren = 1
	watcherData     = 2
	watcherAny      = 3 // servers before 3.9 have none for recursive ones alone
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
// is created, deleted or changed; ZooKeeper 3.6 and newer do, for others it is
// ErrUnimplemented. The events come through the event callback only. Whoever reads
// the nodes after this has returned misses nothing.
//
// The watch stays until it is removed, or the session ends, which gives an event of
// type EventNotWatching. The client sets it again in each new connection, before
// anything that is requested there. Nobody tells what changed in between: the nodes
// have to be read again after StateHasSession.
func (c *Conn) AddRecursiveWatch(path string) error {
	if err := validatePath(path, false); err != nil {
		return err
	}
	req := &addWatchRequest{Path: path, Mode: watchRecursive}
	zxid, err := c.requestNewer(opAddWatch, req, &addWatchResponse{}, func(err error) {
		c.addAnswered(path, err)
	})
	c.resetWatches(path, zxid)
	return err
}

// RemoveRecursiveWatch ends a recursive watch, and no other. With ErrConnectionClosed
// it is ended too, if it was asked for.
func (c *Conn) RemoveRecursiveWatch(path string) error {
	if err := validatePath(path, false); err != nil {
		return err
	}
	req := &removeWatchesRequest{Path: path, Type: watcherAny}
	zxid, err := c.requestNewer(opRemoveWatches, req, &removeWatchesResponse{}, nil)
	c.resetWatches(path, zxid)
	return err
}

// requestNewer is a request that servers may be too old for. These answer, and
// close the connection: so it is made once in a session.
func (c *Conn) requestNewer(opcode int32, req, res interface{}, answered func(error)) (int64, error) {
	if c.lacks(opcode) {
		return -1, ErrUnimplemented
	}
	zxid, err := c.request(opcode, req, res, func(_ *responseHeader, err error) {
		if err == ErrUnimplemented {
			c.noteLack(opcode)
		}
		if answered != nil {
			answered(err)
		}
	})
	return zxid, err
}

func (c *Conn) lacks(opcode int32) bool {
	c.watchersLock.Lock()
	defer c.watchersLock.Unlock()
	session := c.lacking[opcode]
	return session != 0 && session == c.SessionID()
}

func (c *Conn) noteLack(opcode int32) {
	c.watchersLock.Lock()
	defer c.watchersLock.Unlock()
	c.lacking[opcode] = c.SessionID()
}

// addAnswered notes that the server has set a recursive watch, or refused to.
func (c *Conn) addAnswered(path string, err error) {
	c.watchersLock.Lock()
	defer c.watchersLock.Unlock()
	if err == nil {
		c.recursive[path] = true
	} else if !c.recursive[path] {
		delete(c.recursive, path)
	}
}

// forgetUnanswered forgets what the connection before has not answered: who asked
// was told so.
func (c *Conn) forgetUnanswered() {
	for path, answered := range c.recursive {
		if !answered {
			delete(c.recursive, path)
		}
	}
}

// loseRecursive tells that there are no recursive watches any more.
func (c *Conn) loseRecursive(err error) {
	for path := range c.recursive {
		c.sendEvent(Event{Type: EventNotWatching, State: StateDisconnected, Path: path, Err: err})
	}
	c.recursive = make(map[string]bool)
}

// arrangeWatches looks at each request before it is sent, so that one-shot and
// recursive watches of the same path don't end each other. It tells whether the
// request still has to be sent.
func (c *Conn) arrangeWatches(req *request) bool {
	switch req.opcode {
	case opGetData, opExists, opSetWatches, opRemoveWatches, opAddWatch:
	default:
		return true
	}
	c.watchersLock.Lock()
	defer c.watchersLock.Unlock()
	if req.opcode == opAddWatch {
		path := req.pkt.(*addWatchRequest).Path
		answered := c.recursive[path]
		c.recursive[path] = answered
		return true
	}
	if len(c.recursive) == 0 {
		return true
	}
	return c.spareRecursive(req)
}

func (c *Conn) spareRecursive(req *request) bool {
	switch req.opcode {
	case opGetData, opExists:
		read := reflect.ValueOf(req.pkt).Elem() // of two types, which Yaegi can't tell apart
		if c.isRecursive(read.FieldByName("Path").String()) {
			read.FieldByName("Watch").SetBool(false)
		}
	case opSetWatches:
		set := req.pkt.(*setWatchesRequest)
		set.DataWatches = c.notRecursive(set.DataWatches)
		set.ExistWatches = c.notRecursive(set.ExistWatches)
	case opRemoveWatches:
		remove := req.pkt.(*removeWatchesRequest)
		if remove.Type == watcherData && c.isRecursive(remove.Path) {
			return false
		}
		if remove.Type == watcherAny {
			delete(c.recursive, remove.Path)
		}
	}
	return true
}

func (c *Conn) isRecursive(path string) bool {
	_, is := c.recursive[path]
	return is
}

func (c *Conn) notRecursive(paths []string) []string {
	others := make([]string, 0, len(paths))
	for _, path := range paths {
		if !c.isRecursive(path) {
			others = append(others, path)
		}
	}
	return others
}

// resetWatches sets a path's one-shot watches again, after its recursive one was
// added or removed, which may have ended them: as of the state when the server did
// that. Without an answer there is none; then the next connection sets all watches.
func (c *Conn) resetWatches(path string, zxid int64) {
	if zxid < 0 {
		return
	}
	req := &setWatchesRequest{RelativeZxid: zxid}
	c.watchersLock.Lock()
	if len(c.watchers[watchPathType{path, watchTypeData}]) > 0 {
		req.DataWatches = []string{path}
	}
	if len(c.watchers[watchPathType{path, watchTypeExist}]) > 0 {
		req.ExistWatches = []string{path}
	}
	if len(c.watchers[watchPathType{path, watchTypeChild}]) > 0 {
		req.ChildWatches = []string{path}
	}
	c.watchersLock.Unlock()
	if len(req.DataWatches)+len(req.ExistWatches)+len(req.ChildWatches) == 0 {
		return
	}
	if _, err := c.request(opSetWatches, req, &setWatchesResponse{}, nil); err != nil {
		c.logger.Printf("failed to set the watches of %s again: %v", path, err)
	}
}
