package zookeeper

import (
	"sort"
	"strings"
	"time"
)

// A nodeSelection says which nodes a report lists.
type nodeSelection struct {
	Prefix string // their paths, without the chroot, begin with it
	Limit  int    // how many are listed at most; 0 for none
}

// A cacheReport is what is known of a cluster's nodes at one moment.
type cacheReport struct {
	NodeCount        int
	Nodes            []*nodeReport // those that were selected
	RefusedValues    int64         // versions of nodes that couldn't be used
	RefusedNodes     int           // nodes whose present version can't be used
	Changes          []*changeReport
	ChangesPerMinute []int64 // the present minute is the last one
	Propagation      *propagationReport
}

// A nodeReport is what is known of one node.
type nodeReport struct {
	Path       string // without the chroot
	Children   bool   // its list of children is read, not its data
	Loaded     bool
	Exists     bool
	Data       []byte // the cache's own, which must not be changed
	ChildCount int
	Version    int32
	Modified   time.Time
	StaleSince time.Time // zero while a session vouches for it
	Watch      string
	Users      int
	Problem    string // why it can't be read, or its present version not be used
	Details    string // the end of that sentence, which may quote the value

	key pointKey // with the chroot
}

// The watches that tell of a node's changes.
const (
	watchOwn       = "own"
	watchRecursive = "recursive"
	watchNone      = "none"
)

func cacheReportOf(c *cache, wanted *nodeSelection) *cacheReport {
	report := reportNodes(c, wanted, refusedInTrees(c))
	noteWatches(c.session, report.Nodes)
	report.RefusedValues = c.refused.Load()
	for _, one := range c.history.changes() {
		report.Changes = append(report.Changes, &changeReport{
			Path: c.session.chroot.relative(one.path), Kind: one.kind, Version: one.version, Served: one.served, Took: one.served.Sub(one.event),
		})
	}
	report.ChangesPerMinute = c.history.perMinute(time.Now())
	report.Propagation = c.history.propagation()
	return report
}

// reportNodes is the part of the report that takes the lock. It copies no value, and
// lists no more nodes than were wanted.
func reportNodes(c *cache, wanted *nodeSelection, refused map[string]bool) *cacheReport {
	all := lock(c)
	defer c.mu.Unlock()
	root := c.session.chroot
	report := &cacheReport{NodeCount: len(all.data) + len(all.children), RefusedNodes: countRefused(all, refused)}
	for _, kind := range []map[string]*node{all.data, all.children} {
		for _, full := range selectPaths(kind, root, wanted, len(report.Nodes)) {
			report.Nodes = append(report.Nodes, reportNode(kind[full], root))
		}
	}
	return report
}

// selectPaths are the first of the selected paths, with the chroot. So many nodes are
// listed already.
func selectPaths(known map[string]*node, root chroot, wanted *nodeSelection, listed int) []string {
	if listed >= wanted.Limit {
		return nil
	}
	start := string(root) + wanted.Prefix
	if wanted.Prefix == "/" { // the chroot itself is below it, too
		start = string(root)
	}
	var found []string
	for full := range known {
		if strings.HasPrefix(full, start) {
			found = append(found, full)
		}
	}
	sort.Strings(found)
	if len(found) > wanted.Limit-listed {
		found = found[:wanted.Limit-listed]
	}
	return found
}

// reportNode is what is known of a node. It is locked.
func reportNode(n *node, root chroot) *nodeReport {
	report := &nodeReport{
		Path: root.relative(n.path), Children: n.children, Loaded: n.content != nil, StaleSince: n.stale, Watch: watchNone,
		Users: len(n.sinks), Problem: withoutReason(n.problem), key: pointKey{path: n.path, children: n.children},
	}
	report.Details = strings.TrimPrefix(n.problem, report.Problem)
	if isCovered(n) {
		report.Watch = watchRecursive
	}
	for _, v := range n.views {
		report.Users += len(v.users)
	}
	if n.content == nil || !n.content.exists {
		return report
	}
	report.Exists = true
	if n.content.stat != nil {
		report.Version = n.content.stat.Version
		report.Modified = time.UnixMilli(n.content.stat.Mtime)
	}
	report.ChildCount = len(n.content.children)
	if n.content.denied == nil {
		report.Data = n.content.data
	}
	return report
}

// noteWatches asks the session which of the nodes have a watch of their own. A missing
// node's list of children is watched through its data.
func noteWatches(s *session, listed []*nodeReport) {
	var keys []pointKey
	for _, n := range listed {
		keys = append(keys, n.key, pointKey{path: n.key.path})
	}
	there := watchpointsAt(s, keys)
	for _, n := range listed {
		if n.Watch == watchNone && (there[n.key] || there[pointKey{path: n.key.path}]) {
			n.Watch = watchOwn
		}
	}
}

// clusterOf names the cluster that a subscription reads from.
func clusterOf(s *subscription) string { return cacheOf(s).name }
