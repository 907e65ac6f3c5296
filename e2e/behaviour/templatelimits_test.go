package behaviour

import (
	"fmt"
	"strings"
	"testing"
)

// How many nodes a path with placeholders may mean.

func testMoreNodesThanAllowed(t *testing.T, s *suite) {
	for i := range 30 {
		s.admin.Put(fmt.Sprintf("/many/n%02d", i), []byte("x"))
	}
	before := len(s.plugin.Output())
	inst := s.start(t, personal("/many/{header.X-User}", ", maxNodes: 10"))
	served := func() int {
		n := 0
		for i := range 30 {
			if inst.by(fmt.Sprintf("n%02d", i)) == "x" {
				n++
			}
		}
		return n
	}
	eventually(t, func() bool { return served() == 10 }, func() string { return fmt.Sprint(served(), " nodes are served") })
	if n := strings.Count(s.plugin.Output()[before:], "more than 10 nodes"); n != 1 {
		t.Errorf("%d lines say that there are too many", n)
	}
	for i := range 22 {
		s.admin.Delete(fmt.Sprintf("/many/n%02d", i))
	}
	eventually(t, func() bool { return served() == 8 }, func() string { return fmt.Sprint(served(), " of 8 nodes are served") })
}

func testLimitThatIsRaisedAndTwoLimits(t *testing.T, s *suite) {
	name := uniqueCluster()
	for i := range 12 {
		s.admin.Put(fmt.Sprint("/limits/u", i), []byte("here"))
	}
	served := func(inst *instance) int {
		count := 0
		for i := range 12 {
			if inst.by(fmt.Sprint("u", i)) == "here" {
				count++
			}
		}
		return count
	}
	config := func(limit int) string {
		return "clusters:\n  " + name + ": {servers: " + s.zk.Addr() + "}\nrequestHeaders:\n  - {name: X-Value, path: '/limits/{header.X-User}', maxNodes: " + fmt.Sprint(limit) + "}\n"
	}
	for _, limit := range []int{5, 8, 20} {
		inst, want := s.must(t, config(limit)), min(limit, 12)
		eventually(t, func() bool { return served(inst) == want }, func() string { return fmt.Sprint(served(inst), " are served, want ", want) })
	}
}

func testAllNodesWithMaxNodesSet(t *testing.T, s *suite) {
	s.admin.Put("/shop.test", []byte("mine"))
	inst := s.start(t, personal("/{header.X-User}", ", maxNodes: 1000"))
	inst.awaitBy(t, "shop.test", "mine")
	if got := inst.by("zookeeper"); got != "nothing" {
		t.Errorf("ZooKeeper's own node gives %q", got)
	}
}
