package behaviour

import (
	"fmt"
	"net/http"
	"reflect"
	"slices"
	"strings"
	"testing"
)

var statuses = []behaviour{
	{"the status of a cluster and its nodes", clusterStatus},
	{"the status of gates and headers", middlewareStatus},
	{"the status of a cluster that nobody reads from", testStatusOfAClusterThatNobodyReadsFrom},
	{"two gates of one flag, in the status", testTwoGatesOfOneFlagInTheStatus},
	{"the status without values, and never with secrets", hiding},
	{"the status without what nodes, clients and secrets contribute", hidingAll},
	{"what is missing, without values", testMissingTemplateWithoutValues},
	{"values, paths and names that are markup", escaping},
	{"the status by method, format and path", negotiating},
	{"bad settings of the status", testBadSettingsOfTheStatus},
	{"more nodes than a report lists", testMoreNodesThanAReportLists},
	{"more middlewares than a report lists", testMoreMiddlewaresThanAReportLists},
}

func testStatusOfAClusterThatNobodyReadsFrom(t *testing.T, s *suite) {
	cluster := uniqueCluster()
	inst := s.start(t, statusLine+"clusters: {"+cluster+": {servers: '127.0.0.1:1', sessionTimeout: 100ms}}\n")
	if c := inst.report(t, "").cluster(t, cluster); c.State != "suspended" || c.Problem != "" || len(c.Nodes) != 0 {
		t.Errorf("%+v", c)
	}
	if got := value(inst.series(t), "value_age_seconds", "zookeeper_cluster", cluster); got != 0 {
		t.Errorf("its values are %g s old", got)
	}
	inst.awaitReady(t, http.StatusOK, "ready")
}

func testTwoGatesOfOneFlagInTheStatus(t *testing.T, s *suite) {
	s.admin.Put("/statuses/twice", []byte("on"))
	inst := s.start(t, statusLine+anyCluster+"gates: [{path: /statuses/twice}, {path: /statuses/twice, blockWhen: 'on', status: 503}]\n")
	inst.awaitStatus(t, 503)
	inst.series(t)
	if m := inst.report(t, "").middleware(t, t.Name()); len(m.Gates) != 2 || m.Gates[0].Decision != "pass" || m.Gates[1].Decision != "block" {
		t.Errorf("%+v", m)
	}
}

func testBadSettingsOfTheStatus(t *testing.T, s *suite) {
	for _, c := range [][]string{
		{"statusPath: zookeeper", "statusPath", `"zookeeper"`, "begins with a slash"}, {"statusPath: /", "statusPath", `"/"`, "as in /.zookeeper"},
		{"statusPath: /a/", "statusPath", `"/a/"`, "slash"}, {"statusPath: /a?b", "statusPath", `"/a?b"`, "slash"}, {"statusPath: /a/../b", "statusPath", `"/a/../b"`, "slash"},
		{"statusPath: /a%20b", "statusPath", `"/a%20b"`, "slash"}, {"statusPath: //a", "statusPath", `"//a"`, "slash"},
		{"statusValues: maybe", "statusValues", `"maybe"`, "true or false"},
	} {
		_, err := s.try(t, c[0])
		for _, word := range c[1:] {
			if err == nil || !strings.Contains(err.Error(), word) {
				t.Errorf("%s: %v", c[0], err)
			}
		}
	}
}

func testMoreNodesThanAReportLists(t *testing.T, s *suite) {
	const many = 230
	config := "requestHeaders:\n"
	for i := range many {
		config += fmt.Sprintf("  - {name: X-H%d, path: /statuses/many/%03d}\n", i, i)
	}
	cluster := uniqueCluster()
	inst := s.start(t, statusLine+"clusters: {"+cluster+": {servers: '"+s.zk.Addr()+"'}}\n"+config)
	inst.get()
	c := inst.report(t, "").cluster(t, cluster)
	if len(c.Nodes) != 200 || c.NodeCount != many || c.node("/statuses/many/000").Path == "" {
		t.Errorf("%d of %d nodes", len(c.Nodes), c.NodeCount)
	}
	if c := inst.report(t, "&path=/statuses/many/22").cluster(t, cluster); len(c.Nodes) != 10 {
		t.Errorf("%d nodes begin so", len(c.Nodes))
	}
	if got := inst.statusAt(t, "").body; !strings.Contains(got, "30 more nodes") {
		t.Error("the page doesn't tell of 30 more nodes")
	}
}

func testMoreMiddlewaresThanAReportLists(t *testing.T, s *suite) {
	for i := range 210 {
		s.named(t, fmt.Sprintf("many%03d@file", i), "requestHeaders: [{name: X-Gone, mode: remove}]\n")
	}
	inst := s.named(t, "page@file", statusLine)
	if r := inst.report(t, ""); len(r.Middlewares) != 200 || r.MiddlewareCount != 211 {
		t.Errorf("%d of %d middlewares", len(r.Middlewares), r.MiddlewareCount)
	}
	if r := inst.report(t, "&middleware=many20"); len(r.Middlewares) != 10 || r.Middlewares[0].Name != "many200@file" || r.MiddlewareCount != 211 {
		t.Errorf("%d middlewares begin so", len(r.Middlewares))
	}
	if got := inst.statusAt(t, "").body; !strings.Contains(got, "11 more middlewares") {
		t.Error("the page doesn't tell of 11 more middlewares")
	}
}

// clusterStatus: everything that the status tells of a cluster.
func clusterStatus(t *testing.T, s *suite) {
	for path, text := range map[string]string{"title": "blue", "list/a": "", "list/b": "", "bad": "perhaps", "empty": "", "tenants/a": "gold", "bytes": "\xff\xfe"} {
		s.admin.Put("/status/"+path, []byte(text))
	}
	cluster := uniqueCluster()
	inst := s.start(t, statusLine+"clusters: {"+cluster+": {servers: '"+s.zk.Addr()+"/status'}}\ngates: [{path: /bad, default: 'on'}]\nrequestHeaders:\n"+
		"  - {name: X-Title, path: /title}\n  - {name: X-Again, path: /title}\n  - {name: X-List, path: /list, format: children}\n  - {name: X-None, path: /none}\n"+
		"  - {name: X-Bytes, path: /bytes}\n  - {name: X-Plan, path: '/tenants/{header.X-Tenant}'}\n")
	inst.awaitHeader(t, "X-Title", "blue")
	s.admin.Put("/status/title", []byte("green"))
	s.admin.Put("/status/none", []byte("now"))
	inst.awaitHeader(t, "X-None", "now")
	s.admin.Delete("/status/none")
	inst.awaitHeader(t, "X-None", "(none)")
	inst.awaitHeader(t, "X-Title", "green")
	c := inst.report(t, "").cluster(t, cluster)
	if c.State != "connected" || c.Chroot != "/status" || !slices.Equal(c.Servers, []string{s.zk.Addr()}) || c.Server != s.zk.Addr() || !strings.HasPrefix(c.Session, "0x") ||
		c.Since == "" || c.SessionTimeoutMs != 4000 || c.Sessions != 1 || c.Reconnects != 0 || c.RefusedValues != 2 || c.Problem != "" {
		t.Errorf("%+v", c)
	}
	// title, none, bytes, bad; list twice: as a list and whether it is there; and the recursive watch
	if c.Watches < 6 || c.NodeCount != len(c.Nodes) || len(c.Nodes) < 6 {
		t.Errorf("%d watches, %d and %d nodes", c.Watches, c.NodeCount, len(c.Nodes))
	}
	for path, want := range map[string]nodeReport{
		"/title":     {Reads: "data", Exists: true, Loaded: true, Value: "green", Version: 1, Watch: "own", Users: 1},
		"/list":      {Reads: "children", Exists: true, Loaded: true, Value: "2 below", Watch: "own", Users: 1},
		"/none":      {Reads: "data", Loaded: true, Watch: "own", Users: 1},
		"/bytes":     {Reads: "data", Exists: true, Loaded: true, Value: "2 bytes that are no text", Watch: "own", Users: 1, Problem: "text"},
		"/bad":       {Reads: "data", Exists: true, Loaded: true, Value: "perhaps", Watch: "own", Users: 1, Problem: "flag"},
		"/tenants/a": {Reads: "data", Exists: true, Loaded: true, Value: "gold", Watch: "recursive", Users: 1},
	} {
		got := c.node(path)
		if strings.Contains(got.Problem, "refused as "+want.Problem) {
			got.Problem = want.Problem
		}
		if (got.Modified != "") != want.Exists {
			t.Errorf("%s: modified %q", path, got.Modified)
		}
		want.Path, got.Modified = path, ""
		want.Findings = []string{}
		if !reflect.DeepEqual(got, want) {
			t.Errorf("%+v\ninstead of %+v", got, want)
		}
	}
	var changes []string
	for _, change := range c.Changes {
		if change.Milliseconds < 0 || change.Milliseconds > 60000 {
			t.Errorf("%s took %g ms", change.Path, change.Milliseconds)
		}
		changes = append(changes, fmt.Sprint(change.Path, " ", change.Kind, " ", change.Version))
	}
	slices.Sort(changes)
	if want := []string{"/none created 0", "/none deleted 0", "/title changed 1"}; !slices.Equal(changes, want) {
		t.Errorf("changes %q", changes)
	}
	if sum(c.ChangesPerMinute) != 3 || len(c.ChangesPerMinute) != 60 || len(c.Propagation) != 13 {
		t.Errorf("%v, %v", c.ChangesPerMinute, c.Propagation)
	}
	below := inst.report(t, "&path=/t").cluster(t, cluster)
	if below.node("/title").Path == "" || below.node("/tenants/a").Path == "" || below.node("/list").Path != "" || below.NodeCount != c.NodeCount {
		t.Errorf("below /t: %+v", below.Nodes)
	}
	if all := inst.report(t, "&path=/").cluster(t, cluster); len(all.Nodes) != c.NodeCount {
		t.Errorf("%d of %d nodes are below /", len(all.Nodes), c.NodeCount)
	}
}

// middlewareStatus: what middlewares make of it, and what they have decided.
func middlewareStatus(t *testing.T, s *suite) {
	for path, text := range map[string]string{"/statuses/open": "on", "/statuses/share": "50%", "/statuses/closed": "off", "/statuses/value": "blue", "/statuses/theme": variant(`"dark"`)} {
		s.admin.Put(path, []byte(text))
	}
	cluster, name := uniqueCluster(), uniqueCluster() // counts are by name, and stay for a while
	define := "clusters: {" + cluster + ": {servers: '" + s.zk.Addr() + "'}}\n"
	page := s.named(t, name+"/page", statusLine)
	open := s.named(t, name+"/open", define+"targetingKey: '{header.X-User}'\nresponseHeaders: [{name: X-Served, path: /statuses/value}]\n"+
		"requestHeaders: [{name: X-Value, path: [/statuses/none, /statuses/value]}, {name: X-Theme, flag: /statuses/theme}, {name: X-Plan, path: '/statuses/{header.X-User}'}, {name: X-Gone, mode: remove}]\n"+
		"gates: [{path: /statuses/open}, {path: /statuses/share, status: 404}, {path: /statuses/closed, dryRun: true}, {path: /statuses/none, default: 'on'}]\n")
	closed := s.named(t, name+"/closed", define+"gates: [{path: /statuses/closed, status: 451, bypass: {methods: POST}}]\n")
	other := s.named(t, name+"/closed", define+"gates: [{path: /statuses/closed, status: 451, bypass: {methods: POST}}]\n")
	for i := range 40 {
		open.get(fmt.Sprint("X-User: ", i))
	}
	for _, inst := range []*instance{closed, other} {
		inst.awaitStatus(t, 451)
	}
	closed.do(http.MethodPost)

	r := page.report(t, "")
	m := r.middleware(t, name+"/open")
	var headers, gates []string
	for _, h := range m.Headers {
		headers = append(headers, fmt.Sprintf("%s %s %s %s response=%t each=%t %s", h.Name, h.Mode, h.From, h.Value, h.Response, h.PerRequest, strings.ReplaceAll(h.Cluster, cluster, "main")))
	}
	for _, g := range m.Gates {
		gates = append(gates, fmt.Sprintf("%s %s %s %s %s %d %s", g.Flag, g.From, g.Decision, g.Reason, g.ErrorCode, g.Status, strings.ReplaceAll(g.Cluster, cluster, "main")))
	}
	slices.Sort(headers)
	for _, list := range []struct{ got, want []string }{
		{headers, []string{
			"X-Gone remove   response=false each=false ", "X-Plan set /statuses/{header.X-User} as text  response=false each=true main",
			"X-Served set /statuses/value as text blue response=true each=false main",
			"X-Theme set /statuses/theme as flag dark response=false each=false main", "X-Value set /statuses/none, /statuses/value as text blue response=false each=false main",
		}},
		{gates, []string{
			"/statuses/open /statuses/open as flag pass STATIC  403 main", "/statuses/share /statuses/share as flag    404 main",
			"/statuses/closed /statuses/closed as flag dry-run STATIC  403 main", "/statuses/none /statuses/none as flag pass ERROR FLAG_NOT_FOUND 403 main",
		}},
	} {
		if !slices.Equal(list.got, list.want) {
			t.Errorf("%q\ninstead of\n%q", list.got, list.want)
		}
	}
	share := m.Gates[1].Decisions
	passed, blocked := share["pass"]["SPLIT"], share["block"]["SPLIT"]
	if passed+blocked != 40 || passed == 0 || blocked == 0 {
		t.Errorf("a share of 50%% of 40 decides %v", share)
	}
	if got := []int{m.Gates[0].Decisions["pass"]["STATIC"], m.Gates[2].Decisions["dry-run"]["STATIC"], m.Gates[3].Decisions["pass"]["ERROR"]}; !slices.Equal(got, []int{40, passed, passed}) {
		t.Errorf("the other gates count %v; %d passed the share", got, passed)
	}
	both := r.middleware(t, name+"/closed")
	if g := both.Gates[0]; both.Instances != 2 || g.Decision != "" || g.Decisions["block"]["STATIC"] < 2 || g.Decisions["bypass"]["STATIC"] != 1 {
		t.Errorf("%+v", both)
	}
	series := page.series(t)
	if got := value(series, "gate_decisions_total", "middleware", name+"/open", "gate", "/statuses/share", "decision", "pass", "reason", "SPLIT"); got != float64(passed) {
		t.Errorf("the metric counts %g, not %d", got, passed)
	}
}

func sum(counts []int) int {
	all := 0
	for _, count := range counts {
		all += count
	}
	return all
}
