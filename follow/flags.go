package follow

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/mod-zookeeper/traefik-zookeeper/flag"
	"github.com/mod-zookeeper/traefik-zookeeper/internal/cache"
	"github.com/mod-zookeeper/traefik-zookeeper/internal/followers"
	"github.com/mod-zookeeper/traefik-zookeeper/internal/lists"
	"github.com/mod-zookeeper/traefik-zookeeper/internal/problems"
	"github.com/mod-zookeeper/traefik-zookeeper/internal/value"
)

// A FlagSource says where flags are: in one node, or in many.
type FlagSource struct {
	// Document is the path of a node with a flagd document, which has flags by their keys, or
	// with one flag, which answers to every key, and whose shares are salted with the node's
	// path, as those of a gate that reads it.
	Document string
	// Below is the path of a node below which each node is a flag, whose key is its path from
	// there. It goes in the place of Document. Shares are salted with the node's path, too.
	Below string
	// MaxStale is how long flags are evaluated without a session. After that, evaluations give the
	// fallback and the reason STALE. With 0, they are for ever.
	MaxStale time.Duration
	// MaxNodes is that of a TreeSource, for Below.
	MaxNodes int
	// Changed, unless nil, is called with the keys of the flags that have changed, sorted, and
	// when the status changes, then without keys, in a goroutine of its own. What comes while it
	// runs is told in one call. The key of a Document's single flag is empty.
	Changed func(keys []string, now Status)
}

// Flags are flags that are followed.
type Flags struct {
	document *Following // nil for nodes
	tree     *Tree      // nil for a document
	below    string
	maxStale time.Duration
	told     *flag.Set // what the document had when Changed was called last; of the goroutine that calls it
}

// errRefused is the problem of a node in a tree. The log has more of it.
var errRefused = errors.New("the node's present version can't be used; the log says why")

// StartFlags is zookeeper.FollowFlags, which knows the registry.
func StartFlags(ctx context.Context, in *followers.Registry, cluster string, from FlagSource) (*Flags, error) {
	if (from.Document == "") == (from.Below == "") {
		return nil, fmt.Errorf("%w: flags are in a Document or Below a node: set one of them", problems.ErrInvalid)
	}
	err := checkFollowed(from.Document + from.Below)
	if err != nil {
		return nil, err
	}
	if from.MaxStale < 0 {
		return nil, fmt.Errorf("%w: maxStale: %s: a duration from 0s on", problems.ErrInvalid, from.MaxStale)
	}
	f := &Flags{below: from.Below, maxStale: from.MaxStale}
	if from.Below != "" {
		r := &followers.Request{Context: ctx, Cluster: cluster, Target: &cache.Target{Format: value.FormatFlag}}
		tree, err := startTree(in, r, &TreeSource{Path: from.Below, MaxNodes: from.MaxNodes, Changed: f.tellsPaths(from.Changed)})
		if err != nil {
			return nil, err
		}
		f.tree = tree
		return f, nil
	}
	r := &followers.Request{Context: ctx, Cluster: cluster, Target: &cache.Target{Path: from.Document, Format: value.FormatFlags}}
	document, err := startFollowing(in, r, f.tellsKeys(from.Changed))
	if err != nil {
		return nil, err
	}
	f.document = document
	return f, nil
}

// tellsPaths is what tells a function of the keys of nodes.
func (f *Flags) tellsPaths(changed func(keys []string, now Status)) func([]string, Status) {
	if changed == nil {
		return nil
	}
	return func(paths []string, now Status) {
		keys := make([]string, len(paths))
		for i, path := range paths {
			keys[i] = strings.TrimPrefix(path, below(f.below, ""))
		}
		changed(keys, now)
	}
}

// tellsKeys is what tells a function of the keys of a document, those from before included.
func (f *Flags) tellsKeys(changed func(keys []string, now Status)) func(*Value) {
	if changed == nil {
		return nil
	}
	return func(v *Value) {
		keys := flag.Changed(f.told, v.flags)
		f.told = v.flags
		changed(keys, v.status())
	}
}

func (v *Value) status() Status { return Status{Loaded: v.Loaded, Stale: v.Stale, Problem: v.Problem} }

// Status is how far the flags can be relied on now. Of flags below a node it has no problem,
// since each has its own.
func (f *Flags) Status() Status {
	if f == nil {
		return Status{}
	}
	if f.tree != nil {
		return f.tree.Status()
	}
	return f.document.Value().status()
}

// Ready waits until the flags that are there at first were read. It returns ctx's error, the
// error of the context with which the following has ended, or ErrConnectionAborted where Close has
// ended it.
func (f *Flags) Ready(ctx context.Context) error {
	if f == nil {
		return fmt.Errorf("%w: Ready needs flags and a context", problems.ErrInvalid)
	}
	if f.tree != nil {
		return f.tree.Ready(ctx)
	}
	_, err := f.document.Next(ctx, nil)
	return err
}

// Keys are those of all flags, sorted. A document with a single flag has none.
func (f *Flags) Keys() []string {
	if f == nil {
		return nil
	}
	if f.tree == nil {
		flags := f.document.Value().flags
		if flags == nil {
			return nil
		}
		return flags.Keys()
	}
	all := map[string]bool{}
	for path, v := range f.tree.All() {
		if v.flags != nil || v.Problem != nil {
			all[strings.TrimPrefix(path, below(f.below, ""))] = true
		}
	}
	return lists.SortedKeys(all)
}

// Evaluate evaluates the flag of a key in an evaluation context, which may be nil. The
// fallback's type is the one that is wanted of the value: bool, string, int64 (or int), float64
// or map[string]any; nil takes any. The evaluation has OpenFeature's terms: the variant, the
// reason, and the error code where the value is the fallback. Where the present version
// of the flag can't be used, the last good one is evaluated, and the error code is
// PARSE_ERROR.
//
// It does no I/O, and may be called for each request.
func (f *Flags) Evaluate(key string, fallback any, attributes flag.Context) flag.Evaluation {
	v := f.valueFor(key)
	switch {
	case !v.Loaded:
		return unevaluated(fallback, flag.ErrorProviderNotReady, "the flag wasn't read yet")
	case f.maxStale > 0 && !v.Stale.IsZero() && time.Since(v.Stale) > f.maxStale:
		return flag.Evaluation{Value: fallback, Reason: flag.ReasonStale}
	case v.flags == nil && v.Problem != nil:
		return unevaluated(fallback, flag.ErrorParse, v.Problem.Error())
	case v.flags == nil:
		return unevaluated(fallback, flag.ErrorFlagNotFound, "there is no such flag")
	}
	ev := v.flags.Evaluate(key, fallback, attributes)
	if v.Problem != nil && ev.ErrorCode == "" {
		ev.ErrorCode = flag.ErrorParse
		ev.ErrorMessage = v.Problem.Error()
	}
	return ev
}

func unevaluated(fallback any, code, message string) flag.Evaluation {
	return flag.Evaluation{Value: fallback, Reason: flag.ReasonError, ErrorCode: code, ErrorMessage: message}
}

// valueFor is the value with the flag of a key.
func (f *Flags) valueFor(key string) *Value {
	if f == nil {
		return &Value{}
	}
	if f.tree == nil {
		return f.document.Value()
	}
	path := below(f.below, key)
	v := f.tree.Value(path)
	if v.flags != nil && !v.flags.Static(key) {
		v.flags = v.flags.Salted(path)
	}
	return &v
}
