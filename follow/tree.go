package follow

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/mod-zookeeper/traefik-zookeeper/internal/cache"
	"github.com/mod-zookeeper/traefik-zookeeper/internal/followers"
	"github.com/mod-zookeeper/traefik-zookeeper/internal/lists"
	"github.com/mod-zookeeper/traefik-zookeeper/internal/problems"
	"github.com/mod-zookeeper/traefik-zookeeper/internal/value"
)

// A TreeSource says which nodes are followed: all below a path, at any depth.
type TreeSource struct {
	// Path of the node below which they are, below the cluster's chroot. The node itself isn't
	// among them.
	Path string
	// Format and Key are those of a Source, but for children.
	Format, Key string
	// MaxNodes is how many nodes are followed at most, 10000 where it is 0. Those beyond are left
	// out, and the log says so.
	MaxNodes int
	// Changed, unless nil, is called when nodes have come, changed or gone, with their paths,
	// sorted, and when the status changes, in a goroutine of its own. What comes while
	// it runs is told in one call.
	Changed func(paths []string, now Status)
}

// A Status is how far what is followed can be relied on.
type Status struct {
	Loaded  bool      // what was there at first was read; without it nothing is known yet
	Stale   time.Time // since when no session tells of changes; zero while one does
	Problem error     // why the present version of a single node can't be used; nil where it can
}

func (s *Status) isLike(other *Status) bool {
	return s.Loaded == other.Loaded && s.Stale.Equal(other.Stale) && (s.Problem == nil) == (other.Problem == nil) &&
		(s.Problem == nil || s.Problem.Error() == other.Problem.Error())
}

// A Tree is a subtree that is followed.
type Tree struct {
	ctx      context.Context
	tree     atomic.Value // *cache.Subtree, which values are read from
	status   atomic.Value // *Status
	notifier *followers.Notifier

	mu      sync.Mutex // taken after the locks of the cache
	changed map[string]bool
}

// StartTree is zookeeper.FollowTree, which knows the registry.
func StartTree(ctx context.Context, in *followers.Registry, cluster string, what TreeSource) (*Tree, error) {
	format, err := (&Source{Path: what.Path, Format: what.Format, Key: what.Key}).check()
	if err != nil {
		return nil, err
	}
	if format == value.FormatNames {
		return nil, fmt.Errorf("%w: format: %q: a tree has no lists of children; its paths tell", problems.ErrInvalid, what.Format)
	}
	return startTree(in, &followers.Request{Context: ctx, Cluster: cluster, Target: &cache.Target{Format: format}}, &what)
}

// startTree follows a tree in one of the internal formats, which the request's target has.
func startTree(in *followers.Registry, r *followers.Request, what *TreeSource) (*Tree, error) {
	limit := what.MaxNodes
	if limit == 0 {
		limit = defaultMaxNodes
	}
	if limit < 0 {
		return nil, fmt.Errorf("%w: maxNodes: %d: a number from 1 on, or 0 for %d", problems.ErrInvalid, limit, defaultMaxNodes)
	}
	t := &Tree{ctx: r.Context, changed: map[string]bool{}}
	t.status.Store(&Status{})
	t.notifier = followers.NewNotifier("following the nodes below "+what.Path+" of cluster "+r.Cluster, t.tells(what.Changed))
	r.Target = &cache.Target{Pattern: value.Below(what.Path, limit), Format: r.Target.Format, Key: what.Key, Noted: func(path string) { t.note(path) }}
	r.Update = func(seen *cache.Subscription) { t.take(seen) }
	r.Ended = func() { t.notifier.Stop() }
	err := start(in, r)
	if err != nil {
		return nil, err
	}
	return t, nil
}

const defaultMaxNodes = 10000

// tells is what tells a function of all that has changed since it was told last; nil for no
// function.
func (t *Tree) tells(changed func(paths []string, now Status)) func() {
	if changed == nil {
		return nil
	}
	return func() { changed(t.changedPaths(), t.Status()) }
}

func (t *Tree) changedPaths() []string {
	t.mu.Lock()
	defer t.mu.Unlock()
	paths := lists.SortedKeys(t.changed)
	t.changed = map[string]bool{}
	return paths
}

// note notes that a node has changed. A subtree's lock is held.
func (t *Tree) note(path string) {
	t.add(path)
	t.notifier.Signal()
}

// add adds a node to those that are to be told of.
func (t *Tree) add(path string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.changed[path] = true
}

// take takes in what a subscription shows. It is called one call at a time.
func (t *Tree) take(seen *cache.Subscription) {
	last := t.status.Load().(*Status)
	now := &Status{Loaded: seen.IsLoaded()}
	observed := cache.CurrentOf(seen)
	now.Stale = observed.Stale
	if now.Loaded || !last.Loaded {
		t.readFrom(observed.Tree)
	} else { // another ensemble has the cluster's name
		now.Loaded = true
		now.Stale = last.Stale
		if now.Stale.IsZero() {
			now.Stale = time.Now()
		}
	}
	if !now.isLike(last) {
		t.status.Store(now)
		t.notifier.Signal()
	}
}

// readFrom has values read from a subtree. Where they were read from another one, which is of
// another ensemble, all nodes of both have changed: those of this one were told of before, when
// the values were still those of the other one.
func (t *Tree) readFrom(subtree *cache.Subtree) {
	before := t.subtree()
	if before == subtree {
		return
	}
	t.tree.Store(subtree)
	if before != nil {
		add := func(path string, _ *cache.Entry) { t.add(path) }
		cache.Each(before, add)
		cache.Each(subtree, add)
		t.notifier.Signal()
	}
}

// Status is how far the tree can be relied on now.
func (t *Tree) Status() Status {
	if t == nil || t.notifier == nil {
		return Status{}
	}
	return *t.status.Load().(*Status)
}

// Ready waits until what is there at first was read. It returns ctx's error, the error of the
// context with which the following has ended, or ErrConnectionAborted where Close has ended it.
func (t *Tree) Ready(ctx context.Context) error {
	if t == nil || t.notifier == nil || ctx == nil {
		return fmt.Errorf("%w: Ready needs a tree and a context", problems.ErrInvalid)
	}
	for {
		changed := t.notifier.Changed()
		if t.Status().Loaded {
			return nil
		}
		err := followers.Await(t.notifier, changed, ctx, t.ctx)
		if err != nil {
			return err
		}
	}
}

// entry is what is known of a node; nil for nothing.
func (t *Tree) entry(path string) *cache.Entry {
	tree := t.subtree()
	if tree == nil {
		return nil
	}
	return cache.EntryFor(tree, path)
}

// subtree is what values are read from; nil for nothing.
func (t *Tree) subtree() *cache.Subtree {
	if t == nil {
		return nil
	}
	tree := t.tree.Load()
	if tree == nil {
		return nil
	}
	return tree.(*cache.Subtree)
}

// Value is what is known of the node at a path, below the cluster's chroot as in the
// source. Where there is no such node, it is a Value that doesn't exist. It has no Stat, and
// its Problem says only that the node's present version can't be used.
func (t *Tree) Value(path string) Value {
	now := t.Status()
	v := Value{Loaded: now.Loaded, Stale: now.Stale}
	seen := t.entry(path)
	if seen != nil {
		fillFrom(&v, seen)
	}
	return v
}

func fillFrom(v *Value, seen *cache.Entry) {
	v.Exists = true
	v.Loaded = seen.Loaded
	v.hold(seen.Value)
	if seen.Refused {
		v.Problem = errRefused
	}
}

// All has what is known of each node, by its path.
func (t *Tree) All() map[string]Value {
	all := map[string]Value{}
	tree := t.subtree()
	if tree == nil {
		return all
	}
	now := t.Status()
	cache.Each(tree, func(path string, seen *cache.Entry) {
		v := Value{Stale: now.Stale}
		fillFrom(&v, seen)
		all[path] = v
	})
	return all
}

// below is the path of a node below another one.
func below(path, name string) string { return strings.TrimSuffix(path, "/") + "/" + name }
