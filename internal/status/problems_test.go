package status

import (
	"fmt"
	"strings"
	"testing"

	"github.com/mod-zookeeper/traefik-zookeeper/internal/serve"
)

// told is what the summary says of a report, one problem to a line.
func told(report *statusJSON, missing ...*serve.MissingValue) string {
	var lines []string
	for _, p := range problemsOf(report, missing) {
		lines = append(lines, p.Severity+" | "+p.What+" | "+p.Since+" | "+p.Effect)
	}
	return strings.Join(lines, "\n")
}

func expectProblems(t *testing.T, got string, want ...string) {
	t.Helper()
	if all := strings.Join(want, "\n"); got != all {
		t.Errorf("\n%s\nwant\n%s", got, all)
	}
}

const (
	then    = "2026-01-31T12:00:00.000Z"
	earlier = "2026-01-31T11:00:00.000Z"
)

func TestNothingIsWrong(t *testing.T) {
	unused := &clusterJSON{Name: "unused", State: "suspended"}
	used := &clusterJSON{Name: "main", State: "connected", NodeCount: 1, Nodes: []*nodeJSON{{Path: "/a", Loaded: true, Exists: true}}}
	open := &middlewareJSON{Name: "shop", Gates: []*gateJSON{{Flag: "/a", Decision: "pass"}, {Flag: "/b"}}}
	expectProblems(t, told(&statusJSON{Clusters: []*clusterJSON{unused, used}, Middlewares: []*middlewareJSON{open}}))
}

func TestProblemsOfClusters(t *testing.T) {
	const goOn, effect = "Requests go on with the last known values. Changes don't arrive.", "The value before it serves on. Where there was none, defaults serve, and gates without a default are closed."
	report := &statusJSON{Clusters: []*clusterJSON{
		{Name: "a", State: "lost", Since: then, NodeCount: 1, Sessions: 1, Problem: "connection refused"}, {Name: "b", State: "suspended", Since: then, NodeCount: 1, Nodes: []*nodeJSON{{Path: "/x", Loaded: true}}},
		{Name: "never", State: "lost", Since: then, NodeCount: 1, Problem: "no such host", Nodes: []*nodeJSON{{Path: "/x"}}},
		{Name: "c", State: "read-only", Since: then, NodeCount: 1},
		{Name: "d", State: "connected", NodeCount: 9, RefusedNodes: 5, SuspiciousFlags: 2, Nodes: []*nodeJSON{{Path: "/x", Problem: "refused as text", RefusedSince: then}, {Path: "/t/1", Template: "/t/{path.1}", Problem: "refused as text"}},
			Templates: []*templateJSON{{Path: "/t/{path.1}", Refused: 3, RefusedSince: earlier}}},
	}}
	expectProblems(t, told(report),
		"error | cluster a is lost: connection refused | "+then+" | "+goOn,
		"error | cluster never is lost: no such host | "+then+" | Nothing has been read from it yet. Defaults serve, and gates without a default are closed.",
		"error | /x of cluster d: refused as text | "+then+" | "+effect,
		"error | cluster d: 3 nodes of /t/{path.1} refused | "+earlier+" | "+effect,
		"error | cluster d: 1 more node refused |  | "+effect,
		"warning | cluster b is suspended | "+then+" | "+goOn,
		"warning | cluster c is read-only | "+then+" | Requests go on. The server has lost the others, so that its values may be old.",
		"warning | cluster d: 2 flags have mistakes, or what looks like one |  | Flags are served as they are written.",
	)
}

// Values that a cluster lacks for one reason are told together, and each once.
func TestProblemsOfMissingValues(t *testing.T) {
	report := &statusJSON{Clusters: []*clusterJSON{{Name: "main", Since: then}}}
	missing := []*serve.MissingValue{
		{Middleware: "m", Cluster: "main", Path: "/old", Reason: serve.TooOld}, {Middleware: "m", Cluster: "lost", Reason: serve.LostCluster}, {Middleware: "n", Reason: serve.MissingCluster},
		{Middleware: "u", Reason: serve.Unusable},
	}
	for i := range 7 {
		missing = append(missing, &serve.MissingValue{Middleware: "m", Cluster: "main", Path: fmt.Sprintf("/n%d", i), Reason: serve.NotLoaded}, &serve.MissingValue{Middleware: "n", Cluster: "main", Path: fmt.Sprintf("/n%d", i), Reason: serve.NotLoaded})
	}
	expectProblems(t, told(report, missing...),
		"error | /n0, /n1, /n2, /n3, /n4 and 2 more of cluster main are not loaded | "+then+" | "+withoutValue,
		"error | /old of cluster main is older than maxStale allows | "+then+" | "+withoutValue,
		"error | nobody defines the only cluster, which is read by n |  | Its gates are closed. Headers have their defaults.",
		"warning | nobody defines cluster lost any more, which is read by m |  | Its values serve until Traefik restarts.",
	)
}

func TestProblemsOfMiddlewares(t *testing.T) {
	report := &statusJSON{
		PanicsRecovered: 1, Mistakes: []*mistakeJSON{{Middleware: "wrong", Error: "a mistake"}},
		Clusters: []*clusterJSON{{Name: "main", Chroot: "/edge", State: "connected", NodeCount: 1, Nodes: []*nodeJSON{{Path: "/absent"}, {Path: "/a", Exists: true, Modified: then}}}},
		Middlewares: []*middlewareJSON{
			{Name: "late", Error: "it names no cluster", Gates: []*gateJSON{{Flag: "/a", Closed: true}}}, {Name: "headers", Error: "it names no cluster"},
			{Name: "shop", Gates: []*gateJSON{
				{Flag: "/a", Paths: []string{"/absent", "/a"}, Closed: true, Decision: "block", Status: 403}, {Flag: "/b", Closed: true, Status: 503},
				{Flag: "/c", Decision: "pass", ErrorCode: "PARSE_ERROR"}, {Flag: "/d", Closed: true, Decision: "block", Status: 404, ErrorCode: "FLAG_NOT_FOUND", Cluster: "main"}, {Flag: "/e", Decision: "dry-run", ErrorCode: "PARSE_ERROR"},
			}},
		},
	}
	expectProblems(t, told(report),
		"error | middleware wrong can't be used: a mistake |  | It answers 503 to every request of its routers.",
		"error | middleware late can't be used: it names no cluster |  | Its gates answer 503 to every request.",
		"error | middleware headers can't be used: it names no cluster |  | Its headers go on with the values that are known.",
		"error | gate /d of middleware shop can't evaluate its flag: FLAG_NOT_FOUND (no node of it exists, the node is empty, or its document has no flag of this key; the path is below the chroot /edge) |  | Every request is answered with 404.",
		"warning | gate /c of middleware shop can't evaluate its flag: PARSE_ERROR (its node can't be used, or may not be read) |  | It is open by its default.",
		"warning | gate /e of middleware shop can't evaluate its flag: PARSE_ERROR (its node can't be used, or may not be read) |  | Requests pass, since it is a dry run. Without that, it would be closed.",
		"warning | 1 panic recovered |  | Requests were not affected. Traefik's log has the stacks; please report them.",
		"closed | gate /a of middleware shop is closed | "+then+" | Every request is answered with 403.",
		"closed | gate /b of middleware shop is closed |  | Requests are answered with 503, but for those that the bypass lets by.",
	)
}

func TestNoMoreProblemsThanOneReads(t *testing.T) {
	m := &middlewareJSON{Name: "shop"}
	for i := range maxMissing + 2 {
		m.Gates = append(m.Gates, &gateJSON{Flag: fmt.Sprintf("/%d", i), Closed: true, Decision: "block"})
	}
	problems := problemsOf(&statusJSON{Middlewares: []*middlewareJSON{m}}, nil)
	if len(problems) != maxMissing+1 || problems[maxMissing].What != "2 more" {
		t.Errorf("%d problems", len(problems))
	}
}
