package zk

// GetAsync is GetShared for an event callback, which must not wait: the request is sent
// at once, before those that are queued.
//
// What was read, or the error, is given to take, once, which must not block. GetAsync
// reports false, and nothing happens, where another request is just being sent.
func (c *Conn) GetAsync(path string, take func([]byte, *Stat, error)) bool {
	if !c.sendLock.TryLock() {
		return false
	}
	defer c.sendLock.Unlock()
	req := &request{
		xid:        c.nextXid(),
		opcode:     opGetData,
		pkt:        &getDataRequest{Path: path, Watch: true},
		recvStruct: &getDataResponse{},
		path:       path,
		take:       take,
	}
	transmit(c, req, make([]byte, requestHeaderSize+emptyGetData+len(path)))
	return true
}

// taken ends a request of GetAsync that was answered.
func taken(c *Conn, req *request) {
	res := req.recvStruct.(*getDataResponse) //yaegi:ok what it sent tells
	c.shareWatch(req.path, watchTypeData)
	give(req, res.Data, &res.Stat, nil)
}

// give calls take, unless that has been done: a request that can't be sent fails, and
// so does each that is left at its connection's end.
func give(req *request, data []byte, stat *Stat, err error) {
	take := req.take
	req.take = ignore
	take(data, stat, err)
}

func ignore(_ []byte, _ *Stat, _ error) {}
