package rules

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/mod-zookeeper/traefik-zookeeper/config"
	"github.com/mod-zookeeper/traefik-zookeeper/internal/problems"
)

// FuzzGatesOfATree: whatever tree a provider hands over, each item of its gates is a gate
// in force, or there is a mistake. Gates never get lost.
func FuzzGatesOfATree(f *testing.F) {
	for _, tree := range []string{
		`{"clusters":{"c":{"servers":"zk1,zk2/a"}},"gates":[{"path":"/a"}]}`,
		`{"gates":[{"path":["/a"],"status":503,"dryRun":true,"bypass":{"ips":["10.0.0.0/8"],"header":{"name":"X-A","value":1}},"headers":{"A":"b"}},{"path":"/b"}]}`,
		`{"gates":[]}`, `{"gates":{}}`, `{"gates":""}`, `{"gates":[null]}`, `{"gates":["on"]}`, `{"gates":{"0":{"path":"/a"}}}`, `{"gates":{"1":{}}}`, `{"gates":{"path":"/a"}}`, `{"gates":true}`,
		`{"GATES":[{"path":"/a"}],"gates":[]}`, `{"Gates":[{"path":"/a"}]}`, `{"gates":[{"path":"/a","bypass":true}]}`, `{"gates":[{"path":"/a"}],"cluster":"a","dryRun":true}`,
	} {
		f.Add([]byte(tree))
	}
	f.Fuzz(func(t *testing.T, document []byte) {
		var tree map[string]any
		if json.Unmarshal(document, &tree) != nil || tree == nil {
			return
		}
		typed, mistakes := config.Decode(tree)
		if len(mistakes) > 0 {
			return
		}
		r := compileConfig(withoutFiles(typed), &problems.List{})
		if items := gatesIn(tree); len(r.Gates) != items {
			t.Errorf("%d gates are in force, want %d", len(r.Gates), items)
		}
	})
}

// gatesIn counts the items of gates in a tree, in each form that providers give a list.
func gatesIn(tree map[string]any) int {
	items := 0
	for key, value := range tree {
		if strings.EqualFold(key, "gates") {
			list, _ := value.([]any)
			numbered, _ := value.(map[string]any)
			items += len(list) + len(numbered)
		}
	}
	return items
}

// withoutFiles keeps the fuzzer from reading the machine's files.
func withoutFiles(c *config.Config) *config.Config {
	for name, cluster := range c.Clusters {
		cluster.PasswordFile, cluster.TLS = "", nil
		c.Clusters[name] = cluster
	}
	for i := range c.Gates {
		c.Gates[i].BodyFile = ""
		if b := c.Gates[i].Bypass; b != nil {
			b.Header, b.Cookie = nil, nil
		}
	}
	return c
}
