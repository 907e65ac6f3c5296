package behaviour

import (
	"fmt"
	"strings"
	"testing"

	"github.com/mod-zookeeper/traefik-zookeeper/e2e/internal/zkserver"
)

// user is a middleware that uses a cluster which another one defines.
func user(cluster, path string) string {
	return "cluster: '" + cluster + "'\nstartupTimeout: 300ms\nrequestHeaders:\n  - {name: X-Value, path: " + path + ", default: nothing}\n"
}

func definer(cluster, servers string) string {
	return "clusters:\n  " + cluster + ": {servers: '" + servers + "'}\n"
}

func (s *suite) must(t *testing.T, config string) *instance {
	t.Helper()
	inst, err := s.try(t, config)
	if err != nil {
		t.Fatal(err)
	}
	return inst
}

var clusters = []behaviour{
	{"a cluster that another middleware defines, before or after", testClusterThatAnotherMiddlewareDefinesBeforeOrAfter},
	{"a cluster that nobody defines is logged", testClusterThatNobodyDefinesIsLogged},
	{"many wait for a definition, and a reload comes in any order", testManyWaitForADefinitionAndAReloadComesInAnyOrder},
	{"the only cluster needs no name", testOnlyClusterNeedsNoName},
	{"contradicting definitions", testContradictingDefinitions},
	{"a definition changes with a reload", testDefinitionChangesWithAReload},
	{"a definition changes beside another cluster", testDefinitionChangesBesideAnotherCluster},
	{"two clusters in one middleware", testTwoClustersInOneMiddleware},
}

func testClusterThatAnotherMiddlewareDefinesBeforeOrAfter(t *testing.T, s *suite) {
	s.admin.Put("/shared", []byte("shared"))
	name := uniqueCluster()
	early := s.must(t, user(name, "/shared"))
	early.awaitHeader(t, "X-Value", "nothing")
	s.must(t, definer(name, s.zk.Addr()))
	early.awaitHeader(t, "X-Value", "shared")
	late := s.must(t, user(name, "/shared"))
	if got := late.header("X-Value"); got != "shared" {
		t.Fatalf("the late one sees %q", got)
	}
}

func testClusterThatNobodyDefinesIsLogged(t *testing.T, s *suite) {
	name := uniqueCluster()
	s.must(t, user(name, "/shared")).awaitHeader(t, "X-Value", "nothing")
	want := fmt.Sprintf("define clusters.%s.servers", name)
	eventually(t, func() bool { return strings.Contains(s.plugin.Output(), want) }, s.plugin.Output)
}

func testManyWaitForADefinitionAndAReloadComesInAnyOrder(t *testing.T, s *suite) {
	s.admin.Put("/waited", []byte("value"))
	name := uniqueCluster()
	config := strings.Replace(user(name, "/waited"), "300ms", "1m", 1)
	nameless := strings.Replace(config, "cluster: '"+name+"'\n", "", 1)
	var waiting []*instance
	for i := range 200 {
		waiting = append(waiting, s.must(t, []string{config, nameless}[i%2]))
	}
	first := s.must(t, definer(name, s.zk.Addr()))
	for _, inst := range waiting {
		inst.awaitHeader(t, "X-Value", "value")
		inst.cancel()
	}
	// The next ones come before the definition, which is the same.
	first.cancel()
	named, unnamed := s.must(t, config), s.must(t, nameless)
	s.must(t, definer(name, s.zk.Addr()))
	for _, value := range []string{"value", "changed"} {
		s.admin.Put("/waited", []byte(value))
		named.awaitHeader(t, "X-Value", value)
		unnamed.awaitHeader(t, "X-Value", value)
	}
}

func testOnlyClusterNeedsNoName(t *testing.T, s *suite) {
	s.admin.Put("/only", []byte("only"))
	nameless := strings.TrimPrefix(user("", "/only"), "cluster: ''\n")
	early := s.must(t, nameless)
	s.must(t, definer(uniqueCluster(), s.zk.Addr()))
	early.awaitHeader(t, "X-Value", "only")
	s.must(t, nameless).awaitHeader(t, "X-Value", "only")
	// With a second one, it can't be told which is meant.
	s.must(t, definer(uniqueCluster(), s.zk.Addr()+"/other"))
	early.awaitHeader(t, "X-Value", "nothing")
	if _, err := s.try(t, nameless); err == nil || !strings.Contains(err.Error(), "several clusters") {
		t.Fatalf("error %v", err)
	}
}

func testContradictingDefinitions(t *testing.T, s *suite) {
	name := uniqueCluster()
	first := s.must(t, definer(name, "127.0.0.1:"+port(s.zk)+",localhost"))
	// The same in other words is no contradiction.
	s.must(t, definer(name, "localhost:2181, 127.0.0.1:"+port(s.zk)+"/")).cancel()
	if _, err := s.try(t, definer(name, s.zk.Addr())); err == nil || !strings.Contains(err.Error(), "clusters."+name) || !strings.Contains(err.Error(), "another middleware") {
		t.Fatalf("error %v", err)
	}
	gated := s.must(t, definer(name, s.zk.Addr())+"gates:\n  - {path: /contradiction, default: 'on'}\n")
	gated.awaitStatus(t, 503)
	first.cancel()
	s.must(t, definer(name, s.zk.Addr()))
}

func testDefinitionChangesWithAReload(t *testing.T, s *suite) {
	other := zkserver.Start(t)
	other.Client(t).Put("/moved", []byte("new"))
	s.admin.Put("/moved", []byte("old"))
	name := uniqueCluster()
	before := s.must(t, definer(name, s.zk.Addr()))
	old := s.must(t, user(name, "/moved"))
	old.awaitHeader(t, "X-Value", "old")
	before.cancel()
	old.cancel()
	follower := s.must(t, user(name, "/moved")) // comes before the definition that it follows
	s.must(t, definer(name, other.Addr()))
	follower.awaitHeader(t, "X-Value", "new")
	if got := old.header("X-Value"); got != "old" {
		t.Errorf("what drains sees %q", got)
	}
}

func testDefinitionChangesBesideAnotherCluster(t *testing.T, s *suite) {
	s.admin.Put("/beside", []byte("first"))
	moving, staying := uniqueCluster(), uniqueCluster()
	before := s.must(t, definer(moving, s.zk.Addr()))
	s.must(t, definer(staying, s.zk.Addr()))
	inst := s.must(t, "startupTimeout: 1h\nrequestHeaders:\n  - {name: X-Moving, path: /beside, cluster: "+moving+"}\n"+
		"  - {name: X-Staying, path: /beside, cluster: "+staying+"}\n")
	inst.awaitHeader(t, "X-Moving", "first")
	before.cancel()
	s.must(t, definer(moving, "127.0.0.1:1"))
	s.admin.Put("/beside", []byte("second"))
	inst.awaitHeader(t, "X-Staying", "second")
	if got := inst.header("X-Moving"); got == "(none)" {
		t.Error("the value is lost while the cluster's new definition is tried")
	}
}

func testTwoClustersInOneMiddleware(t *testing.T, s *suite) {
	other := zkserver.Start(t)
	other.Client(t).Put("/pair", []byte("there"))
	s.admin.Put("/pair", []byte("here"))
	one, two := uniqueCluster(), uniqueCluster()
	inst := s.must(t, definer(one, s.zk.Addr())+"  "+two+": {servers: '"+other.Addr()+"'}\ncluster: "+one+
		"\nrequestHeaders:\n  - {name: X-Here, path: /pair}\n  - {name: X-There, path: /pair, cluster: "+two+"}\n")
	inst.awaitHeader(t, "X-Here", "here")
	inst.awaitHeader(t, "X-There", "there")
}

func port(z *zkserver.Server) string { return strings.TrimPrefix(z.Addr(), "127.0.0.1:") }
