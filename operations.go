package zookeeper

import "github.com/go-zookeeper/zk"

// The operations that read a node; paths have the chroot. A watcher, unless nil,
// is told of the first change after what was read.

func (p *pool) get(c *connection, path string, w *watcher) ([]byte, *zk.Stat, error) {
	if w == nil {
		return c.client.Get(path)
	}
	var data []byte
	var stat *zk.Stat
	err := p.watched(c, pointKey{path: path}, w, func(ask bool) error {
		var err error
		if ask {
			data, stat, _, err = c.client.GetW(path)
		} else {
			data, stat, err = c.client.Get(path)
		}
		return err
	})
	return data, stat, err
}

func (p *pool) exists(c *connection, path string, w *watcher) (bool, *zk.Stat, error) {
	if w == nil {
		return c.client.Exists(path)
	}
	var exists bool
	var stat *zk.Stat
	err := p.watched(c, pointKey{path: path}, w, func(ask bool) error {
		var err error
		if ask {
			exists, stat, _, err = c.client.ExistsW(path)
		} else {
			exists, stat, err = c.client.Exists(path)
		}
		return err
	})
	return exists, stat, err
}

func (p *pool) childrenOf(c *connection, path string, w *watcher) ([]string, *zk.Stat, error) {
	if w == nil {
		return c.client.Children(path)
	}
	var names []string
	var stat *zk.Stat
	err := p.watched(c, pointKey{path: path, children: true}, w, func(ask bool) error {
		var err error
		if ask {
			names, stat, _, err = c.client.ChildrenW(path)
		} else {
			names, stat, err = c.client.Children(path)
		}
		return err
	})
	return names, stat, err
}
