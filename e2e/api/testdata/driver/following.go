package driver

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	zookeeper "github.com/mod-zookeeper/traefik-zookeeper"
	"github.com/mod-zookeeper/traefik-zookeeper/flag"
)

// follows follows a node until it shows what is wanted.
func shows(f *zookeeper.Following, wanted func(v *zookeeper.Value) bool) string {
	if !eventually(func() bool { return wanted(f.Value()) }) {
		return problem("%+v", *f.Value())
	}
	return ""
}

// seenValues are those that a following has told of.
type seenValues struct {
	mu   sync.Mutex
	text string
}

func (s *seenValues) note(v *zookeeper.Value) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.text += v.Text + ";"
}

func (s *seenValues) all() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.text
}

// FollowValues: nodes are followed in each format, from before they exist, and through versions
// that can't be used.
func FollowValues(servers string) string {
	h, err := registeredFor(30*time.Second, "follow", servers+"/chroot")
	if err != nil {
		return err.Error()
	}
	defer func() { h.Release() }()
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	seen := &seenValues{}
	f, err := zookeeper.Follow(ctx, "follow", zookeeper.Source{Path: "/follow", Format: "json", Key: "a.b", Changed: seen.note})
	if err != nil {
		return err.Error()
	}
	within, stop := patient()
	defer stop()
	v, err := f.Next(within, nil)
	if err != nil || !v.Loaded || v.Exists || v.Text != "" {
		return problem("a node that doesn't exist is %+v, %v", *v, err)
	}
	put(h, "/chroot/follow", `{"a":{"b":"1"}}`)
	v, err = f.Next(within, v)
	if err != nil || v.Text != "1" || v.Int(0) != 1 || !v.Bool(false) || v.Float(0) != 1 || !v.Exists || v.Stat == nil || !v.Stale.IsZero() {
		return problem("a node that was made is %+v, %v", *v, err)
	}
	put(h, "/chroot/follow", "no JSON")
	v, err = f.Next(within, v)
	if err != nil || v.Text != "1" || !contains(v.Problem, "JSON") {
		return problem("with a version that can't be used, it is %+v, %v", *v, err)
	}
	put(h, "/chroot/follow", `{"a":{"b":"1m30s"}}`)
	v, err = f.Next(within, v)
	if err != nil || v.Duration(0).String() != "1m30s" || v.Int(7) != 7 || v.Bool(true) != true || v.Problem != nil {
		return problem("with another version, it is %+v, %v", *v, err)
	}
	h.Delete("/follow", -1)
	v, err = f.Next(within, v)
	if err != nil || v.Exists || v.Text != "" || v.Stat != nil {
		return problem("when it is deleted, it is %+v, %v", *v, err)
	}
	if !eventually(func() bool { return seen.all() == ";1;1;1m30s;;" }) {
		return "the function was told of " + seen.all()
	}
	text := otherFormats(ctx, h)
	if text != "" {
		return text
	}
	cancel()
	_, err = f.Next(within, v)
	if !errors.Is(err, context.Canceled) {
		return problem("when it has ended: %v", err)
	}
	return refusedSources()
}

func otherFormats(ctx context.Context, h *zookeeper.Handle) string {
	put(h, "/chroot/formats", "text\n")
	put(h, "/chroot/formats/b", "")
	put(h, "/chroot/formats/a", "")
	for format, want := range map[string]string{"": "text", "text": "text", "exists": "true", "version": "0", "numChildren": "2"} {
		f, err := zookeeper.Follow(ctx, "follow", zookeeper.Source{Path: "/formats", Format: format})
		if err != nil {
			return err.Error()
		}
		text := shows(f, func(v *zookeeper.Value) bool { return v.Text == want })
		if text != "" {
			return format + ": " + text
		}
	}
	data, err := zookeeper.Follow(ctx, "follow", zookeeper.Source{Path: "/formats", Format: "data"})
	if err != nil {
		return err.Error()
	}
	text := shows(data, func(v *zookeeper.Value) bool { return string(v.Data) == "text\n" })
	if text != "" {
		return "data: " + text
	}
	children, err := zookeeper.Follow(ctx, "follow", zookeeper.Source{Path: "/formats", Format: "children"})
	if err != nil {
		return err.Error()
	}
	text = shows(children, func(v *zookeeper.Value) bool { return fmt.Sprint(v.Names) == "[a b]" })
	if text != "" {
		return "children: " + text
	}
	h.Delete("/formats/a", -1)
	text = shows(children, func(v *zookeeper.Value) bool { return fmt.Sprint(v.Names) == "[b]" })
	if text != "" {
		return "children, of which one is gone: " + text
	}
	return ""
}

func refusedSources() string {
	ctx := context.Background()
	for name, what := range map[string]zookeeper.Source{
		"no path": {}, "a path without a slash": {Path: "a"}, "an unknown format": {Path: "/a", Format: "yaml"},
		"no key": {Path: "/a", Format: "json"}, "a key": {Path: "/a", Key: "b"},
	} {
		_, err := zookeeper.Follow(ctx, "follow", what)
		if !errors.Is(err, zookeeper.ErrInvalid) {
			return problem("%s: %v", name, err)
		}
	}
	_, err := zookeeper.Follow(ctx, "unheard-of", zookeeper.Source{Path: "/a"})
	if !errors.Is(err, zookeeper.ErrNotFound) {
		return problem("an unknown cluster: %v", err)
	}
	_, err = zookeeper.FollowTree(ctx, "follow", zookeeper.TreeSource{Path: "/a", MaxNodes: -1})
	_, err2 := zookeeper.FollowFlags(ctx, "follow", zookeeper.FlagSource{})
	if !errors.Is(err, zookeeper.ErrInvalid) || !errors.Is(err2, zookeeper.ErrInvalid) {
		return problem("a tree and flags that can't be: %v, %v", err, err2)
	}
	return ""
}

// FollowOutage: while the server is away, the last good value stays, and says since when
// nothing is known; flags give way when they are too old.
func FollowOutage(servers string, stop, start func()) string {
	h, err := registered("follow-outage", servers)
	if err != nil {
		return err.Error()
	}
	defer func() { h.Release() }()
	put(h, "/outage", "on")
	put(h, "/outage/flag", "on")
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	f, err := zookeeper.Follow(ctx, "follow-outage", zookeeper.Source{Path: "/outage"})
	if err != nil {
		return err.Error()
	}
	tree, err := zookeeper.FollowTree(ctx, "follow-outage", zookeeper.TreeSource{Path: "/outage"})
	if err != nil {
		return err.Error()
	}
	lasting, err := zookeeper.FollowFlags(ctx, "follow-outage", zookeeper.FlagSource{Below: "/outage"})
	if err != nil {
		return err.Error()
	}
	short, err := zookeeper.FollowFlags(ctx, "follow-outage", zookeeper.FlagSource{Document: "/outage", MaxStale: 1})
	if err != nil {
		return err.Error()
	}
	fresh := func() bool {
		on := short.Evaluate("any", false, nil)
		return f.Value().Text == "on" && f.Value().Stale.IsZero() && tree.Value("/outage/flag").Text == "on" && tree.Status().Stale.IsZero() && on.Value == true
	}
	if !eventually(fresh) {
		return problem("before the outage: %+v, %+v", *f.Value(), tree.Status())
	}
	stop()
	if !eventually(func() bool {
		return !f.Value().Stale.IsZero() && !tree.Status().Stale.IsZero() && !short.Status().Stale.IsZero()
	}) {
		return problem("in an outage: %+v, %+v", *f.Value(), tree.Status())
	}
	kept, given := lasting.Evaluate("flag", false, nil), short.Evaluate("flag", false, nil)
	if f.Value().Text != "on" || tree.Value("/outage/flag").Text != "on" || kept.Value != true || given.Value != false || given.Reason != flag.ReasonStale {
		return problem("in an outage: %+v, %+v, %+v", *f.Value(), kept, given)
	}
	late, err := zookeeper.Follow(ctx, "follow-outage", zookeeper.Source{Path: "/outage"})
	if err != nil || late.Value().Text != "on" || late.Value().Stale.IsZero() {
		return problem("one that begins in an outage: %+v, %v", *late.Value(), err)
	}
	start()
	if !eventually(fresh) {
		return problem("after the outage: %+v, %+v", *f.Value(), tree.Status())
	}
	return ""
}
