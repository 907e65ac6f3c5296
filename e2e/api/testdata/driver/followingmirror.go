package driver

import (
	"context"
	"fmt"
	"math/rand"
	"sync"

	zookeeper "github.com/mod-zookeeper/traefik-zookeeper"
)

// A mirror is a copy of a tree. It has what the nodes had that the tree has told of.
type mirror struct {
	mu   sync.Mutex
	tree *zookeeper.Tree
	have map[string]string
}

func (m *mirror) note(paths []string, _ zookeeper.Status) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, path := range paths {
		v := m.tree.Value(path)
		if v.Exists {
			m.have[path] = v.Text
		} else {
			delete(m.have, path)
		}
	}
}

// differs says how the mirror differs from the nodes; empty where it doesn't.
func (m *mirror) differs(nodes map[string]string) string {
	m.mu.Lock()
	defer m.mu.Unlock()
	have, want := fmt.Sprint(m.have), fmt.Sprint(nodes)
	if have == want {
		return ""
	}
	return "the mirror has " + have + "; the nodes are " + want
}

// FollowMirror: who reads the nodes again that a tree tells of, and no others, has all of them as
// they are, whatever becomes of nodes and connections. The way is to the same servers.
func FollowMirror(servers, way string, seed int64, disturb func(round int)) string {
	h, err := registered("mirror-writer", servers)
	if err != nil {
		return err.Error()
	}
	defer func() { h.Release() }()
	put(h, "/mirror", "")
	err = zookeeper.Register("mirror", zookeeper.Cluster{Servers: []string{way}, SessionTimeout: "1s"})
	if err != nil {
		return err.Error()
	}
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	m := &mirror{have: map[string]string{}}
	m.mu.Lock()
	m.tree, err = zookeeper.FollowTree(ctx, "mirror", zookeeper.TreeSource{Path: "/mirror", Changed: m.note})
	m.mu.Unlock()
	if err != nil {
		return err.Error()
	}
	random := rand.New(rand.NewSource(seed))
	nodes := map[string]string{}
	for round := 0; round < 40; round++ {
		disturb(round)
		for step := 0; step < 3; step++ {
			changeNodes(h, random, nodes, fmt.Sprint(round, ".", step))
		}
		if round%2 == 0 {
			continue // the next changes come before these are told
		}
		text := ""
		if !eventually(func() bool { text = m.differs(nodes); return text == "" }) {
			return problem("in round %d with seed %d, %s", round, seed, text)
		}
	}
	return ""
}

// changeNodes puts or deletes a node, and does the same in a copy of them.
func changeNodes(h *zookeeper.Handle, random *rand.Rand, nodes map[string]string, value string) {
	name := []string{"/a", "/b", "/a/x", "/a/x/y"}[random.Intn(4)]
	path := "/mirror" + name
	if random.Intn(3) > 0 {
		for _, above := range []string{"/a", "/a/x"} {
			_, isThere := nodes["/mirror"+above]
			if !isThere && len(above) < len(name) && name[:len(above)] == above {
				put(h, "/mirror"+above, value)
				nodes["/mirror"+above] = value
			}
		}
		put(h, path, value)
		nodes[path] = value
		return
	}
	for _, below := range []string{"/mirror/a/x/y", "/mirror/a/x", "/mirror/a", "/mirror/b"} {
		_, isThere := nodes[below]
		if isThere && len(below) >= len(path) && below[:len(path)] == path {
			h.Delete(below, -1)
			delete(nodes, below)
		}
	}
}
