package status

import (
	"fmt"
	"strings"

	"github.com/mod-zookeeper/traefik-zookeeper/internal/cache"
	"github.com/mod-zookeeper/traefik-zookeeper/internal/clusters"
	"github.com/mod-zookeeper/traefik-zookeeper/internal/counters"
	"github.com/mod-zookeeper/traefik-zookeeper/internal/history"
	"github.com/mod-zookeeper/traefik-zookeeper/internal/middleware"
	"github.com/mod-zookeeper/traefik-zookeeper/internal/serve"
	"github.com/mod-zookeeper/traefik-zookeeper/internal/session"
)

// With statusValues: false, nothing is shown that nodes, clients or secrets contribute: no
// value, no name of a variant, no name of a tenant, and no text that quotes one. What stays is
// that something is wrong, where, since when, and how often.
//
// All answers are made of what a view gives them. Here, a report is made anew from those of its
// fields that may be shown, so that a field which is added is hidden until it is added here.

// A view is what a request may see of a source.
type view struct {
	source     *Source
	hideValues bool
}

func (v *view) clusters(wanted *cache.NodeSelection) []*clusters.Report {
	all := v.clustersAlone(wanted)
	misfits := map[string]int{}
	for _, m := range v.source.Misfits() {
		misfits[m.Cluster]++
	}
	for _, c := range withoutDraining(all) {
		c.Cache.SuspiciousFlags += misfits[c.Session.Cluster]
	}
	return all
}

// clustersAlone are the clusters without the flags that don't fit their rules.
func (v *view) clustersAlone(wanted *cache.NodeSelection) []*clusters.Report {
	if !v.hideValues {
		return v.source.Clusters(wanted)
	}
	folded := &cache.NodeSelection{Prefix: wanted.Prefix, Limit: wanted.Limit, Folded: wanted.Limit > 0}
	var all []*clusters.Report
	for _, c := range v.source.Clusters(folded) {
		all = append(all, &clusters.Report{Draining: c.Draining, Session: sessionWithoutValues(c.Session), Cache: cacheWithoutValues(c.Cache), Templates: templatesWithoutValues(c.Templates)})
	}
	return all
}

func (v *view) middlewares(wanted *middleware.NameSelection) *middleware.List {
	listed := v.source.Middlewares(wanted)
	if !v.hideValues {
		return listed
	}
	list := &middleware.List{Count: listed.Count}
	for _, m := range listed.Listed {
		list.Listed = append(list.Listed, middlewareWithoutValues(m))
	}
	return list
}

func (v *view) missing() []*serve.MissingValue {
	missing := v.source.Missing()
	if !v.hideValues {
		return missing
	}
	var all []*serve.MissingValue
	for _, m := range missing { // the path is the one in the configuration
		all = append(all, &serve.MissingValue{Middleware: m.Middleware, Cluster: m.Cluster, Path: m.Path, Reason: m.Reason})
	}
	return all
}

func (v *view) misconfigured() []*middleware.Misconfigured {
	mistaken := v.source.Misconfigured()
	if !v.hideValues {
		return mistaken
	}
	var all []*middleware.Misconfigured
	for _, m := range mistaken {
		all = append(all, &middleware.Misconfigured{Middleware: m.Middleware, Problem: mistakesAt(m.Keys)})
	}
	return all
}

func (v *view) decisions() []*counters.DecisionCount {
	counts := v.source.Decisions()
	if !v.hideValues {
		return counts
	}
	return decisionsWithoutValues(counts)
}

// closed has names of the configuration only.
func (v *view) closed() []*serve.ClosedCount {
	var all []*serve.ClosedCount
	for _, c := range v.source.Closed() {
		all = append(all, &serve.ClosedCount{Middleware: c.Middleware, Gate: c.Gate, Closed: c.Closed})
	}
	return all
}

// variants are without the names of the variants where values are hidden: of each flag, how
// often it was evaluated.
func (v *view) variants() []*counters.VariantCount {
	counts := v.source.Variants()
	if !v.hideValues {
		return counts
	}
	return variantsWithoutNames(counts)
}

func variantsWithoutNames(counts []*counters.VariantCount) []*counters.VariantCount {
	var all []*counters.VariantCount
	var last *counters.VariantCount
	for _, c := range counts { // those of one flag follow each other
		if last == nil || last.Middleware != c.Middleware || last.Rule != c.Rule || last.Flag != c.Flag {
			last = &counters.VariantCount{Middleware: c.Middleware, Rule: c.Rule, Flag: c.Flag, Variant: "(hidden)"}
			all = append(all, last)
		}
		last.Count += c.Count
	}
	return all
}

func (v *view) panics() int64 { return v.source.Panics() }

func sessionWithoutValues(s *session.Report) *session.Report {
	return &session.Report{
		Cluster: s.Cluster, Servers: s.Servers, Chroot: s.Chroot, State: s.State, Since: s.Since, Up: s.Up, Server: s.Server, SessionID: s.SessionID,
		Timeout: s.Timeout, Sessions: s.Sessions, Reconnects: s.Reconnects, Watches: s.Watches, Problem: s.Problem, DownFor: s.DownFor,
	}
}

func cacheWithoutValues(c *cache.Report) *cache.Report {
	report := &cache.Report{
		NodeCount: c.NodeCount, TemplateNodes: c.TemplateNodes, RefusedValues: c.RefusedValues, RefusedNodes: c.RefusedNodes, SuspiciousFlags: c.SuspiciousFlags,
		ChangesPerMinute: c.ChangesPerMinute, Propagation: c.Propagation,
	}
	for _, n := range c.Nodes {
		if n.Own {
			report.Nodes = append(report.Nodes, nodeWithoutValues(n))
		}
	}
	for _, change := range c.Changes {
		report.Changes = append(report.Changes, changeWithoutValues(change))
	}
	return report
}

func templatesWithoutValues(templates []*cache.TemplateReport) []*cache.TemplateReport {
	var all []*cache.TemplateReport
	for _, t := range templates {
		all = append(all, &cache.TemplateReport{
			Path: t.Path, Nodes: t.Nodes, NotLoaded: t.NotLoaded, Refused: t.Refused, RefusedSince: t.RefusedSince, Suspicious: t.Suspicious, StaleSince: t.StaleSince,
		})
	}
	return all
}

// nodeWithoutValues leaves out the data, and what quotes it of the problem. Of what is wrong
// with a flag, only the number stays.
func nodeWithoutValues(n *cache.NodeReport) *cache.NodeReport {
	return &cache.NodeReport{
		Path: n.Path, Own: n.Own, Children: n.Children, Loaded: n.Loaded, Exists: n.Exists, ChildCount: n.ChildCount, Version: n.Version,
		Modified: n.Modified, StaleSince: n.StaleSince, Watch: n.Watch, Users: n.Users, Problem: n.Problem, RefusedSince: n.RefusedSince, Suspicious: n.Suspicious,
	}
}

// changeWithoutValues has a template in the place of a path that the configuration lacks.
func changeWithoutValues(change *history.ChangeReport) *history.ChangeReport {
	path := change.Template
	if change.Own {
		path = change.Path
	}
	return &history.ChangeReport{Path: path, Own: change.Own, Kind: change.Kind, Version: change.Version, Served: change.Served, Took: change.Took}
}

func middlewareWithoutValues(m *middleware.Report) *middleware.Report {
	report := &middleware.Report{Name: m.Name, Routers: m.Routers, Variants: variantsWithoutNames(m.Variants)}
	if m.Failure != "" {
		report.Failure = mistakesAt(m.Keys)
	}
	for _, h := range m.Headers {
		report.Headers = append(report.Headers, &serve.HeaderReport{
			Name: h.Name, Response: h.Response, Mode: h.Mode, Source: sourceWithoutValues(h.Source), PerRequest: h.PerRequest,
		})
	}
	for _, g := range m.Gates {
		report.Gates = append(report.Gates, &serve.GateReport{
			Flag: g.Flag, Source: sourceWithoutValues(g.Source), Decision: g.Decision, Closed: g.Closed, Reason: g.Reason, ErrorCode: g.ErrorCode, Status: g.Status,
			Decisions: decisionsWithoutValues(g.Decisions),
		})
	}
	return report
}

func sourceWithoutValues(s *serve.SourceReport) *serve.SourceReport {
	if s == nil {
		return nil
	}
	return &serve.SourceReport{Cluster: s.Cluster, Paths: s.Paths, Format: s.Format, Key: s.Key}
}

func decisionsWithoutValues(counts []*counters.DecisionCount) []*counters.DecisionCount {
	var all []*counters.DecisionCount
	for _, d := range counts {
		all = append(all, &counters.DecisionCount{Middleware: d.Middleware, Gate: d.Gate, Decision: d.Decision, Reason: d.Reason, Count: d.Count})
	}
	return all
}

// mistakesAt says where mistakes are, in the place of a text that quotes what stands there.
func mistakesAt(all []string) string {
	keys := eachOnce(all)
	switch {
	case len(keys) == 0:
		return "a mistake; the log has it"
	case len(keys) == 1:
		return "a mistake at " + keys[0] + "; the log has it"
	case len(keys) > maxMissing:
		return fmt.Sprintf("%d mistakes, at %s and %d more; the log has them", len(keys), strings.Join(keys[:maxMissing], ", "), len(keys)-maxMissing)
	}
	return fmt.Sprintf("%d mistakes, at %s; the log has them", len(keys), strings.Join(keys, ", "))
}

func eachOnce(names []string) []string {
	seen := map[string]bool{}
	var all []string
	for _, name := range names {
		if !seen[name] {
			seen[name] = true
			all = append(all, name)
		}
	}
	return all
}
