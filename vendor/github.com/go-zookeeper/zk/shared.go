package zk

// One client may serve many who know nothing of each other. Whoever has the event callback
// waits for events there, sets its watches by GetShared, ExistsShared and ChildrenShared,
// and takes them back by RemoveWatches. All others wait for their channels, which stay.
//
// In the list of those who wait for a watch, the event callback is a nil channel.

// GetShared is GetW whose event comes through the event callback only.
func (c *Conn) GetShared(path string) ([]byte, *Stat, error) {
	if err := validatePath(path, false); err != nil {
		return nil, nil, err
	}
	res := &getDataResponse{}
	_, err := c.request(opGetData, &getDataRequest{Path: path, Watch: true}, res, func(_ *responseHeader, err error) {
		if err == nil {
			c.shareWatch(path, watchTypeData)
		}
	})
	if err != nil {
		return nil, nil, err
	}
	return res.Data, &res.Stat, nil
}

// ExistsShared is ExistsW whose event comes through the event callback only.
func (c *Conn) ExistsShared(path string) (bool, *Stat, error) {
	if err := validatePath(path, false); err != nil {
		return false, nil, err
	}
	res := &existsResponse{}
	_, err := c.request(opExists, &existsRequest{Path: path, Watch: true}, res, func(_ *responseHeader, err error) {
		if err == nil {
			c.shareWatch(path, watchTypeData)
		} else if err == ErrNoNode {
			c.shareWatch(path, watchTypeExist)
		}
	})
	if err == ErrNoNode {
		return false, &res.Stat, nil
	}
	if err != nil {
		return false, nil, err
	}
	return true, &res.Stat, nil
}

// ChildrenShared is ChildrenW whose event comes through the event callback only.
func (c *Conn) ChildrenShared(path string) ([]string, *Stat, error) {
	if err := validatePath(path, false); err != nil {
		return nil, nil, err
	}
	res := &getChildren2Response{}
	_, err := c.request(opGetChildren2, &getChildren2Request{Path: path, Watch: true}, res, func(_ *responseHeader, err error) {
		if err == nil {
			c.shareWatch(path, watchTypeChild)
		}
	})
	if err != nil {
		return nil, nil, err
	}
	return res.Children, &res.Stat, nil
}

// shareWatch notes that the event callback waits for a watch.
func (c *Conn) shareWatch(path string, watchType watchType) {
	c.watchersLock.Lock()
	defer c.watchersLock.Unlock()
	wpt := watchPathType{path, watchType}
	for i := range c.watchers[wpt] { // Yaegi: ranging over channels by value panics
		if c.watchers[wpt][i] == nil {
			return
		}
	}
	var callback chan Event // Yaegi: a bare nil panics here
	c.watchers[wpt] = append(c.watchers[wpt], callback)
}

// tellAll gives an event to all who wait for a watch.
func tellAll(watchers []chan Event, ev Event) {
	for i := range watchers {
		if watchers[i] != nil {
			watchers[i] <- ev
			close(watchers[i])
		}
	}
}

// RemoveWatches takes back the watches of a node's children, or of its data and existence,
// that the event callback waits for. A watch that others wait for stays at the server, and
// so does one that they ask for at the same time: its event comes to them, and to the event
// callback as all events do.
//
// When the server has answered, isWanted is asked whether the event callback waits again, by
// a request that it has made meanwhile. Then the watches are set again, as of that moment.
func (c *Conn) RemoveWatches(path string, children bool, isWanted func() bool) error {
	if err := validatePath(path, false); err != nil {
		return err
	}
	kind := int32(watcherData)
	if children {
		kind = watcherChildren
	}
	unshared, othersWait := c.unshareWatches(path, children)
	if othersWait {
		c.shareAgain(path, unshared, isWanted)
		return nil
	}
	zxid, err := c.requestNewer(opRemoveWatches, &removeWatchesRequest{Path: path, Type: kind}, &removeWatchesResponse{}, nil)
	c.shareAgain(path, unshared, isWanted)
	if zxid > 0 { // the server has answered
		c.resetWatches(path, zxid)
	}
	return err
}

// unshareWatches notes that the event callback waits no more. It returns what it has waited for,
// and whether others wait.
func (c *Conn) unshareWatches(path string, children bool) ([]watchType, bool) {
	c.watchersLock.Lock()
	defer c.watchersLock.Unlock()
	types := []watchType{watchTypeData, watchTypeExist}
	if children {
		types = []watchType{watchTypeChild}
	}
	var unshared []watchType
	othersWait := false
	for _, t := range types {
		before := len(c.watchers[watchPathType{path, t}])
		others := c.unshare(watchPathType{path, t})
		if others < before {
			unshared = append(unshared, t)
		}
		if others > 0 {
			othersWait = true
		}
	}
	return unshared, othersWait
}

// unshare takes the event callback out of those who wait for a watch, and returns how many are
// left.
func (c *Conn) unshare(wpt watchPathType) int {
	var others []chan Event
	for i := range c.watchers[wpt] {
		if c.watchers[wpt][i] != nil {
			others = append(others, c.watchers[wpt][i])
		}
	}
	if len(others) == 0 {
		delete(c.watchers, wpt)
	} else {
		c.watchers[wpt] = others
	}
	return len(others)
}

func (c *Conn) shareAgain(path string, unshared []watchType, isWanted func() bool) {
	if !isWanted() {
		return
	}
	for _, t := range unshared {
		c.shareWatch(path, t)
	}
}
