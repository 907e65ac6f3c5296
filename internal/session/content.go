package session

import (
	"github.com/go-zookeeper/zk"

	"github.com/mod-zookeeper/traefik-zookeeper/internal/value"
)

// ReadContent reads what a key says of a node. A watcher, unless it is nil, is told of the
// next change. A missing node gives a content that says so, and its creation is watched. A
// node that may not be read gives one, too, but has no watch: ZooKeeper tells nothing of it.
// The lock must not be held.
func ReadContent(s *Session, conn *Connection, key NodeKey, w *Watcher) (*value.Content, error) {
	for {
		fresh, err := readExisting(s, conn, key, w)
		switch err {
		case nil:
			return fresh, nil
		case zk.ErrNoNode:
			exists, _, err := s.Exists(conn, key.Path, w)
			if err != nil {
				return nil, err
			}
			if !exists {
				return &value.Content{}, nil
			}
		case zk.ErrNoAuth:
			exists, stat, err := s.Exists(conn, key.Path, nil)
			if err != nil {
				return nil, err
			}
			if exists {
				return &value.Content{Exists: true, Denied: conn.Settings.Denial(), Stat: stat, Version: stat.Mzxid}, nil
			}
		default:
			return nil, err
		}
	}
}

// readExisting is ReadContent for a node that is there and may be read.
func readExisting(s *Session, conn *Connection, key NodeKey, w *Watcher) (*value.Content, error) {
	if key.Children {
		names, stat, err := s.ChildrenOf(conn, key.Path, w)
		if err != nil {
			return nil, err
		}
		return &value.Content{Exists: true, Children: names, Stat: stat, Version: stat.Pzxid}, nil
	}
	data, stat, err := s.Get(conn, key.Path, w)
	if err != nil {
		return nil, err
	}
	return &value.Content{Exists: true, Data: data, Stat: stat, Version: stat.Mzxid}, nil
}

// ReadContents reads the data of many nodes in one request, without a watch. The client must
// be a PatchedClient. For a node that has to be read alone, there is nil in the place of the
// content.
func ReadContents(conn *Connection, paths []string) ([]*value.Content, error) {
	data, stats, errs, err := PatchedClientOf(conn).MultiGet(paths)
	if err != nil {
		return nil, err
	}
	contents := make([]*value.Content, len(paths))
	for i := range paths {
		if errs[i] == nil {
			contents[i] = &value.Content{Exists: true, Data: data[i], Stat: stats[i], Version: stats[i].Mzxid}
		} else if errs[i] == zk.ErrNoNode {
			contents[i] = &value.Content{}
		}
	}
	return contents, nil
}
