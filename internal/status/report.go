package status

import (
	"sort"
	"time"

	"github.com/mod-zookeeper/traefik-zookeeper/internal/cache"
	"github.com/mod-zookeeper/traefik-zookeeper/internal/clusters"
	"github.com/mod-zookeeper/traefik-zookeeper/internal/counters"
	"github.com/mod-zookeeper/traefik-zookeeper/internal/middleware"
	"github.com/mod-zookeeper/traefik-zookeeper/internal/serve"
)

// A statusJSON is the report that the status shows, as JSON has it and as the page is made
// from it. docs/operations.md documents the fields.
type statusJSON struct {
	Time            string            `json:"time"`
	Version         string            `json:"version"`
	TraefikVersion  string            `json:"traefikVersion"` // empty where it can't be known
	Ready           bool              `json:"ready"`
	Problems        []*problemJSON    `json:"problems"`
	Waiting         []string          `json:"waiting"`
	PanicsRecovered int64             `json:"panicsRecovered"`
	Clusters        []*clusterJSON    `json:"clusters"`
	MiddlewareCount int               `json:"middlewareCount"`
	Middlewares     []*middlewareJSON `json:"middlewares"`
	Mistakes        []*mistakeJSON    `json:"mistakes"`
}

type mistakeJSON struct {
	Middleware string `json:"middleware"`
	Error      string `json:"error"`
}

type clusterJSON struct {
	Name             string          `json:"name"`
	Servers          []string        `json:"servers"`
	Chroot           string          `json:"chroot"`
	State            string          `json:"state"`
	Since            string          `json:"since"`
	Server           string          `json:"server"`
	Session          string          `json:"session"`
	SessionTimeoutMs int64           `json:"sessionTimeoutMs"`
	Sessions         int64           `json:"sessions"`
	Reconnects       int64           `json:"reconnects"`
	Watches          int             `json:"watches"`
	RefusedValues    int64           `json:"refusedValues"`
	RefusedNodes     int             `json:"refusedNodes"`
	SuspiciousFlags  int             `json:"suspiciousFlags"`
	Problem          string          `json:"problem"`
	NodeCount        int             `json:"nodeCount"`
	Nodes            []*nodeJSON     `json:"nodes"`
	Templates        []*templateJSON `json:"templates"`
	TemplateNodes    int             `json:"templateNodes"`
	Changes          []*changeJSON   `json:"changes"`
	ChangesPerMinute []int64         `json:"changesPerMinute"`
	Propagation      []*bucketJSON   `json:"propagation"`
}

// A templateJSON has the nodes of a path with placeholders taken together.
type templateJSON struct {
	Path         string `json:"path"`
	Nodes        int    `json:"nodes"`
	NotLoaded    int    `json:"notLoaded"`
	Refused      int    `json:"refused"`
	RefusedSince string `json:"refusedSince"`
	Suspicious   int    `json:"suspicious"`
	StaleSince   string `json:"staleSince"`
}

type nodeJSON struct {
	Path         string   `json:"path"`
	Template     string   `json:"template"`
	Reads        string   `json:"reads"`
	Exists       bool     `json:"exists"`
	Loaded       bool     `json:"loaded"`
	Value        string   `json:"value"`
	Version      int32    `json:"version"`
	Modified     string   `json:"modified"`
	StaleSince   string   `json:"staleSince"`
	Watch        string   `json:"watch"`
	Users        int      `json:"users"`
	Problem      string   `json:"problem"`
	RefusedSince string   `json:"refusedSince"`
	Suspicious   int      `json:"suspicious"`
	Findings     []string `json:"findings"` // none where values are hidden
}

type changeJSON struct {
	Time         string  `json:"time"`
	Path         string  `json:"path"`
	Kind         string  `json:"kind"`
	Version      int32   `json:"version"`
	Milliseconds float64 `json:"milliseconds"`
}

type bucketJSON struct {
	Milliseconds float64 `json:"upToMilliseconds"` // 0 for those that took longer
	Changes      int64   `json:"changes"`
}

type middlewareJSON struct {
	Name      string        `json:"name"`
	Instances int           `json:"instances"`
	Error     string        `json:"error"`
	Headers   []*headerJSON `json:"headers"`
	Gates     []*gateJSON   `json:"gates"`

	Variants []*variantJSON `json:"variants"`
}

type headerJSON struct {
	Name       string   `json:"name"`
	Response   bool     `json:"response"`
	Mode       string   `json:"mode"`
	From       string   `json:"from"`
	Cluster    string   `json:"cluster"`
	Value      string   `json:"value"`
	PerRequest bool     `json:"perRequest"`
	Findings   []string `json:"findings"` // none where values are hidden
}

// A variantJSON is how often a flag has chosen a variant, in the gates or for a header.
type variantJSON struct {
	Rule    string `json:"rule"`
	Flag    string `json:"flag"`
	Variant string `json:"variant"` // empty for none
	Count   int64  `json:"count"`
}

type gateJSON struct {
	Paths     []string                    `json:"-"` // of its source
	Flag      string                      `json:"flag"`
	From      string                      `json:"from"`
	Cluster   string                      `json:"cluster"`
	Decision  string                      `json:"decision"` // empty where it depends on the request
	Closed    bool                        `json:"closed"`   // to all requests, but for those that a bypass lets by
	Variant   string                      `json:"variant"`
	Reason    string                      `json:"reason"`
	ErrorCode string                      `json:"errorCode"`
	Status    int                         `json:"status"`
	Findings  []string                    `json:"findings"`  // none where values are hidden
	Decisions map[string]map[string]int64 `json:"decisions"` // by decision and reason
}

// reportOf is the status now, as far as it is wanted.
func reportOf(seen *view, wanted *selection) *statusJSON {
	now := time.Now()
	missing := seen.missing()
	waiting := missingLines(missing)
	listed := seen.middlewares(&middleware.NameSelection{Prefix: wanted.middlewarePrefix, Limit: maxListed})
	report := &statusJSON{
		Time: timestamp(now), Version: Version, TraefikVersion: traefikVersion(), Ready: len(waiting) == 0, Waiting: waiting, PanicsRecovered: seen.panics(),
		Clusters: []*clusterJSON{}, MiddlewareCount: listed.Count, Middlewares: []*middlewareJSON{}, Mistakes: mistakesToJSON(seen.misconfigured()),
	}
	for _, m := range listed.Listed {
		report.Middlewares = append(report.Middlewares, middlewareToJSON(m))
	}
	for _, c := range seen.clusters(&cache.NodeSelection{Prefix: wanted.nodePrefix, Limit: maxListed}) {
		report.Clusters = append(report.Clusters, clusterToJSON(c))
	}
	report.Problems = problemsOf(report, missing)
	return report
}

// mistakesToJSON has the mistakes in order, and each once, although every router that uses
// a middleware has it.
func mistakesToJSON(mistakes []*middleware.Misconfigured) []*mistakeJSON {
	seen := map[string]bool{}
	all := []*mistakeJSON{}
	for _, m := range mistakes {
		id := m.Middleware + "\x00" + m.Problem
		if !seen[id] {
			seen[id] = true
			all = append(all, &mistakeJSON{Middleware: m.Middleware, Error: m.Problem})
		}
	}
	sort.Slice(all, func(i, j int) bool {
		return all[i].Middleware < all[j].Middleware || all[i].Middleware == all[j].Middleware && all[i].Error < all[j].Error
	})
	return all
}

func clusterToJSON(c *clusters.Report) *clusterJSON {
	connection, nodes := c.Session, c.Cache
	report := &clusterJSON{
		Name: connection.Cluster, Servers: connection.Servers, Chroot: connection.Chroot, State: string(connection.State), Since: timestamp(connection.Since),
		Server: connection.Server, Session: sessionText(connection), SessionTimeoutMs: int64(connection.Timeout / time.Millisecond),
		Sessions: connection.Sessions, Reconnects: connection.Reconnects, Watches: connection.Watches, Problem: connection.Problem,
		RefusedValues: nodes.RefusedValues, RefusedNodes: nodes.RefusedNodes, SuspiciousFlags: nodes.SuspiciousFlags, NodeCount: nodes.NodeCount, ChangesPerMinute: nodes.ChangesPerMinute,
		Nodes: []*nodeJSON{}, Templates: []*templateJSON{}, TemplateNodes: nodes.TemplateNodes, Changes: []*changeJSON{},
	}
	for _, n := range nodes.Nodes {
		report.Nodes = append(report.Nodes, nodeToJSON(n))
	}
	for _, t := range c.Templates {
		report.Templates = append(report.Templates, &templateJSON{
			Path: t.Path, Nodes: t.Nodes, NotLoaded: t.NotLoaded, Refused: t.Refused, RefusedSince: timestamp(t.RefusedSince), Suspicious: t.Suspicious, StaleSince: timestamp(t.StaleSince),
		})
	}
	for _, change := range nodes.Changes {
		report.Changes = append(report.Changes, &changeJSON{
			Time: timestamp(change.Served), Path: change.Path, Kind: change.Kind, Version: change.Version, Milliseconds: milliseconds(change.Took),
		})
	}
	for i, count := range nodes.Propagation.Counts {
		b := &bucketJSON{Changes: count}
		if i < len(nodes.Propagation.Bounds) {
			b.Milliseconds = milliseconds(nodes.Propagation.Bounds[i])
		}
		report.Propagation = append(report.Propagation, b)
	}
	return report
}

func nodeToJSON(n *cache.NodeReport) *nodeJSON {
	report := &nodeJSON{
		Path: n.Path, Template: n.Template, Reads: "data", Exists: n.Exists, Loaded: n.Loaded, Value: valueText(n), Version: n.Version, Modified: timestamp(n.Modified),
		StaleSince: timestamp(n.StaleSince), Watch: n.Watch, Users: n.Users, Problem: n.Problem + n.Details,
		RefusedSince: timestamp(n.RefusedSince), Suspicious: n.Suspicious, Findings: append([]string{}, n.Findings...),
	}
	if n.Children {
		report.Reads = "children"
	}
	return report
}

func middlewareToJSON(m *middleware.Report) *middlewareJSON {
	report := &middlewareJSON{Name: m.Name, Instances: m.Routers, Error: m.Failure, Headers: []*headerJSON{}, Gates: []*gateJSON{}, Variants: variantsToJSON(m.Variants)}
	for _, h := range m.Headers {
		report.Headers = append(report.Headers, headerToJSON(h))
	}
	for _, g := range m.Gates {
		report.Gates = append(report.Gates, gateToJSON(g))
	}
	return report
}

func headerToJSON(h *serve.HeaderReport) *headerJSON {
	report := &headerJSON{Name: h.Name, Response: h.Response, Mode: h.Mode, Value: excerpt([]byte(h.Value)), PerRequest: h.PerRequest, Findings: append([]string{}, h.Findings...)}
	if h.Source != nil {
		report.From = sourceText(h.Source)
		report.Cluster = h.Source.Cluster
	}
	return report
}

func variantsToJSON(counts []*counters.VariantCount) []*variantJSON {
	all := []*variantJSON{}
	for _, c := range counts {
		all = append(all, &variantJSON{Rule: c.Rule, Flag: c.Flag, Variant: c.Variant, Count: c.Count})
	}
	return all
}

func gateToJSON(g *serve.GateReport) *gateJSON {
	report := &gateJSON{
		Paths: g.Source.Paths, Flag: g.Flag, From: sourceText(g.Source), Cluster: g.Source.Cluster, Decision: g.Decision, Closed: g.Closed, Variant: excerpt([]byte(g.Variant)),
		Reason: g.Reason, ErrorCode: g.ErrorCode, Status: g.Status, Findings: append([]string{}, g.Findings...), Decisions: map[string]map[string]int64{},
	}
	for _, d := range g.Decisions {
		if report.Decisions[d.Decision] == nil {
			report.Decisions[d.Decision] = map[string]int64{}
		}
		report.Decisions[d.Decision][d.Reason] = d.Count
	}
	return report
}
