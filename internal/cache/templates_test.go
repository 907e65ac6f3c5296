package cache

import (
	"errors"
	"testing"
	"time"

	"github.com/mod-zookeeper/traefik-zookeeper/internal/diagnostic"
	"github.com/mod-zookeeper/traefik-zookeeper/internal/ensemble"
	"github.com/mod-zookeeper/traefik-zookeeper/internal/session"
	"github.com/mod-zookeeper/traefik-zookeeper/internal/value"
)

// cacheOfTenants has a template that is read in two formats, and another one.
func cacheOfTenants(since time.Time) *Cache {
	c := New(session.New("tenants", &ensemble.Settings{}))
	add := func(text, format string, leaves, missing int, logged map[string]*diagnostic.Diagnostic) {
		tree := newSubtree(c, &Target{Format: format, Pattern: &value.Pattern{Text: text, Root: "/t", Levels: make([]value.Level, 1), Limit: 5}})
		tree.leaves = leaves
		tree.missing.Store(int64(missing))
		tree.logged = logged
		c.trees[subtreeKey{pattern: text, format: format}] = tree
	}
	add("/t/{host}/plan", value.FormatText, 3, 0, map[string]*diagnostic.Diagnostic{"/t/acme/plan": {Since: since.Add(time.Minute)}, "/t/mended/plan": {Since: since.Add(-time.Hour)}})
	add("/t/{host}/plan", value.FormatFlag, 3, 2, map[string]*diagnostic.Diagnostic{"/t/acme/plan": {Since: since}, "/t/bolt/plan": {Since: since.Add(time.Second)}})
	add("/t/{ip}", value.FormatText, 1, 0, map[string]*diagnostic.Diagnostic{"/t/acme": {Since: since}})
	return c
}

// A template's nodes are taken together, however many formats they are read in.
func TestTemplatesOfACache(t *testing.T) {
	since := time.Now()
	refused := map[string]bool{"/t/acme/plan": true, "/t/bolt/plan": true, "/t/mended/plan": false}
	got := templatesOf(cacheOfTenants(since), &NodeSelection{Limit: 10}, refused)
	want := []TemplateReport{{Path: "/t/{host}/plan", Nodes: 3, NotLoaded: 2, Refused: 2, RefusedSince: since}, {Path: "/t/{ip}", Nodes: 1}}
	if len(got) != len(want) {
		t.Fatalf("%d templates", len(got))
	}
	for i := range want {
		if *got[i] != want[i] {
			t.Errorf("%+v\ninstead of %+v", *got[i], want[i])
		}
	}
}

func TestTemplatesAreSelectedByTheBeginningOfTheirPaths(t *testing.T) {
	for prefix, want := range map[string]int{"": 2, "/t/{": 2, "/t/{i": 1, "/t/acme": 0} {
		if got := templatesOf(cacheOfTenants(time.Now()), &NodeSelection{Prefix: prefix, Limit: 10}, nil); len(got) != want {
			t.Errorf("%q selects %d", prefix, len(got))
		}
	}
	if got := templatesOf(cacheOfTenants(time.Now()), &NodeSelection{Limit: 1}, nil); len(got) != 1 {
		t.Errorf("%d of one", len(got))
	}
}

// Since when a version is refused, is told from its first refusal on.
func TestRefusedSince(t *testing.T) {
	tree := emptySubtree()
	judge(tree, "/a/b", 1, &value.Reading{Refused: errors.New("refused")})
	first := *tree.logged["/a/b"]
	judge(tree, "/a/b", 1, &value.Reading{Refused: errors.New("refused")})
	if again := *tree.logged["/a/b"]; again.Since != first.Since || again.Version != 1 || time.Since(first.Since) > time.Minute {
		t.Errorf("%+v, then %+v", first, again)
	}
	judge(tree, "/a/b", 2, &value.Reading{Refused: errors.New("refused")})
	if next := *tree.logged["/a/b"]; next.Version != 2 || next.Since.Before(first.Since) {
		t.Errorf("%+v", next)
	}
}
