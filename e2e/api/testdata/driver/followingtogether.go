package driver

import (
	"context"
	"errors"
	"time"

	"github.com/go-zookeeper/zk"

	zookeeper "github.com/mod-zookeeper/traefik-zookeeper"
)

// FollowOnce: a node that a middleware uses, and that code follows in several ways, is read once
// for each of its versions, and has one watch. The functions tell how often nodes were
// read, and how many watches the server has.
func FollowOnce(servers string, reads func(path string) int, watches func() int) string {
	h, err := registeredFor(30*time.Second, "follow-once", servers)
	if err != nil {
		return err.Error()
	}
	defer func() { h.Release() }()
	put(h, "/once", `{"a":"1"}`)
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	handler, seen, err := following(ctx, "follow-once", "/once")
	if err != nil {
		return err.Error()
	}
	if seen(handler) == "" {
		return "the middleware has no value"
	}
	if reads("/once") != 1 || watches() != 1 {
		return problem("by the middleware alone, it is read %d times, and there are %d watches", reads("/once"), watches())
	}
	text, err := zookeeper.Follow(ctx, "follow-once", zookeeper.Source{Path: "/once"})
	if err != nil {
		return err.Error()
	}
	if text.Value().Text != `{"a":"1"}` {
		return problem("what the middleware knows isn't there at once: %+v", *text.Value())
	}
	key, err := zookeeper.Follow(ctx, "follow-once", zookeeper.Source{Path: "/once", Format: "json", Key: "a"})
	if err != nil {
		return err.Error()
	}
	followTwice, end := context.WithCancel(ctx)
	defer end()
	data, err := zookeeper.Follow(followTwice, "follow-once", zookeeper.Source{Path: "/once", Format: "data"})
	if err != nil {
		return err.Error()
	}
	all := func(value string) bool {
		return text.Value().Text == `{"a":"`+value+`"}` && key.Value().Text == value && string(data.Value().Data) == text.Value().Text && seen(handler) == text.Value().Text
	}
	if !eventually(func() bool { return all("1") }) || reads("/once") != 1 || watches() != 1 {
		return problem("by all, it is read %d times, and there are %d watches", reads("/once"), watches())
	}
	put(h, "/once", `{"a":"2"}`)
	if !eventually(func() bool { return all("2") }) || reads("/once") != 2 || watches() != 1 {
		return problem("after a change, it is read %d times, and there are %d watches", reads("/once"), watches())
	}
	end()
	put(h, "/once", `{"a":"3"}`)
	if !eventually(func() bool { return key.Value().Text == "3" }) || reads("/once") != 3 {
		return problem("when one has ended, it is read %d times", reads("/once"))
	}
	return followedAlone(h, watches)
}

// followedAlone: what only code follows has no watch any more when that has ended.
func followedAlone(h *zookeeper.Handle, watches func() int) string {
	put(h, "/alone", "1")
	before := watches()
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	f, err := zookeeper.Follow(ctx, "follow-once", zookeeper.Source{Path: "/alone"})
	if err != nil {
		return err.Error()
	}
	within, stop := patient()
	defer stop()
	_, err = f.Next(within, nil)
	if err != nil || watches() != before+1 {
		return problem("%d watches, %v", watches(), err)
	}
	_, _, mine, err := h.Conn().GetW("/alone")
	if err != nil {
		return err.Error()
	}
	cancel()
	_, err = f.Next(within, f.Value())
	if !errors.Is(err, context.Canceled) {
		return problem("when it has ended: %v", err)
	}
	put(h, "/alone", "2")
	text := wants(mine, zk.EventNodeDataChanged)
	if text != "" {
		return "a user's watch of what was followed: " + text
	}
	if !eventually(func() bool { return watches() == before }) {
		return problem("%d watches when it has ended", watches())
	}
	return ""
}

// putBelow makes a node, and those above it.
func putBelow(h *zookeeper.Handle, path, value string) error {
	for i := 1; i < len(path); i++ {
		if path[i] == '/' {
			_, err := h.Create(path[:i], nil, 0)
			if err != nil && err != zk.ErrNodeExists {
				return err
			}
		}
	}
	return put(h, path, value)
}
