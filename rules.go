package zookeeper

import (
	"strings"
	"time"
)

// rules is a Config checked and compiled: what a middleware goes by.
type rules struct {
	clusters       map[string]*settings
	uses           []string // the clusters that are read from
	headers        []*compiledHeader
	gates          []*compiledGate
	startupTimeout time.Duration
	maxStale       time.Duration
	context        map[string]*template // attributes by name, the targeting key among them
	decisionHeader string               // empty for none
	statusPage     *statusPage          // nil for none
	log            logWish
	foreign        bool // holds what a file or the environment said, which may say something else by now
}

const defaultStartupTimeout = 2 * time.Second

func compile(c *Config, f *problemList) *rules {
	r := &rules{
		clusters:       map[string]*settings{},
		startupTimeout: checkDuration("startupTimeout", c.StartupTimeout, defaultStartupTimeout, f),
		maxStale:       checkDuration("maxStale", c.MaxStale, 0, f), log: checkLog(c, f),
	}
	names := sortedKeys(c.Clusters)
	for _, name := range names {
		r.clusters[name] = checkCluster("clusters."+name, c.Clusters[name], f)
	}
	choice := &clusterChoice{defined: names, fallback: c.Cluster, limit: checkLimit("maxNodes", c.MaxNodes, 0, f)}
	if c.Cluster != "" {
		choice.check("cluster", c.Cluster, f)
	}
	for i, h := range c.RequestHeaders {
		r.headers = append(r.headers, checkHeader("requestHeaders"+index(i), h, choice, f))
	}
	checkAliases("requestHeaders", r.headers, f)
	var responses []*compiledHeader
	for i, h := range c.ResponseHeaders {
		rule := checkHeader("responseHeaders"+index(i), h, choice, f)
		rule.response = true
		responses = append(responses, rule)
	}
	checkAliases("responseHeaders", responses, f)
	r.headers = append(r.headers, responses...)
	for i, g := range c.Gates {
		checked := checkGate("gates"+index(i), g, choice, f)
		checked.dryRun = checked.dryRun || c.DryRun
		r.gates = append(r.gates, checked)
		r.foreign = r.foreign || checked.refusal.foreign || checked.bypass.isForeign()
	}
	r.context = checkContext(c, f)
	r.decisionHeader = checkDecisionHeader(c.DecisionHeader, f)
	checkOwners(r, c.DecisionHeader, f)
	checkReaders(c, r, f)
	r.statusPage = checkStatusPage(c, f)
	r.uses = clustersOf(r.sources())
	return r
}

// clustersOf names the clusters of sources, each once.
func clustersOf(sources []*source) []string {
	seen := map[string]bool{}
	var names []string
	for _, s := range sources {
		if s != nil && !seen[s.cluster] {
			seen[s.cluster] = true
			names = append(names, s.cluster)
		}
	}
	return names
}

func (r *rules) sources() []*source {
	var all []*source
	for _, h := range r.headers {
		all = append(all, h.source)
	}
	for _, g := range r.gates {
		all = append(append(all, g.source), g.page)
	}
	return all
}

func checkContext(c *Config, f *problemList) map[string]*template {
	context := map[string]*template{}
	if c.TargetingKey != "" {
		context[targetingKey] = checkTemplate("targetingKey", c.TargetingKey, f)
	}
	for _, name := range sortedKeys(c.Context) {
		context[name] = checkTemplate("context."+name, c.Context[name], f)
	}
	if c.TargetingKey != "" && c.Context[targetingKey] != "" {
		f.add("context.targetingKey", c.Context[targetingKey], "targetingKey is set already, beside context")
	}
	return context
}

func checkTemplate(key, text string, f *problemList) *template {
	t, err := parseTemplate(text)
	if err != nil {
		f.add(key, text, "it "+err.Error())
	}
	return t
}

func checkDecisionHeader(name string, f *problemList) string {
	if name == "" {
		return ""
	}
	return checkHeaderName("decisionHeader", name, f)
}

// checkOwners refuses a request header that two parts of the configuration mean to
// have: services take X_A for X-A.
func checkOwners(r *rules, decisionHeader string, f *problemList) {
	owners := map[string]string{}
	for _, rule := range r.headers {
		if !rule.response {
			owners[cgiName(rule.name)] = "a rule in requestHeaders"
		}
	}
	claim := func(key, name, as string) {
		owner := owners[cgiName(name)]
		if name != "" && owner != "" && owner != as {
			f.add(key, name, owner+" has this header; take another one")
		}
		owners[cgiName(name)] = as
	}
	claim("decisionHeader", decisionHeader, "decisionHeader")
	for i, g := range r.gates {
		if g.bypass != nil && g.bypass.header != nil {
			claim("gates"+index(i)+".bypass.header.name", g.bypass.header.name, "a bypass")
		}
	}
}

func checkLog(c *Config, f *problemList) logWish {
	_, known := levelOf(c.LogLevel)
	if c.LogLevel != "" && !known {
		f.add("logLevel", c.LogLevel, "error, warn, info or debug")
	}
	if c.LogFormat != "" && !isLogFormat(c.LogFormat) {
		f.add("logFormat", c.LogFormat, "text or json")
	}
	return logWish{level: c.LogLevel, format: c.LogFormat}
}

func checkDuration(key, text string, fallback time.Duration, f *problemList) time.Duration {
	if text == "" {
		return fallback
	}
	d, err := time.ParseDuration(strings.TrimSpace(text))
	if err != nil || d < 0 {
		f.add(key, text, "a duration with its unit, as in 2s or 1m30s")
		return fallback
	}
	return d
}

// clusterChoice answers which cluster a rule means.
type clusterChoice struct {
	defined  []string // by the same middleware
	fallback string
	limit    int // the middleware's maxNodes
}

func (c *clusterChoice) of(key, name string, f *problemList) string {
	if name != "" {
		c.check(key+".cluster", name, f)
		return name
	}
	if c.fallback != "" {
		return c.fallback
	}
	if len(c.defined) > 1 {
		f.add(key+".cluster", "", "there are several clusters; name one of "+someOf(c.defined)+", here or as the middleware's cluster")
	}
	if len(c.defined) == 1 {
		return c.defined[0]
	}
	return onlyCluster
}

// check refuses a name that the middleware's own definitions lack. A middleware
// without any may use what another one defines, also one that comes later.
func (c *clusterChoice) check(key, name string, f *problemList) {
	if len(c.defined) == 0 {
		return
	}
	for _, defined := range c.defined {
		if name == defined {
			return
		}
	}
	f.add(key, name, "unknown cluster; clusters defines "+someOf(c.defined))
}
