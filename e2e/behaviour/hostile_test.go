package behaviour

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"
)

// heavy is a document of flags that take long to compile: as many operations as a flag
// may have, in as many flags as fit. The flag version has a value of its own.
func heavy(version string) []byte {
	rule := `{"or":[` + strings.TrimSuffix(strings.Repeat(`{"!":1},`, 4900), ",") + `]}`
	flags := []string{`"version":{"variants":{"v":"` + version + `"},"defaultVariant":"v"}`}
	for i := range heavyFlags / 2 {
		for _, name := range []string{"f", "g"} {
			flags = append(flags, fmt.Sprintf(`"%s%d":{"variants":{"on":true},"defaultVariant":"on","targeting":%s}`, name, i, rule))
		}
	}
	return []byte(`{"flags":{` + strings.Join(flags, ",") + `}}`)
}

const heavyFlags = 12

// heavyGates go by all flags of the document, and a header by its version, which is
// the last to be served.
func heavyGates(cluster, path string) string {
	config := "cluster: " + cluster + "\nstartupTimeout: 1m\nrequestHeaders:\n  - {name: X-Version, flag: '" + path + "', key: version}\ngates:\n"
	for i := range heavyFlags / 2 {
		config += fmt.Sprintf("  - {path: '%s', key: f%d, dryRun: true}\n", path, i)
	}
	return config
}

// calm is what nobody has to wait with, whatever a node holds.
type calm struct {
	suite   *suite
	cluster string
	inst    *instance
	round   int
}

func (s *suite) newCalm(t *testing.T) *calm {
	c := &calm{suite: s, cluster: uniqueCluster()}
	c.inst = s.must(t, "clusters:\n  "+c.cluster+": {servers: '"+s.zk.Addr()+"'}\nrequestHeaders:\n"+
		"  - {name: X-Value, path: /calm/value}\n  - {name: X-Plan, path: '/calm/tenants/{header.X-User}/plan'}\n"+statusLine)
	c.goesOn(t, func() {})
	return c
}

// goesOn changes nodes, asks the status page, and makes a middleware as a reload does.
// It calls done after each.
func (c *calm) goesOn(t *testing.T, done func()) {
	t.Helper()
	c.round++
	value := fmt.Sprint("round ", c.round)
	c.suite.admin.Put("/calm/value", []byte(value))
	c.suite.admin.Put(fmt.Sprintf("/calm/tenants/u%d/plan", c.round), []byte(value))
	c.inst.awaitHeader(t, "X-Value", value)
	done()
	who := fmt.Sprintf("X-User: u%d", c.round)
	eventually(t, func() bool { return c.inst.get(who).service.Get("X-Plan") == value }, func() string { return who + " has no plan" })
	done()
	for _, below := range []string{"/ready", "", "/metrics"} {
		c.inst.statusAt(t, below)
		done()
	}
	made := c.suite.must(t, "cluster: "+c.cluster+"\nrequestHeaders:\n  - {name: X-Value, path: /calm/value}\n  - {name: X-Round, path: /calm/"+fmt.Sprint(c.round)+"}\n")
	made.awaitHeader(t, "X-Value", value)
	done()
}

func (inst *instance) version() string {
	return inst.get("X-User: ann").service.Get("X-Version")
}

var hostile = []behaviour{
	{"nobody waits for what others wrote", testNobodyWaitsForWhatOthersWrote},
}

func testNobodyWaitsForWhatOthersWrote(t *testing.T, s *suite) {
	c := s.newCalm(t)
	for _, path := range []string{"/heavy/doc", "/heavy/tenants/{header.X-User}/doc"} {
		t.Run(path, func(t *testing.T) { c.goesOnBeside(t, path) })
	}
}

// mostTries is how often it is tried to see something go on while a document is read. A
// machine that does other things may be late once or twice.
const mostTries = 10

// goesOnBeside sees that other things go on while documents are read: the first one of a
// node, another version, and one that is known already, for a middleware that comes later
// and reads it in another way.
func (c *calm) goesOnBeside(t *testing.T, path string) {
	s, seen := c.suite, map[string]bool{}
	for try := 0; try < mostTries && len(seen) < 3; try++ {
		tried := strings.Replace(path, "heavy", fmt.Sprint("heavy", try), 1)
		node := strings.ReplaceAll(tried, "{header.X-User}", "ann")
		s.admin.Put(node, heavy("first"))
		inst := s.must(t, heavyGates(c.cluster, tried))
		c.await(t, inst, "first", seen, "the first version")
		s.admin.Put(node, heavy("second"))
		c.await(t, inst, "second", seen, "another version")
		later := s.must(t, strings.ReplaceAll(heavyGates(c.cluster, tried), "key: f", "key: g"))
		c.await(t, later, "second", seen, "a version that is known")
		if got := inst.get("X-User: ann").status; got != http.StatusOK {
			t.Errorf("status %d", got)
		}
	}
	if len(seen) < 3 && strings.HasPrefix(t.Name(), "TestInterpreted") {
		t.Errorf("of %d documents, others went on beside those only: %v", mostTries, seen)
	}
}

// await waits for a version, and notes when other things went on before it was served.
func (c *calm) await(t *testing.T, inst *instance, version string, seen map[string]bool, as string) {
	t.Helper()
	c.goesOn(t, func() {
		if !inst.reaches(10*time.Millisecond) || inst.version() != version {
			seen[as] = true
		}
	})
	eventually(t, func() bool { return inst.version() == version }, inst.version)
}
