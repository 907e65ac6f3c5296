package driver

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/go-zookeeper/zk"
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
