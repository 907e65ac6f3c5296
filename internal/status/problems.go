package status

import (
	"fmt"
	"strings"

	"github.com/mod-zookeeper/traefik-zookeeper/flag"
	"github.com/mod-zookeeper/traefik-zookeeper/internal/lists"
	"github.com/mod-zookeeper/traefik-zookeeper/internal/serve"
)

// The summary for those who are called at night: what is wrong, since when, and what it does to
// requests. It is made of the report, so that it has nothing that is hidden there.

// A problemJSON is one thing that is wrong, or a gate that is closed, which may be meant so.
type problemJSON struct {
	Severity string `json:"severity"` // one of those below
	What     string `json:"what"`
	Since    string `json:"since"` // empty where it isn't known
	Effect   string `json:"effect"`
	Anchor   string `json:"-"` // where the page shows more
}

// The severities of problems.
const (
	severityError   = "error"   // requests are answered otherwise than somebody wants
	severityWarning = "warning" // they may be, or will be
	severityClosed  = "closed"  // a gate does what its flag says
)

// problemsOf are the problems of a report, the errors first.
func problemsOf(report *statusJSON, missing []*serve.MissingValue) []*problemJSON {
	all := []*problemJSON{}
	all = append(all, mistakeProblems(report)...)
	all = append(all, missingProblems(report, missing)...)
	for i, c := range report.Clusters {
		all = append(all, clusterProblems(c, fmt.Sprintf("cluster%d", i))...)
	}
	for _, m := range report.Middlewares {
		all = append(all, gateProblems(report, m)...)
	}
	if report.PanicsRecovered > 0 {
		all = append(all, &problemJSON{Severity: severityWarning, What: numbered(int(report.PanicsRecovered), "panic", "panics") + " recovered", Effect: "Requests were not affected. Traefik's log has the stacks; please report them.", Anchor: "summary"})
	}
	var sorted []*problemJSON
	for _, severity := range []string{severityError, severityWarning, severityClosed} {
		sorted = append(sorted, ofSeverity(all, severity)...)
	}
	return append([]*problemJSON{}, sorted...)
}

// ofSeverity are the problems of a severity: no more than one reads, and how many there are
// beyond.
func ofSeverity(all []*problemJSON, severity string) []*problemJSON {
	var some []*problemJSON
	more := 0
	for _, p := range all {
		if p.Severity != severity {
			continue
		}
		if len(some) < maxMissing {
			some = append(some, p)
		} else {
			more++
		}
	}
	if more > 0 {
		some = append(some, &problemJSON{Severity: severity, What: fmt.Sprintf("%d more", more), Effect: "The tables below show them.", Anchor: "status"})
	}
	return some
}

func numbered(count int, one, many string) string {
	if count == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", count, many)
}

// mistakeProblems are the middlewares whose configuration can't be used.
func mistakeProblems(report *statusJSON) []*problemJSON {
	var all []*problemJSON
	for _, m := range report.Mistakes {
		all = append(all, &problemJSON{Severity: severityError, What: "middleware " + m.Middleware + " can't be used: " + m.Error, Effect: "It answers 503 to every request of its routers.", Anchor: "middlewares"})
	}
	for _, m := range report.Middlewares {
		if m.Error != "" {
			effect := "Its headers go on with the values that are known."
			if len(m.Gates) > 0 {
				effect = "Its gates answer 503 to every request."
			}
			all = append(all, &problemJSON{Severity: severityError, What: "middleware " + m.Name + " can't be used: " + m.Error, Effect: effect, Anchor: "middlewares"})
		}
	}
	return all
}

// withoutValue is what becomes of requests without a value.
const withoutValue = "Defaults serve in its place. Gates without a default are closed."

// missingProblems are the values that middlewares lack. Those of one cluster that lack for the
// same reason are told together.
func missingProblems(report *statusJSON, missing []*serve.MissingValue) []*problemJSON {
	paths := map[string]map[string]bool{}
	first := map[string]*serve.MissingValue{}
	for _, m := range missing {
		id := m.Reason + "\x00" + m.Cluster
		if paths[id] == nil {
			paths[id] = map[string]bool{}
			first[id] = m
		}
		if m.Path == "" {
			paths[id][m.Middleware] = true
		} else {
			paths[id][m.Path] = true
		}
	}
	var all []*problemJSON
	for _, id := range lists.SortedKeys(first) {
		p := missingProblem(report, first[id], lists.SortedKeys(paths[id]))
		if p != nil {
			all = append(all, p)
		}
	}
	return all
}

// missingProblem is about what lacks a cluster's values: paths, or middlewares. It is nil where
// another problem tells it.
func missingProblem(report *statusJSON, m *serve.MissingValue, names []string) *problemJSON {
	p := &problemJSON{Severity: severityError, Effect: withoutValue, Anchor: "clusters"}
	name := clusterWords(m.Cluster)
	which := shortList(names)
	are := " is "
	if len(names) > 1 {
		are = " are "
	}
	switch m.Reason {
	case serve.Unusable:
		return nil
	case serve.MissingCluster:
		p.What = "nobody defines " + name + ", which is read by " + which
		p.Effect = "Its gates are closed. Headers have their defaults."
		p.Anchor = "middlewares"
	case serve.LostCluster:
		p.Severity = severityWarning
		p.What = "nobody defines " + name + " any more, which is read by " + which
		p.Effect = "Its values serve until Traefik restarts."
		p.Anchor = "middlewares"
	case serve.TooOld:
		p.What = which + " of " + name + are + "older than maxStale allows"
		p.Since = sinceOf(report, m.Cluster)
	default:
		p.What = which + " of " + name + are + "not loaded"
		p.Since = sinceOf(report, m.Cluster)
	}
	return p
}

func clusterWords(name string) string {
	if name == "" {
		return "the only cluster"
	}
	return "cluster " + name
}

// shownPaths is how many paths stand in a sentence.
const shownPaths = 5

// shortList is names in a sentence: some of them, and how many more there are.
func shortList(names []string) string {
	if len(names) <= shownPaths {
		return strings.Join(names, ", ")
	}
	return fmt.Sprintf("%s and %d more", strings.Join(names[:shownPaths], ", "), len(names)-shownPaths)
}

// sinceOf is since when a cluster is in its state.
func sinceOf(report *statusJSON, cluster string) string {
	for _, c := range report.Clusters {
		if c.Name == cluster {
			return c.Since
		}
	}
	return ""
}

// clusterProblems are those of a cluster's connection and of its nodes.
func clusterProblems(c *clusterJSON, anchor string) []*problemJSON {
	var all []*problemJSON
	name := "cluster " + c.Name
	switch {
	case c.NodeCount == 0:
	case c.State == "read-only":
		all = append(all, &problemJSON{Severity: severityWarning, What: name + " is read-only", Since: c.Since, Effect: "Requests go on. The server has lost the others, so that its values may be old.", Anchor: anchor})
	case c.State == "suspended" || c.State == "lost":
		what := name + " is " + c.State
		if c.Problem != "" {
			what += ": " + c.Problem
		}
		severity := severityWarning
		if c.State == "lost" {
			severity = severityError
		}
		all = append(all, &problemJSON{Severity: severity, What: what, Since: c.Since, Effect: outageEffect(c), Anchor: anchor})
	}
	all = append(all, refusalProblems(c, name, anchor)...)
	if c.SuspiciousFlags > 0 {
		all = append(all, &problemJSON{Severity: severityWarning, What: name + ": " + numbered(c.SuspiciousFlags, "flag has", "flags have") + " mistakes, or what looks like one", Effect: "Flags are served as they are written.", Anchor: anchor})
	}
	return all
}

// outageEffect is what becomes of requests without a connection.
func outageEffect(c *clusterJSON) string {
	for _, n := range c.Nodes {
		if n.Loaded {
			return "Requests go on with the last known values. Changes don't arrive."
		}
	}
	if c.Sessions == 0 {
		return "Nothing has been read from it yet. Defaults serve, and gates without a default are closed."
	}
	return "Requests go on with the last known values. Changes don't arrive."
}

// refusalProblems are the nodes whose present version can't be used.
func refusalProblems(c *clusterJSON, name, anchor string) []*problemJSON {
	const effect = "The value before it serves on. Where there was none, defaults serve, and gates without a default are closed."
	var all []*problemJSON
	told := 0
	for _, n := range c.Nodes {
		if n.Problem != "" && n.Template == "" && len(all) < maxMissing {
			all = append(all, &problemJSON{Severity: severityError, What: n.Path + " of " + name + ": " + n.Problem, Since: n.RefusedSince, Effect: effect, Anchor: anchor})
			told++
		}
	}
	for _, t := range c.Templates {
		if t.Refused > 0 {
			all = append(all, &problemJSON{Severity: severityError, What: name + ": " + numbered(t.Refused, "node", "nodes") + " of " + t.Path + " refused", Since: t.RefusedSince, Effect: effect, Anchor: anchor})
			told += t.Refused
		}
	}
	if c.RefusedNodes > told {
		all = append(all, &problemJSON{Severity: severityError, What: name + ": " + numbered(c.RefusedNodes-told, "more node", "more nodes") + " refused", Effect: effect, Anchor: anchor})
	}
	return all
}

// gateProblems are the gates of a middleware that can't evaluate their flags, and those that are
// closed.
func gateProblems(report *statusJSON, m *middlewareJSON) []*problemJSON {
	var all []*problemJSON
	for _, g := range m.Gates {
		if m.Error != "" || g.ErrorCode == "" && !g.Closed {
			continue
		}
		p := &problemJSON{Severity: severityClosed, What: "gate " + g.Flag + " of middleware " + m.Name + " is closed", Since: modifiedOf(report, g), Effect: gateEffect(g), Anchor: "gates"}
		if g.ErrorCode != "" {
			p.Severity = severityWarning
			if g.Closed {
				p.Severity = severityError
			}
			p.What = "gate " + g.Flag + " of middleware " + m.Name + " can't evaluate its flag: " + g.ErrorCode + meaningOf(report, g)
		}
		all = append(all, p)
	}
	return all
}

// meanings are what the error codes of gates say, in words.
var meanings = map[string]string{
	flag.ErrorFlagNotFound:        "no node of it exists, the node is empty, or its document has no flag of this key",
	flag.ErrorParse:               "its node can't be used, or may not be read",
	flag.ErrorTypeMismatch:        "its variant is neither true nor false",
	flag.ErrorProviderNotReady:    "nothing has been read from its cluster yet",
	flag.ErrorGeneral:             "it chooses a variant that it doesn't have, or takes too many steps",
	flag.ErrorTargetingKeyMissing: "a share needs the middleware's targetingKey",
}

// meaningOf is what a gate's error code says; empty where the log has more. What isn't found may
// be at another place of the ensemble.
func meaningOf(report *statusJSON, g *gateJSON) string {
	meaning := meanings[g.ErrorCode]
	if meaning == "" {
		return ""
	}
	for _, c := range report.Clusters {
		if g.ErrorCode == flag.ErrorFlagNotFound && c.Name == g.Cluster && c.Chroot != "" {
			meaning += "; the path is below the chroot " + c.Chroot
		}
	}
	return " (" + meaning + ")"
}

// gateEffect is what a gate does that decides the same about all requests.
func gateEffect(g *gateJSON) string {
	switch {
	case g.Closed && g.Decision == "":
		return fmt.Sprintf("Requests are answered with %d, but for those that the bypass lets by.", g.Status)
	case g.Closed:
		return fmt.Sprintf("Every request is answered with %d.", g.Status)
	case g.Decision == "dry-run":
		return "Requests pass, since it is a dry run. Without that, it would be closed."
	}
	return "It is open by its default."
}

// modifiedOf is when the node was written that a gate's flag is in; empty where it isn't listed.
func modifiedOf(report *statusJSON, g *gateJSON) string {
	for _, c := range report.Clusters {
		if g.Cluster != "" && c.Name != g.Cluster {
			continue
		}
		for _, path := range g.Paths { // the first node that is there counts
			for _, n := range c.Nodes {
				if n.Exists && n.Path == path {
					return n.Modified
				}
			}
		}
	}
	return ""
}
