// Package input has what rules read: subscriptions to nodes, of which the values count that
// are there and not too old.
package input

import (
	"time"

	"github.com/mod-zookeeper/traefik-zookeeper/internal/cache"
	"github.com/mod-zookeeper/traefik-zookeeper/internal/rules"
	"github.com/mod-zookeeper/traefik-zookeeper/internal/session"
)

// An Input is what one rule reads: its source, with subscriptions to the source's nodes
// in the cache of a cluster. When the cluster becomes another ensemble, the subscriptions
// are replaced. The replaced ones count until the new ones are loaded.
//
// All its methods, and the functions for it, are called with the lock of the instance that it
// belongs to.
//
// Yaegi: those that a reload calls for each router are functions, since a method costs as much
// as four of them.
type Input struct {
	Source   *rules.Source         // never changes
	InPlace  bool                  // its node's text is read in place; set before Rebind
	nodes    []*cache.Subscription // one for each path; none until the cluster is known
	replaced []*cache.Subscription // none most of the time
	isFirst  bool                  // requests were answered before there was a cluster, and still are as if there were none
}

// New is nil for a rule that reads nothing.
func New(s *rules.Source) *Input {
	if s == nil {
		return nil
	}
	return &Input{Source: s}
}

// Cluster is the name of the cluster that the input reads from. It is empty for the
// only one that there is.
func (in *Input) Cluster() string { return in.Source.Cluster }

// Rebind subscribes to the input's nodes in a cache, for a listener. What it was bound
// to before counts until TakeReplaced is called.
func Rebind(in *Input, l *session.Listener, c *cache.Cache) {
	var nodes []*cache.Subscription
	for _, at := range in.Source.Places {
		wanted := &cache.Target{Path: at.Path, Format: in.Source.Format, Key: in.Source.Key, InPlace: in.InPlace}
		if at.Template != nil {
			wanted.Pattern = at.Template.Pattern
		}
		nodes = append(nodes, cache.Subscribe(c, l, wanted))
	}
	if len(in.replaced) > 0 {
		CancelAll(in.nodes) // they have never counted
	} else {
		in.replaced = in.nodes
	}
	in.nodes = nodes
}

// Unbind cancels all subscriptions, so that the input has no value.
func (in *Input) Unbind() {
	CancelAll(in.nodes)
	CancelAll(in.replaced)
	in.nodes = nil
	in.replaced = nil
	in.isFirst = false
}

// AwaitFirst is called before Rebind where requests have been answered already. If the
// input has had no cluster so far, it goes on as if it had none until TakeReplaced is
// called: a gate that was closed without a cluster doesn't open before its flag is there.
func (in *Input) AwaitFirst() { in.isFirst = in.isFirst || len(in.nodes) == 0 }

// IsReplacing tells whether what counted before the latest Rebind still counts.
func IsReplacing(in *Input) bool { return len(in.replaced) > 0 || in.isFirst }

// TakeReplaced has the new subscriptions count. It returns the replaced ones, which the
// caller cancels once no request reads what they hold.
func (in *Input) TakeReplaced() []*cache.Subscription {
	replaced := in.replaced
	in.replaced = nil
	in.isFirst = false
	return replaced
}

// HasCluster tells whether the input reads from a cluster, and what that one says counts.
func (in *Input) HasCluster() bool { return len(in.nodes) > 0 && !in.isFirst }

// IsBound tells whether the input reads from a cluster.
func (in *Input) IsBound() bool { return len(in.nodes) > 0 }

// CancelAll cancels subscriptions.
func CancelAll(nodes []*cache.Subscription) {
	for _, n := range nodes {
		n.Cancel()
	}
}

// IsPending tells whether anything that is known to be there is still being read.
func (in *Input) IsPending() bool {
	for _, n := range in.nodes {
		if n.IsPending() {
			return true
		}
	}
	return false
}

// IsComplete tells whether no value is worth waiting for: each is loaded, or its cluster
// has had no session for longer than patience.
func IsComplete(in *Input, patience time.Duration) bool {
	for _, n := range in.nodes {
		if !cache.IsSettled(n, patience) {
			return false
		}
	}
	return len(in.nodes) > 0
}

// Counting are the subscriptions whose values count.
func Counting(in *Input) []*cache.Subscription {
	if len(in.replaced) > 0 {
		return in.replaced
	}
	return in.nodes
}

// An Expiry says which values are too old to be used. Next is set by whoever looks at
// values with it.
type Expiry struct {
	Now      time.Time
	MaxStale time.Duration // how long after its session has gone a value is used; 0 for as long as there is no other
	Next     time.Time     // when the next of the values will be too old; zero where none will
}

// Observe is what the input's paths show, in their order.
func Observe(in *Input, expiry *Expiry) []*cache.Observed {
	var all []*cache.Observed
	for i, n := range Counting(in) {
		seen := cache.CurrentOf(n)
		seen.Path = in.Source.Places[i].Path
		if expiry.MaxStale > 0 {
			expire(seen, expiry)
		}
		all = append(all, seen)
	}
	return all
}

// expire takes a value away that is too old, or notes when it will be.
func expire(seen *cache.Observed, expiry *Expiry) {
	if !seen.Known || seen.Stale.IsZero() {
		return
	}
	end := seen.Stale.Add(expiry.MaxStale)
	if !expiry.Now.Before(end) {
		seen.Value = nil
		seen.Known = false
	} else if expiry.Next.IsZero() || end.Before(expiry.Next) {
		expiry.Next = end
	}
}
