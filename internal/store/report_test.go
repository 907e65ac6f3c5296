package store

import (
	"fmt"
	"slices"
	"testing"

	"github.com/go-zookeeper/zk"

	"github.com/mod-zookeeper/traefik-zookeeper/internal/ensemble"
	"github.com/mod-zookeeper/traefik-zookeeper/internal/session"
	"github.com/mod-zookeeper/traefik-zookeeper/internal/value"
)

// storeWith is a cluster's store below a chroot, with nodes that hold data, and some
// whose children are listed.
func storeWith(root string, data, children []string) *Store {
	st := New(session.New("main", &ensemble.Settings{Chroot: root}))
	for _, path := range data {
		st.nodes.data[root+path] = &node{path: root + path, content: &value.Content{Exists: true, Data: []byte(path), Stat: &zk.Stat{Version: 3, Mtime: 1000}}}
	}
	for _, path := range children {
		st.nodes.children[root+path] = &node{path: root + path, children: true, content: &value.Content{Exists: true, Children: []string{"a", "b"}, Stat: &zk.Stat{}}}
	}
	return st
}

func listed(st *Store, prefix string, limit int) []string {
	var paths []string
	for _, n := range ReportOf(st, &NodeSelection{Prefix: prefix, Limit: limit}, map[string]bool{}).Nodes {
		paths = append(paths, n.Path)
	}
	return paths
}

func TestNodesAreSelectedByTheBeginningOfTheirPaths(t *testing.T) {
	st := storeWith("/root", []string{"/b", "/a", "/ab", "/root/a"}, []string{"/a", "/c"})
	for prefix, want := range map[string][]string{
		"": {"/a", "/ab", "/b", "/root/a", "/a", "/c"}, "/": {"/a", "/ab", "/b", "/root/a", "/a", "/c"}, "/a": {"/a", "/ab", "/a"},
		"/root": {"/root/a"}, "/none": nil, "none": nil,
	} {
		if got := listed(st, prefix, 100); !slices.Equal(got, want) {
			t.Errorf("%q selects %q, want %q", prefix, got, want)
		}
	}
}

func TestTheChrootItselfIsBelowTheSlash(t *testing.T) {
	st := storeWith("/root", nil, nil)
	st.nodes.children["/root"] = &node{path: "/root", children: true}
	if got := listed(st, "/", 100); !slices.Equal(got, []string{"/"}) {
		t.Errorf("listed %q", got)
	}
}

func TestAReportListsNoMoreNodesThanWanted(t *testing.T) {
	var data []string
	for i := range 30 {
		data = append(data, fmt.Sprintf("/%02d", i))
	}
	st := storeWith("", data, []string{"/a", "/b"})
	if got := listed(st, "", 0); got != nil {
		t.Errorf("nothing was wanted: %q", got)
	}
	if got := listed(st, "", 2); !slices.Equal(got, []string{"/00", "/01"}) {
		t.Errorf("the first two: %q", got)
	}
	if got := listed(st, "", 31); len(got) != 31 || got[30] != "/a" {
		t.Errorf("all but one: %q", got)
	}
	if report := ReportOf(st, &NodeSelection{Limit: 1}, map[string]bool{}); report.NodeCount != 32 {
		t.Errorf("%d nodes", report.NodeCount)
	}
}

func TestANodeThatIsNotLoaded(t *testing.T) {
	n := reportNode(emptyStore().nodes, &node{path: "/a"}, "")
	if n.Loaded || n.Exists || n.Data != nil || !n.Modified.IsZero() || n.Watch != "none" {
		t.Errorf("%+v", n)
	}
}

func TestANodeThatMayNotBeRead(t *testing.T) {
	n := reportNode(emptyStore().nodes, &node{path: "/a", content: &value.Content{Exists: true, Data: []byte("secret"), Denied: zk.ErrNoAuth}}, "")
	if !n.Loaded || !n.Exists || n.Data != nil {
		t.Errorf("%+v", n)
	}
}

func TestTheDetailsOfAProblemQuoteTheValue(t *testing.T) {
	refused := reportNode(emptyStore().nodes, &node{problem: value.RefusalText(value.FormatFlag, "beta", fmt.Errorf(`is "secret": it is no flag`))}, "")
	if refused.Problem != "refused as flag beta" || refused.Details != `: it is "secret": it is no flag` {
		t.Errorf("%q and %q", refused.Problem, refused.Details)
	}
	failed := reportNode(emptyStore().nodes, &node{problem: "zk: no such host"}, "")
	if failed.Problem != "zk: no such host" || failed.Details != "" {
		t.Errorf("%q and %q", failed.Problem, failed.Details)
	}
}

func TestTheWatchesThatTellOfANode(t *testing.T) {
	st := storeWith("", []string{"/alone", "/own", "/below"}, []string{"/gone", "/list"})
	st.nodes.data["/below"].sinks = []*Sink{{recursive: true}}
	st.nodes.session.Triggers[session.NodeKey{Path: "/own"}] = &session.Trigger{}
	st.nodes.session.Triggers[session.NodeKey{Path: "/below"}] = &session.Trigger{}
	st.nodes.session.Triggers[session.NodeKey{Path: "/gone"}] = &session.Trigger{} // of the list of children, once there is the node
	st.nodes.session.Triggers[session.NodeKey{Path: "/list", Children: true}] = &session.Trigger{}
	st.nodes.session.Triggers[session.NodeKey{Path: "/alone", Children: true}] = &session.Trigger{}
	want := map[string]string{"/alone": "none", "/own": "own", "/below": "recursive", "/gone": "own", "/list": "own"}
	for _, n := range ReportOf(st, &NodeSelection{Limit: 100}, map[string]bool{}).Nodes {
		if n.Watch != want[n.Path] {
			t.Errorf("%s: %s, want %s", n.Path, n.Watch, want[n.Path])
		}
	}
}
