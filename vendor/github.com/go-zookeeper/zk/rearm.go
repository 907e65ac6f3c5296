package zk

import "net"

// Recursive watches are set again together with one-shot ones, in the first
// requests of a connection.

type setWatches2Request struct {
	RelativeZxid      int64
	DataWatches       []string
	ExistWatches      []string
	ChildWatches      []string
	PersistentWatches []string
	RecursiveWatches  []string
}

// emptySetWatches2 is the size of a request that sets nothing.
const emptySetWatches2 = 36

// recursivePacker fills requests with recursive watches, and the room that is left
// with others. Servers set what a request has in the order of its fields. The
// one-shot watches of a path with a recursive one depend on it (see recursive.go):
// those of its data are in the same request, so that they come before, and those of
// its children in a later one.
type recursivePacker struct {
	recursive map[string]bool
	limit     int
	size      int // of the last one
	reqs      []*setWatches2Request
}

// packRecursive packs all recursive watches.
func (c *Conn) packRecursive(seen int64, limit int) *recursivePacker {
	p := &recursivePacker{recursive: c.recursive, limit: limit}
	for path := range c.recursive {
		data := len(c.watchers[watchPathType{path, watchTypeData}]) > 0
		exist := len(c.watchers[watchPathType{path, watchTypeExist}]) > 0
		if len(p.reqs) == 0 || p.size+3*(4+len(path)) > limit {
			p.reqs = append(p.reqs, &setWatches2Request{RelativeZxid: seen})
			p.size = emptySetWatches2
		}
		req := p.reqs[len(p.reqs)-1]
		p.size += 4 + len(path)
		req.RecursiveWatches = append(req.RecursiveWatches, path)
		if data {
			p.size += 4 + len(path)
			req.DataWatches = append(req.DataWatches, path)
		}
		if exist {
			p.size += 4 + len(path)
			req.ExistWatches = append(req.ExistWatches, path)
		}
	}
	return p
}

// takes tells whether a one-shot watch is in one of the requests, where there is
// room for it.
func (p *recursivePacker) takes(w watchPathType) bool {
	if len(p.reqs) == 0 {
		return false
	}
	if _, is := p.recursive[w.path]; is {
		return w.wType != watchTypeChild
	}
	if p.size+4+len(w.path) > p.limit {
		return false
	}
	p.size += 4 + len(w.path)
	req := p.reqs[len(p.reqs)-1]
	switch w.wType {
	case watchTypeData:
		req.DataWatches = append(req.DataWatches, w.path)
	case watchTypeExist:
		req.ExistWatches = append(req.ExistWatches, w.path)
	case watchTypeChild:
		req.ChildWatches = append(req.ChildWatches, w.path)
	}
	return true
}

// firstRequests makes requests that aren't queued.
func (c *Conn) firstRequests(packets []*setWatches2Request) []*request {
	var reqs []*request
	for _, packet := range packets {
		reqs = append(reqs, c.firstRequest(packet, c.conn))
	}
	return reqs
}

func (c *Conn) firstRequest(packet *setWatches2Request, conn net.Conn) *request {
	return &request{
		xid:        c.nextXid(),
		opcode:     opSetWatches2,
		pkt:        packet,
		recvStruct: &setWatchesResponse{},
		recvChan:   make(chan response, 2),
		recvFunc: func(_ *responseHeader, err error) {
			if err == ErrUnimplemented { // the server before was a newer one
				c.noteLack(opAddWatch)
				c.giveUpRecursive(err)
				conn.Close() // the next connection sets the others
			}
		},
	}
}

func (c *Conn) giveUpRecursive(err error) {
	c.watchersLock.Lock()
	defer c.watchersLock.Unlock()
	c.loseRecursive(err)
}

// awaitAll waits for the answers to requests, or for an error.
func (c *Conn) awaitAll(reqs []*request) error {
	for _, req := range reqs {
		chosen, value := receiveFirst(req.recvChan, c.shouldQuit)
		if chosen == 1 {
			return ErrClosing
		}
		res := value.(response)
		if res.err != nil {
			return res.err
		}
	}
	return nil
}
