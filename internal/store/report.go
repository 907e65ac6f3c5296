package store

import (
	"sort"
	"strings"
	"time"

	"github.com/mod-zookeeper/traefik-zookeeper/internal/diagnostic"
	"github.com/mod-zookeeper/traefik-zookeeper/internal/ensemble"
	"github.com/mod-zookeeper/traefik-zookeeper/internal/history"
	"github.com/mod-zookeeper/traefik-zookeeper/internal/session"
	"github.com/mod-zookeeper/traefik-zookeeper/internal/value"
)

// A NodeSelection says which nodes a report lists.
type NodeSelection struct {
	Prefix string // their paths, without the chroot, begin with it
	Limit  int    // how many are listed at most; 0 for none
	Folded bool   // those that no path of their own means are counted by their templates, and not listed
}

// A Report is what is known of a cluster's nodes at one moment.
type Report struct {
	NodeCount        int
	Nodes            []*NodeReport           // those that were selected
	TemplateNodes    int                     // how many nodes were folded
	RefusedValues    int64                   // versions of nodes that couldn't be used
	RefusedNodes     int                     // nodes whose present version can't be used
	SuspiciousFlags  int                     // flags that are wrong or suspicious, beyond what they are refused for
	Changes          []*history.ChangeReport // the last one first
	ChangesPerMinute []int64                 // the present minute is the last one
	Propagation      *history.Propagation
}

// A NodeReport is what is known of one node.
type NodeReport struct {
	Path         string // without the chroot
	Own          bool   // the configuration has this path, not only a template that means it
	Template     string // a path with placeholders that means it; empty where the configuration has the path itself, too
	Children     bool   // its list of children is read, not its data
	Loaded       bool
	Exists       bool
	Data         []byte // the store's own, which must not be changed
	ChildCount   int
	Version      int32
	Modified     time.Time
	StaleSince   time.Time // zero while it is not stale
	Watch        string    // which watch tells of it: own, recursive or none
	Users        int
	Problem      string    // why it can't be read, or its present version not be used
	Details      string    // the end of that sentence, which may quote the value
	RefusedSince time.Time // since when its present version is refused as a value; zero where it isn't
	Suspicious   int       // how many findings there are
	Findings     []string  // what is wrong or suspicious in its flags, which quotes the value
}

// ReportOf reports the nodes that are known. In refused are the nodes that sinks couldn't use
// at some time, by their paths with the chroot. The value tells whether that is true of the
// present version. The map is changed.
func ReportOf(st *Store, wanted *NodeSelection, refused map[string]bool) *Report {
	report := reportNodes(st, wanted, refused)
	report.RefusedValues = st.refused.Load()
	report.Changes = st.history.Latest(func(path string) string { return st.Session.Chroot.Relative(path) })
	report.ChangesPerMinute = st.history.PerMinute(time.Now())
	report.Propagation = st.history.Propagation()
	return report
}

// reportNodes is the part of the report that takes the lock. It copies no value, and
// lists no more nodes than were wanted.
func reportNodes(st *Store, wanted *NodeSelection, refused map[string]bool) *Report {
	all := lock(st)
	defer st.mu.Unlock()
	root := st.Session.Chroot
	report := &Report{NodeCount: len(all.data) + len(all.children)}
	report.RefusedNodes, report.SuspiciousFlags = countRefused(all, refused)
	if wanted.Folded {
		report.TemplateNodes = countFolded(all.data) + countFolded(all.children)
	}
	for _, kind := range []map[string]*node{all.data, all.children} {
		for _, full := range selectPaths(kind, root, wanted, len(report.Nodes)) {
			report.Nodes = append(report.Nodes, reportNode(all, kind[full], root))
		}
	}
	return report
}

// countFolded is how many of the nodes only templates mean.
func countFolded(nodes map[string]*node) int {
	count := len(nodes)
	for _, n := range nodes {
		if len(n.views) > 0 {
			count--
		}
	}
	return count
}

// selectPaths are the first of the selected paths, with the chroot. As many nodes as listed
// says are in the report already.
func selectPaths(known map[string]*node, root ensemble.Chroot, wanted *NodeSelection, listed int) []string {
	if listed >= wanted.Limit {
		return nil
	}
	start := string(root) + wanted.Prefix
	if wanted.Prefix == "/" { // the chroot itself is below it, too
		start = string(root)
	}
	var found []string
	for full, n := range known {
		if strings.HasPrefix(full, start) && (len(n.views) > 0 || !wanted.Folded) {
			found = append(found, full)
		}
	}
	sort.Strings(found)
	if len(found) > wanted.Limit-listed {
		found = found[:wanted.Limit-listed]
	}
	return found
}

// reportNode is what is known of a node. It is called with the lock held.
func reportNode(all *nodes, n *node, root ensemble.Chroot) *NodeReport {
	report := &NodeReport{
		Path: root.Relative(n.path), Own: len(n.views) > 0, Children: n.children, Loaded: n.content != nil, StaleSince: n.stale, Watch: watchOf(all, n),
		Users: len(n.sinks), Problem: value.WithoutReason(n.problem),
	}
	report.Details = strings.TrimPrefix(n.problem, report.Problem)
	for _, v := range n.views {
		report.Users += len(v.users)
		report.Findings = append(report.Findings, diagnostic.FindingsOf(v.diagnostic)...)
		report.RefusedSince = diagnostic.RefusedSince(report.RefusedSince, v.diagnostic)
	}
	if !report.Own && len(n.sinks) > 0 {
		report.Template = n.sinks[0].Template
	}
	report.Suspicious = len(report.Findings)
	if n.content == nil || !n.content.Exists {
		return report
	}
	report.Exists = true
	if n.content.Stat != nil {
		report.Version = n.content.Stat.Version
		report.Modified = time.UnixMilli(n.content.Stat.Mtime)
	}
	report.ChildCount = len(n.content.Children)
	if n.content.Denied == nil {
		report.Data = n.content.Data
	}
	return report
}

// watchOf says which watch tells of a node's changes. A missing node's list of children is
// watched through its data.
func watchOf(all *nodes, n *node) string {
	if isCovered(n) {
		return "recursive"
	}
	if all.session.Triggers[keyOf(n)] != nil || all.session.Triggers[session.NodeKey{Path: n.path}] != nil {
		return "own"
	}
	return "none"
}

// countRefused is how many nodes there are whose present version can't be used, each counted
// once however many read it. A subtree may have many nodes. It knows those few that were
// refused at some time, so no others of its nodes have to be looked at. The second number is
// that of the flags which are wrong or suspicious, without those of subtrees.
func countRefused(all *nodes, refused map[string]bool) (int, int) {
	for full := range refused {
		n := all.children[full]
		if n != nil && n.content != nil && n.content.Denied != nil {
			refused[full] = true
		}
	}
	suspicious := addViewed(refused, all.data)
	addViewed(refused, all.children)
	count := 0
	for _, is := range refused {
		if is {
			count++
		}
	}
	return count, suspicious
}

// addViewed adds the nodes that a view couldn't use, and counts the flags of which there is
// something to say.
func addViewed(refused map[string]bool, nodes map[string]*node) int {
	suspicious := 0
	for full, n := range nodes {
		for _, v := range n.views {
			if v.refused {
				refused[full] = true
			}
			if v.diagnostic != nil && len(v.diagnostic.Findings) > 0 {
				suspicious++
			}
		}
	}
	return suspicious
}
