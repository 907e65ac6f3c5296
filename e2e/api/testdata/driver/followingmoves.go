package driver

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"

	zookeeper "github.com/mod-zookeeper/traefik-zookeeper"
)

// FollowMoves: when a cluster's name comes to mean another ensemble, what was known stays until
// that has been read.
func FollowMoves(servers string) string {
	h, err := registered("follow-moves-writer", servers)
	if err != nil {
		return err.Error()
	}
	defer func() { h.Release() }()
	for path, value := range map[string]string{"/one": "", "/one/value": "first", "/two": "", "/two/value": "second"} {
		err = putBelow(h, path, value)
		if err != nil {
			return err.Error()
		}
	}
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	err = defining(ctx, "follow-moves", "follow-moves", servers+"/one")
	if err != nil {
		return err.Error()
	}
	seen := &seenValues{}
	f, err := zookeeper.Follow(context.Background(), "follow-moves", zookeeper.Source{Path: "/value", Changed: seen.note})
	if err != nil {
		return err.Error()
	}
	if !eventually(func() bool { return f.Value().Text == "first" }) {
		return problem("%+v", *f.Value())
	}
	cancel()
	ctx, cancelSecond := context.WithCancel(context.Background())
	defer cancelSecond()
	err = defining(ctx, "follow-moves", "follow-moves", servers+"/two")
	if err != nil {
		return err.Error()
	}
	if !eventually(func() bool { return f.Value().Text == "second" && f.Value().Stale.IsZero() }) {
		return problem("%+v", *f.Value())
	}
	if contains(errors.New(seen.all()), ";;") {
		return "in between, it was " + seen.all()
	}
	return ""
}

// TreeMoves: when a cluster's name comes to mean another ensemble, who follows a tree is told of
// the nodes that have come, changed or gone by that, and finds them so when it is told.
func TreeMoves(servers string) string {
	h, err := registered("tree-moves-writer", servers)
	if err != nil {
		return err.Error()
	}
	defer func() { h.Release() }()
	for path, value := range map[string]string{"/here/tree/changes": "first", "/here/tree/goes": "first", "/there/tree/changes": "second", "/there/tree/comes": "second"} {
		err = putBelow(h, path, value)
		if err != nil {
			return err.Error()
		}
	}
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	err = defining(ctx, "tree-moves", "tree-moves", servers+"/here")
	if err != nil {
		return err.Error()
	}
	var tree atomic.Value
	seen := &seenNodes{tree: &tree, texts: map[string]string{}}
	followed, err := zookeeper.FollowTree(context.Background(), "tree-moves", zookeeper.TreeSource{Path: "/tree", Changed: seen.note})
	if err != nil {
		return err.Error()
	}
	tree.Store(followed)
	if !eventually(func() bool { return len(followed.All()) == 2 && followed.Status().Loaded }) {
		return problem("%+v", followed.All())
	}
	cancel()
	ctx, cancelSecond := context.WithCancel(context.Background())
	defer cancelSecond()
	err = defining(ctx, "tree-moves", "tree-moves", servers+"/there")
	if err != nil {
		return err.Error()
	}
	const want = "map[/tree/changes:second /tree/comes:second /tree/goes:]"
	if !eventually(func() bool { return seen.all() == want }) {
		return problem("told of %s, and there is %+v", seen.all(), followed.All())
	}
	return ""
}

// seenNodes are what the nodes of a tree had when it told of them.
type seenNodes struct {
	tree  *atomic.Value // of a *zookeeper.Tree; empty until it is there
	mu    sync.Mutex
	texts map[string]string
}

func (s *seenNodes) note(paths []string, _ zookeeper.Status) {
	tree, isThere := s.tree.Load().(*zookeeper.Tree)
	if !isThere {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, path := range paths {
		v := tree.Value(path)
		s.texts[path] = v.Text
	}
}

func (s *seenNodes) all() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return fmt.Sprint(s.texts)
}
