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

const heavyFlags = 20

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
	{"nobody waits for what others wrote", func(t *testing.T, s *suite) {
		c := s.newCalm(t)
		for _, path := range []string{"/heavy/doc", "/heavy/tenants/{header.X-User}/doc"} {
			t.Run(path, func(t *testing.T) {
				node := strings.ReplaceAll(path, "{header.X-User}", "ann")
				// awaited sees that other things went on before a version was served.
				awaited := func(inst *instance, version string) {
					before := 0
					c.goesOn(t, func() {
						if !inst.reaches(10*time.Millisecond) || inst.version() != version {
							before++
						}
					})
					if before == 0 && strings.HasPrefix(t.Name(), "TestInterpreted") {
						t.Errorf("the version %s was served before anything else", version)
					}
					eventually(t, func() bool { return inst.version() == version }, inst.version)
				}
				s.admin.Put(node, heavy("first"))
				inst := s.must(t, heavyGates(c.cluster, path))
				awaited(inst, "first")
				s.admin.Put(node, heavy("second"))
				awaited(inst, "second")
				// What is known is read in other ways by a middleware that comes later.
				later := s.must(t, strings.ReplaceAll(heavyGates(c.cluster, path), "key: f", "key: g"))
				awaited(later, "second")
				if got := inst.get("X-User: ann").status; got != http.StatusOK {
					t.Errorf("status %d", got)
				}
			})
		}
	}},
}
