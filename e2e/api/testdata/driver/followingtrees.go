package driver

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"sync"

	zookeeper "github.com/mod-zookeeper/traefik-zookeeper"
	"github.com/mod-zookeeper/traefik-zookeeper/flag"
)

// seenPaths are those that a tree has told of.
type seenPaths struct {
	mu    sync.Mutex
	paths map[string]int
}

func (s *seenPaths) note(paths []string, _ zookeeper.Status) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, path := range paths {
		s.paths[path]++
	}
}

func (s *seenPaths) count(path string) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.paths[path]
}

// FollowTrees: nodes come, change and go at any depth.
func FollowTrees(servers string) string {
	h, err := registered("follow-tree", servers+"/chroot")
	if err != nil {
		return err.Error()
	}
	defer func() { h.Release() }()
	for _, path := range []string{"/tree", "/tree/a", "/tree/a/b"} {
		put(h, "/chroot"+path, path)
	}
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	seen := &seenPaths{paths: map[string]int{}}
	tree, err := zookeeper.FollowTree(ctx, "follow-tree", zookeeper.TreeSource{Path: "/tree", Changed: seen.note})
	if err != nil {
		return err.Error()
	}
	within, stop := patient()
	defer stop()
	err = tree.Ready(within)
	if err != nil || len(tree.All()) != 2 || tree.Value("/tree/a/b").Text != "/tree/a/b" || tree.All()["/tree/a"].Text != "/tree/a" || tree.Value("/tree/x").Exists {
		return problem("at first: %+v, %v", tree.All(), err)
	}
	put(h, "/chroot/tree/a/b/c", "1")
	put(h, "/chroot/tree/a/b/c/d", "2")
	if !eventually(func() bool { return tree.Value("/tree/a/b/c").Text == "1" && tree.Value("/tree/a/b/c/d").Text == "2" }) {
		return problem("nodes that came: %+v", tree.All())
	}
	before := seen.count("/tree/a/b/c/d")
	put(h, "/chroot/tree/a/b/c/d", "3")
	if !eventually(func() bool { return tree.Value("/tree/a/b/c/d").Text == "3" && seen.count("/tree/a/b/c/d") > before }) {
		return problem("a node that changed, told of %d times: %+v", seen.count("/tree/a/b/c/d"), tree.All())
	}
	before = seen.count("/tree/a/b/c")
	h.Delete("/tree/a/b/c/d", -1)
	h.Delete("/tree/a/b/c", -1)
	if !eventually(func() bool { return len(tree.All()) == 2 && seen.count("/tree/a/b/c") > before }) {
		return problem("nodes that went: %+v", tree.All())
	}
	few, err := zookeeper.FollowTree(ctx, "follow-tree", zookeeper.TreeSource{Path: "/tree", Format: "data", MaxNodes: 1})
	if err != nil {
		return err.Error()
	}
	err = few.Ready(within)
	if err != nil || len(few.All()) != 1 {
		return problem("no more than one: %+v, %v", few.All(), err)
	}
	return ""
}

const flagDocument = `{"flags": {
	"color": {"state": "ENABLED", "variants": {"red": "#f00", "blue": "#00f"}, "defaultVariant": "red", "targeting": {"if": [{"==": [{"var": "user"}, "ann"]}, "blue", null]}},
	"size": {"state": "ENABLED", "variants": {"large": 12}, "defaultVariant": "large"}
}}`

// FollowFlags: flags are evaluated by key and context, and who follows them is told of changes.
func FollowFlags(servers string) string {
	h, err := registered("follow-flags", servers)
	if err != nil {
		return err.Error()
	}
	defer func() { h.Release() }()
	put(h, "/flags", flagDocument)
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	seen := &seenPaths{paths: map[string]int{}}
	flags, err := zookeeper.FollowFlags(ctx, "follow-flags", zookeeper.FlagSource{Document: "/flags", Changed: seen.note})
	if err != nil {
		return err.Error()
	}
	within, stop := patient()
	defer stop()
	err = flags.Ready(within)
	if err != nil || fmt.Sprint(flags.Keys()) != "[color size]" || !flags.Status().Loaded {
		return problem("%v, %v", flags.Keys(), err)
	}
	for _, c := range []struct {
		key        string
		fallback   any
		attributes flag.Map
		want       string
	}{
		{"color", "", flag.Map{"user": "ann"}, "#00f blue TARGETING_MATCH "},
		{"color", "", flag.Map{"user": "bob"}, "#f00 red DEFAULT "},
		{"size", 0, nil, "12 large STATIC "},
		{"size", "none", nil, "none  ERROR TYPE_MISMATCH"},
		{"shape", "none", nil, "none  ERROR FLAG_NOT_FOUND"},
	} {
		ev := flags.Evaluate(c.key, c.fallback, c.attributes)
		got := fmt.Sprint(ev.Value, " ", ev.Variant, " ", ev.Reason, " ", ev.ErrorCode)
		if got != c.want {
			return problem("%s %v: %s, want %s", c.key, c.attributes, got, c.want)
		}
	}
	if !eventually(func() bool { return seen.count("color") > 0 && seen.count("size") > 0 }) {
		return "nobody is told of the flags that are there at first"
	}
	before := seen.count("color")
	put(h, "/flags", "{")
	if !eventually(func() bool { return flags.Status().Problem != nil }) {
		return "nothing is wrong with a document that can't be used"
	}
	ev := flags.Evaluate("size", 0, nil)
	if fmt.Sprint(ev.Value) != "12" || ev.ErrorCode != flag.ErrorParse {
		return problem("of a document that can't be used: %+v", ev)
	}
	sizes := seen.count("size")
	put(h, "/flags", strings.Replace(flagDocument, "12", "13", 1))
	if !eventually(func() bool { return seen.count("size") > sizes }) || seen.count("color") != before {
		return problem("size changed alone, and these are told: %d %d, %d %d", sizes, seen.count("size"), before, seen.count("color"))
	}
	return flagsBelow(ctx, h)
}

// flagsBelow: each node is a flag, and gives the same users the same as a gate does.
func flagsBelow(ctx context.Context, h *zookeeper.Handle) string {
	put(h, "/below", "")
	put(h, "/below/checkout", "50%")
	flags, err := zookeeper.FollowFlags(ctx, "follow-flags", zookeeper.FlagSource{Below: "/below"})
	if err != nil {
		return err.Error()
	}
	missing := flags.Evaluate("checkout", true, nil)
	if missing.ErrorCode != flag.ErrorProviderNotReady && missing.ErrorCode != flag.ErrorTargetingKeyMissing {
		return problem("at once: %+v", missing)
	}
	within, stop := patient()
	defer stop()
	err = flags.Ready(within)
	if err != nil || fmt.Sprint(flags.Keys()) != "[checkout]" {
		return problem("%v, %v", flags.Keys(), err)
	}
	gates := []zookeeper.Gate{{Path: []string{"/below/checkout"}, Cluster: "follow-flags"}}
	handler, err := zookeeper.New(ctx, http.NotFoundHandler(), &zookeeper.Config{Gates: gates, TargetingKey: "{header.X-User}", StartupTimeout: "30s"}, "gate")
	if err != nil {
		return err.Error()
	}
	on := 0
	for i := 0; i < 50; i++ {
		user := fmt.Sprint("user-", i)
		ev := flags.Evaluate("checkout", false, flag.Map{"targetingKey": user})
		passes := statusFor(handler, user) == http.StatusNotFound
		if ev.Value != passes || ev.Reason != flag.ReasonSplit {
			return problem("%s passes the gate: %t; the flag is %+v", user, passes, ev)
		}
		if passes {
			on++
		}
	}
	if on == 0 || on == 50 {
		return problem("%d of 50 are on", on)
	}
	put(h, "/below/new", "on")
	if !eventually(func() bool { ev := flags.Evaluate("new", false, nil); return ev.Value == true }) {
		return "a flag that came isn't there"
	}
	return ""
}
