package store

import (
	"testing"

	"github.com/mod-zookeeper/traefik-zookeeper/internal/published"
	"github.com/mod-zookeeper/traefik-zookeeper/internal/value"
)

// storeOfTenants has a node of its own, some that only templates mean, and one of both kinds.
func storeOfTenants(root string) *Store {
	st := storeWith(root, []string{"/own", "/t/acme/plan", "/t/both/plan"}, []string{"/t"})
	for _, n := range []*node{st.nodes.data[root+"/t/acme/plan"], st.nodes.data[root+"/t/both/plan"], st.nodes.children[root+"/t"]} {
		n.sinks = []*Sink{{Template: "/t/{host}/plan"}, {Template: "/t/{ip}/plan"}}
	}
	own := []*view{{format: value.FormatText, text: &published.Text{}}}
	st.nodes.data[root+"/own"].views = own
	st.nodes.data[root+"/t/both/plan"].views = own
	return st
}

// Where nodes are folded, only those are listed that the configuration names, and a prefix
// tells nothing of the others.
func TestFoldedNodesAreNotListed(t *testing.T) {
	for _, root := range []string{"", "/root"} {
		for prefix, want := range map[string]int{"": 2, "/": 2, "/t": 1, "/t/a": 0, "/t/b": 1, "/own": 1} {
			report := ReportOf(storeOfTenants(root), &NodeSelection{Prefix: prefix, Limit: 100, Folded: true}, map[string]bool{})
			if len(report.Nodes) != want || report.NodeCount != 4 || report.TemplateNodes != 2 {
				t.Errorf("%q selects %d nodes, want %d; %d and %d", prefix, len(report.Nodes), want, report.NodeCount, report.TemplateNodes)
			}
			for _, n := range report.Nodes {
				if !n.Own {
					t.Errorf("%s is not folded", n.Path)
				}
			}
		}
	}
}

func TestNothingIsFoldedWhereThatIsNotWanted(t *testing.T) {
	report := ReportOf(storeOfTenants(""), &NodeSelection{Limit: 100}, map[string]bool{})
	if len(report.Nodes) != 4 || report.TemplateNodes != 0 {
		t.Errorf("%+v", report)
	}
	for _, n := range report.Nodes {
		if n.Own != (n.Path == "/own" || n.Path == "/t/both/plan") {
			t.Errorf("%+v", n)
		}
	}
}

// A change tells whether the configuration has the path, and which template means the node.
func TestChangesTellTheirTemplates(t *testing.T) {
	st := storeOfTenants("")
	before, after := &value.Content{}, &value.Content{Exists: true}
	for path, want := range map[string]string{"/own": "", "/t/acme/plan": "/t/{host}/plan", "/t/both/plan": "/t/{host}/plan"} {
		if c := changeOf(st.nodes.data[path], before, after); c.Template != want || c.Own != (path != "/t/acme/plan") {
			t.Errorf("%s: %+v", path, c)
		}
	}
	if c := changeOf(&node{path: "/gone"}, before, after); c.Own || c.Template != "" {
		t.Errorf("a node that nobody reads: %+v", c)
	}
}
