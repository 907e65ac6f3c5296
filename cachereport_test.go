package zookeeper

import (
	"fmt"
	"slices"
	"testing"

	"github.com/go-zookeeper/zk"
)

// cacheWith is a cluster's cache below a chroot, with nodes that hold data, and some
// whose children are listed.
func cacheWith(root string, data, children []string) *cache {
	c := newCache(newSession("main", &settings{chroot: root}))
	for _, path := range data {
		c.nodes.data[root+path] = &node{path: root + path, content: &content{exists: true, data: []byte(path), stat: &zk.Stat{Version: 3, Mtime: 1000}}}
	}
	for _, path := range children {
		c.nodes.children[root+path] = &node{path: root + path, children: true, content: &content{exists: true, children: []string{"a", "b"}, stat: &zk.Stat{}}}
	}
	return c
}

func listed(c *cache, prefix string, limit int) []string {
	var paths []string
	for _, n := range cacheReportOf(c, &nodeSelection{Prefix: prefix, Limit: limit}).Nodes {
		paths = append(paths, n.Path)
	}
	return paths
}

func TestNodesAreSelectedByTheBeginningOfTheirPaths(t *testing.T) {
	c := cacheWith("/root", []string{"/b", "/a", "/ab", "/root/a"}, []string{"/a", "/c"})
	for prefix, want := range map[string][]string{
		"": {"/a", "/ab", "/b", "/root/a", "/a", "/c"}, "/": {"/a", "/ab", "/b", "/root/a", "/a", "/c"}, "/a": {"/a", "/ab", "/a"},
		"/root": {"/root/a"}, "/none": nil, "none": nil,
	} {
		if got := listed(c, prefix, 100); !slices.Equal(got, want) {
			t.Errorf("%q selects %q, want %q", prefix, got, want)
		}
	}
}

func TestTheChrootItselfIsBelowTheSlash(t *testing.T) {
	c := cacheWith("/root", nil, nil)
	c.nodes.children["/root"] = &node{path: "/root", children: true}
	if got := listed(c, "/", 100); !slices.Equal(got, []string{"/"}) {
		t.Errorf("listed %q", got)
	}
}

func TestAReportListsNoMoreNodesThanWanted(t *testing.T) {
	var data []string
	for i := range 30 {
		data = append(data, fmt.Sprintf("/%02d", i))
	}
	c := cacheWith("", data, []string{"/a", "/b"})
	if got := listed(c, "", 0); got != nil {
		t.Errorf("nothing was wanted: %q", got)
	}
	if got := listed(c, "", 2); !slices.Equal(got, []string{"/00", "/01"}) {
		t.Errorf("the first two: %q", got)
	}
	if got := listed(c, "", 31); len(got) != 31 || got[30] != "/a" {
		t.Errorf("all but one: %q", got)
	}
	if report := cacheReportOf(c, &nodeSelection{Limit: 1}); report.NodeCount != 32 {
		t.Errorf("%d nodes", report.NodeCount)
	}
}

func TestANodeThatIsNotLoaded(t *testing.T) {
	n := reportNode(&node{path: "/a"}, "")
	if n.Loaded || n.Exists || n.Data != nil || !n.Modified.IsZero() || n.Watch != watchNone {
		t.Errorf("%+v", n)
	}
}

func TestANodeThatMayNotBeRead(t *testing.T) {
	n := reportNode(&node{path: "/a", content: &content{exists: true, data: []byte("secret"), denied: zk.ErrNoAuth}}, "")
	if !n.Loaded || !n.Exists || n.Data != nil {
		t.Errorf("%+v", n)
	}
}

func TestTheDetailsOfAProblemQuoteTheValue(t *testing.T) {
	refused := reportNode(&node{problem: refusedAs(formatFlag, "beta", fmt.Errorf(`is "secret": it is no flag`))}, "")
	if refused.Problem != "refused as flag beta" || refused.Details != `: it is "secret": it is no flag` {
		t.Errorf("%q and %q", refused.Problem, refused.Details)
	}
	failed := reportNode(&node{problem: "zk: no such host"}, "")
	if failed.Problem != "zk: no such host" || failed.Details != "" {
		t.Errorf("%q and %q", failed.Problem, failed.Details)
	}
}

func TestTheWatchesThatTellOfANode(t *testing.T) {
	c := cacheWith("", []string{"/alone", "/own", "/below"}, []string{"/gone", "/list"})
	c.nodes.data["/below"].sinks = []*sink{{recursive: true}}
	c.session.state.points[pointKey{path: "/own"}] = &watchpoint{}
	c.session.state.points[pointKey{path: "/below"}] = &watchpoint{}
	c.session.state.points[pointKey{path: "/gone"}] = &watchpoint{} // of the list of children, once there is the node
	c.session.state.points[pointKey{path: "/list", children: true}] = &watchpoint{}
	c.session.state.points[pointKey{path: "/alone", children: true}] = &watchpoint{}
	want := map[string]string{"/alone": watchNone, "/own": watchOwn, "/below": watchRecursive, "/gone": watchOwn, "/list": watchOwn}
	for _, n := range cacheReportOf(c, &nodeSelection{Limit: 100}).Nodes {
		if n.Watch != want[n.Path] {
			t.Errorf("%s: %s, want %s", n.Path, n.Watch, want[n.Path])
		}
	}
}
