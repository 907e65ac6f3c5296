// Package follow has what nodes hold at hand for Go code, typed and parsed as the formats of the
// configuration do, and tells of changes. Package zookeeper starts it, by Follow,
// FollowTree and FollowFlags, and has aliases of the types.
package follow

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"strconv"
	"sync/atomic"
	"time"

	"github.com/go-zookeeper/zk"

	"github.com/mod-zookeeper/traefik-zookeeper/flag"
	"github.com/mod-zookeeper/traefik-zookeeper/internal/cache"
	"github.com/mod-zookeeper/traefik-zookeeper/internal/followers"
	"github.com/mod-zookeeper/traefik-zookeeper/internal/problems"
	"github.com/mod-zookeeper/traefik-zookeeper/internal/value"
)

// A Source says which node is followed, and what is made of it.
type Source struct {
	// Path of the node, below the cluster's chroot.
	Path string
	// Format says what is made of the node, as in the configuration of headers: text (the
	// default), json or properties with a Key, exists, version, mtime, czxid or numChildren give a
	// Text of up to 8 KiB in one line; data gives all of the node's Data; children gives Names.
	Format string
	// Key in the document, for the formats json and properties.
	Key string
	// Changed, unless nil, is called with each value that comes, the first one that is known
	// included, in a goroutine of its own. While it runs, it is the latest value that
	// counts: those in between are left out.
	Changed func(*Value)
}

// A Value is what is known of a node at one time. It isn't changed: another one comes in its
// place.
type Value struct {
	Text    string    // what the format makes of the node; empty where it has no value
	Data    []byte    // of the format data; not to be changed
	Names   []string  // of the format children, sorted; not to be changed
	Exists  bool      // the node exists
	Loaded  bool      // the node was read; without it nothing is known yet
	Stale   time.Time // since when no session tells of changes; zero while one does
	Problem error     // why the node can't be read, or its present version not be used: then the value is the last good one
	Stat    *zk.Stat  // of the version that was read last; nil where the node doesn't exist

	version int64
	flags   *flag.Set
}

// Bool is the boolean word that the text is, as on, off, true and false; the fallback where it
// is none.
func (v *Value) Bool(fallback bool) bool {
	is, isWord := value.ParseBool(v.Text)
	if !isWord {
		return fallback
	}
	return is
}

// Int is the number that the text is; the fallback where it is none.
func (v *Value) Int(fallback int) int {
	n, err := strconv.Atoi(v.Text)
	if err != nil {
		return fallback
	}
	return n
}

// Float is the number that the text is; the fallback where it is none.
func (v *Value) Float(fallback float64) float64 {
	n, err := strconv.ParseFloat(v.Text, 64)
	if err != nil {
		return fallback
	}
	return n
}

// Duration is the duration that the text is, as 1m30s; the fallback where it is none.
func (v *Value) Duration(fallback time.Duration) time.Duration {
	d, err := time.ParseDuration(v.Text)
	if err != nil {
		return fallback
	}
	return d
}

// A Following is a node that is followed.
type Following struct {
	ctx      context.Context
	path     string
	current  atomic.Value // *Value
	notifier *followers.Notifier
}

// StartNode is zookeeper.Follow, which knows the registry.
func StartNode(ctx context.Context, in *followers.Registry, cluster string, what Source) (*Following, error) {
	format, err := what.check()
	if err != nil {
		return nil, err
	}
	target := &cache.Target{Path: what.Path, Format: format, Key: what.Key}
	return startFollowing(in, &followers.Request{Context: ctx, Cluster: cluster, Target: target}, what.Changed)
}

// startFollowing follows a node in one of the internal formats.
func startFollowing(in *followers.Registry, r *followers.Request, changed func(*Value)) (*Following, error) {
	f := &Following{ctx: r.Context, path: r.Target.Path}
	f.current.Store(&Value{})
	f.notifier = followers.NewNotifier("following "+f.path+" of cluster "+r.Cluster, f.tells(changed))
	r.Update = func(seen *cache.Subscription) { f.take(seen) }
	r.Ended = func() { f.notifier.Stop() }
	err := start(in, r)
	if err != nil {
		return nil, err
	}
	return f, nil
}

// start has what a request says followed.
func start(in *followers.Registry, r *followers.Request) error {
	if r.Context == nil || r.Cluster == "" {
		return fmt.Errorf("%w: following needs a context and the name of a cluster", problems.ErrInvalid)
	}
	_, err := in.Start(r)
	return err
}

// tells is what tells a function of the latest value; nil for no function.
func (f *Following) tells(changed func(*Value)) func() {
	if changed == nil {
		return nil
	}
	return func() { changed(f.Value()) }
}

// Value is what is known now. It is never nil, takes a few nanoseconds, and may be called for
// each request.
func (f *Following) Value() *Value {
	if f == nil {
		return &Value{}
	}
	known := f.current.Load()
	if known == nil {
		return &Value{}
	}
	return known.(*Value)
}

// Next waits until something else is known than last, and returns it. For the first
// value that was read, last is nil. It returns ctx's error, the error of the context with
// which the following has ended, or ErrConnectionAborted where Close has ended it.
func (f *Following) Next(ctx context.Context, last *Value) (*Value, error) {
	if f == nil || f.notifier == nil || ctx == nil {
		return f.Value(), fmt.Errorf("%w: Next needs a following and a context", problems.ErrInvalid)
	}
	for {
		changed := f.notifier.Changed()
		now := f.Value()
		if now != last && (now.Loaded || last != nil) {
			return now, nil
		}
		err := followers.Await(f.notifier, changed, ctx, f.ctx)
		if err != nil {
			return now, err
		}
	}
}

// take takes in what a subscription shows. It is called one call at a time.
func (f *Following) take(seen *cache.Subscription) {
	last := f.Value()
	now := valueOf(cache.StateOf(seen))
	if !now.Loaded && last.Loaded { // another ensemble has the cluster's name
		kept := *last
		kept.Problem = now.Problem
		if kept.Stale.IsZero() {
			kept.Stale = time.Now()
		}
		now = &kept
	}
	if now.flags != nil && len(now.flags.Keys()) == 0 {
		now.flags = now.flags.Salted(f.path)
	}
	if !now.isLike(last) {
		f.current.Store(now)
		f.notifier.Signal()
	}
}

func valueOf(seen cache.NodeState) *Value {
	v := &Value{Loaded: seen.Loaded, Stale: seen.Stale}
	if seen.Content != nil {
		v.Exists = seen.Content.Exists
		v.Stat = seen.Content.Stat
		v.version = seen.Content.Version
	}
	if seen.Refused || !seen.Loaded && seen.Problem != "" {
		v.Problem = problemOf(seen.Problem)
	}
	v.hold(seen.Value)
	return v
}

// problemOf is what is wrong with a node, where that is known.
func problemOf(text string) error {
	if text == "" {
		return errRefused
	}
	return errors.New(text)
}

// hold keeps what a format has made.
//
// Yaegi: a type switch doesn't know a type of the plugin's.
func (v *Value) hold(made any) {
	if text, is := made.(string); is {
		v.Text = text
	}
	if data, is := made.([]byte); is {
		v.Data = data
	}
	if names, is := made.([]string); is {
		v.Names = names
	}
	if flags, is := made.(*flag.Set); is {
		v.flags = flags
	}
}

// isLike tells whether there is nothing new in a value. Flags are compared by the node's
// version, all else by what it is.
func (v *Value) isLike(last *Value) bool {
	if v.Loaded != last.Loaded || v.Exists != last.Exists || v.version != last.version || !v.Stale.Equal(last.Stale) || (v.flags == nil) != (last.flags == nil) {
		return false
	}
	if (v.Problem == nil) != (last.Problem == nil) || v.Problem != nil && v.Problem.Error() != last.Problem.Error() {
		return false
	}
	if v.Text != last.Text || !bytes.Equal(v.Data, last.Data) || len(v.Names) != len(last.Names) {
		return false
	}
	for i := range v.Names {
		if v.Names[i] != last.Names[i] {
			return false
		}
	}
	return true
}

// check returns the internal format of a source, or what is wrong with it.
func (what *Source) check() (string, error) {
	err := checkFollowed(what.Path)
	if err != nil {
		return "", err
	}
	format := internalFormats[what.Format]
	if format == "" {
		return "", fmt.Errorf("%w: format: %q: text, data, json, properties, children, exists, version, mtime, czxid or numChildren", problems.ErrInvalid, what.Format)
	}
	isKeyed := format == value.FormatJSON || format == value.FormatProperties
	if isKeyed != (what.Key != "") {
		return "", fmt.Errorf("%w: key: %q: the formats json and properties need a key, and no others have one", problems.ErrInvalid, what.Key)
	}
	return format, nil
}

func checkFollowed(path string) error {
	fault := value.PathFault(path)
	if fault != "" {
		return fmt.Errorf("%w: path: %q: a node's path %s", problems.ErrInvalid, path, fault)
	}
	return nil
}

var internalFormats = map[string]string{
	"": value.FormatText, "data": value.FormatPage, "children": value.FormatNames,
	value.FormatText: value.FormatText, value.FormatJSON: value.FormatJSON, value.FormatProperties: value.FormatProperties,
	value.FormatExists: value.FormatExists, value.FormatVersion: value.FormatVersion, value.FormatMtime: value.FormatMtime,
	value.FormatCzxid: value.FormatCzxid, value.FormatCount: value.FormatCount,
}
