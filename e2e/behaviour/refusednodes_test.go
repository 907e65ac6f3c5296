package behaviour

import (
	"testing"

	"github.com/go-zookeeper/zk"
)

// The gauge follows each node that is refused, however it is read, until it is mended
// or gone; the counter only counts.
func refusedNodes(t *testing.T, s *suite) {
	name := uniqueCluster()
	for _, path := range []string{"/refusals/fixed", "/refusals/t/a/plan", "/refusals/t/b/plan"} {
		s.admin.Put(path, []byte("x\ny"))
	}
	s.admin.Authenticate("app", password)
	for _, path := range []string{"/refusals/denied", "/refusals/parent"} {
		s.admin.PutACL(path, []byte("on"), zk.DigestACL(zk.PermAll, "app", password))
	}
	inst := s.named(t, "page", statusLine+"clusters: {"+name+": {servers: '"+s.zk.Addr()+"'}}\nrequestHeaders: [{name: X-Fixed, path: /refusals/fixed},"+
		" {name: X-Denied, path: /refusals/denied}, {name: X-Below, path: '/refusals/parent/{host}'}, {name: X-Plan, path: '/refusals/t/{host}/plan'}, {name: X-Other, path: '/refusals/t/{ip}/plan', format: json, key: a}]\n")
	refused := func(want int) {
		t.Helper()
		inst.awaitCluster(t, name, "refused nodes", func(c *clusterReport) bool { return c.RefusedNodes == want })
		if got := value(inst.series(t), "refused_nodes", "zookeeper_cluster", name); got != float64(want) {
			t.Errorf("the metric has %g refused nodes, want %d", got, want)
		}
	}
	refused(5)
	s.admin.Put("/refusals/fixed", []byte("good"))
	refused(4)
	s.admin.Put("/refusals/t/a/plan", []byte(`{"a":"good"}`))
	refused(3)
	s.admin.Delete("/refusals/t/b")
	refused(2)
	if got := value(inst.series(t), "refused_values_total", "zookeeper_cluster", name); got < 5 {
		t.Errorf("the metric counts %g refused values", got)
	}
}
