package zookeeper

import (
	"context"
	"net/http"
	"strings"
	"testing"

	"github.com/mod-zookeeper/traefik-zookeeper/config"
)

func mainAt(servers string) map[string]config.Cluster {
	return map[string]config.Cluster{"main": {Servers: []string{servers}}}
}

func ruleFor(cluster string) []config.HeaderRule {
	return []config.HeaderRule{{Name: "X-A", Path: []string{"/a"}, Cluster: cluster}}
}

func TestCheck(t *testing.T) {
	for name, c := range map[string]struct {
		configs map[string]*config.Config
		want    map[string]string // what the error has in it
	}{
		"sound": {configs: map[string]*config.Config{
			"a": {Clusters: mainAt("zk1"), RequestHeaders: ruleFor("")},
			"b": {Clusters: mainAt("ZK1:2181"), RequestHeaders: ruleFor("main")},
			"c": {RequestHeaders: ruleFor("main")},
			"d": {RequestHeaders: ruleFor("")},
		}},
		"by itself": {
			configs: map[string]*config.Config{"a": {Clusters: mainAt("zk1"), MaxStale: "soon"}},
			want:    map[string]string{"a": `maxStale: "soon": a duration`},
		},
		"contradiction": {
			configs: map[string]*config.Config{"a": {Clusters: mainAt("zk1")}, "b": {Clusters: mainAt("zk2")}},
			want:    map[string]string{"b": `clusters.main: "zk2:2181 4s": another middleware defines this cluster as "zk1:2181 4s"`},
		},
		"unknown": {
			configs: map[string]*config.Config{"a": {Clusters: mainAt("zk1")}, "b": {RequestHeaders: ruleFor("other")}},
			want:    map[string]string{"b": `cluster: "other": no middleware defines this cluster; define clusters.other.servers`},
		},
		"none at all": {
			configs: map[string]*config.Config{"a": {Gates: []config.Gate{{Path: []string{"/a"}}}}},
			want:    map[string]string{"a": `cluster: "": no middleware defines this cluster; define clusters.<name>.servers`},
		},
		"page": {
			configs: map[string]*config.Config{"a": {Clusters: mainAt("zk1")}, "b": {Gates: []config.Gate{{Path: []string{"/a"}, Cluster: "lost", BodyPath: []string{"/page"}}}}},
			want:    map[string]string{"b": `cluster: "lost"`},
		},
		"several": {
			configs: map[string]*config.Config{
				"a": {Clusters: map[string]config.Cluster{"main": {Servers: []string{"zk1"}}, "other": {Servers: []string{"zk2"}}}, Cluster: "main"},
				"b": {RequestHeaders: ruleFor("")},
			},
			want: map[string]string{"b": `cluster: "": there are several clusters; name one of main, other`},
		},
	} {
		t.Run(name, func(t *testing.T) {
			got := CheckAll(c.configs)
			if len(got) != len(c.want) {
				t.Errorf("errors %v", got)
			}
			for middleware, want := range c.want {
				if err := got[middleware]; err == nil || !strings.Contains(err.Error(), want) {
					t.Errorf("%s: %v; want %s", middleware, err, want)
				}
			}
		})
	}
}

// What Check says of a middleware by itself, New says too.
func TestCheckSpeaksAsNew(t *testing.T) {
	decoded := map[string]any{"clusters": map[string]any{"main": map[string]any{"servers": "zk1:99999"}}, "requestheaders": []any{map[string]any{"nam": "X-A"}}}
	_, err := New(context.Background(), http.NotFoundHandler(), &config.Config{Decoded: decoded}, "a")
	checked := CheckAll(map[string]*config.Config{"a": {Decoded: decoded}})["a"]
	if err == nil || checked == nil || !strings.HasSuffix(err.Error(), "middleware a: "+checked.Error()) {
		t.Errorf("New: %v\nCheck: %v", err, checked)
	}
}

func TestRead(t *testing.T) {
	gates := []any{map[string]any{"path": "/a,/b"}, map[string]any{"path": "/c", "cluster": "other"}}
	headers := []any{map[string]any{"name": "X-A", "path": "/a"}}
	c, err := Read(&config.Config{Decoded: map[string]any{"cluster": "main", "gates": gates, "responseHeaders": headers, "requestHeaders": headers}})
	if err != nil || len(c.Gates) != 2 || len(c.RequestHeaders) != 1 || len(c.ResponseHeaders) != 1 {
		t.Fatalf("%+v, %v", c, err)
	}
	if len(c.Gates[0].Path) != 2 || c.Gates[0].Cluster != "main" || c.Gates[1].Cluster != "other" || c.RequestHeaders[0].Cluster != "main" || c.ResponseHeaders[0].Cluster != "main" {
		t.Errorf("%+v", c)
	}
	if c, err := Read(&config.Config{RequestHeaders: ruleFor("")}); err != nil || c.RequestHeaders[0].Cluster != "" {
		t.Errorf("%+v, %v", c, err)
	}
}
