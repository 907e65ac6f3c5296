package zookeeper

import "time"

// input is a rule's source, bound to the nodes of a pool.
type input struct {
	source   *source
	nodes    []*subscription // one for each path; none until the cluster is known
	replaced []*subscription // what they replace, until they are loaded
}

// inputFor is nil for a rule that reads nothing.
func inputFor(s *source) *input {
	if s == nil {
		return nil
	}
	return &input{source: s}
}

// present are the inputs that there are.
func present(lists ...[]*input) []*input {
	var all []*input
	for _, some := range lists {
		for _, in := range some {
			if in != nil {
				all = append(all, in)
			}
		}
	}
	return all
}

func (in *input) subscribe(l *listener, c *cache) []*subscription {
	var nodes []*subscription
	for _, at := range in.source.places {
		wanted := &target{path: at.path, format: in.source.format, key: in.source.key}
		if at.template != nil {
			wanted.pattern = at.template.pattern
		}
		nodes = append(nodes, subscribe(c, l, wanted))
	}
	return nodes
}

// replace puts subscriptions in the place of the input's own, which serve on until
// it settles.
func (in *input) replace(nodes []*subscription) {
	if len(in.replaced) > 0 {
		cancelAll(in.nodes) // which never got so far as to serve
	} else {
		in.replaced = in.nodes
	}
	in.nodes = nodes
}

// settle lets go of the subscriptions that were replaced.
func (in *input) settle() {
	cancelAll(in.replaced)
	in.replaced = nil
}

func cancelAll(nodes []*subscription) {
	for _, n := range nodes {
		n.cancel()
	}
}

// isPending tells whether anything that is known is still being read.
func (in *input) isPending() bool {
	for _, n := range in.nodes {
		if n.isPending() {
			return true
		}
	}
	return false
}

func (in *input) settled(patience time.Duration) bool {
	for _, n := range in.nodes {
		if !n.settled(patience) {
			return false
		}
	}
	return len(in.nodes) > 0
}

// inForce are the subscriptions whose values count.
func inForce(in *input) []*subscription {
	if len(in.replaced) > 0 {
		return in.replaced
	}
	return in.nodes
}

// An expiryClock is the time that values are judged by, and the next time when one of
// them will be too stale.
type expiryClock struct {
	now        time.Time
	maxStale   time.Duration // 0 for values that are never too stale
	nextExpiry time.Time     // zero for none
}

// see is what the input's paths show, in their order.
func see(in *input, clock *expiryClock) []*observed {
	var all []*observed
	nodes := in.nodes
	if len(in.replaced) > 0 {
		nodes = in.replaced
	}
	for _, n := range nodes {
		seen := observe(n)
		if clock.maxStale > 0 {
			expire(seen, clock)
		}
		all = append(all, seen)
	}
	return all
}

// expire takes away what is too stale, and notes when the rest will be.
func expire(seen *observed, clock *expiryClock) {
	if !seen.known || seen.stale.IsZero() {
		return
	}
	expiry := seen.stale.Add(clock.maxStale)
	if !clock.now.Before(expiry) {
		seen.value = nil
		seen.known = false
	} else if clock.nextExpiry.IsZero() || expiry.Before(clock.nextExpiry) {
		clock.nextExpiry = expiry
	}
}
