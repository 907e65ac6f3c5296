package zookeeper

import (
	"strconv"
	"strings"
	"time"
)

// rules is a Config checked and compiled: what an instance works with.
type rules struct {
	clusters       map[string]*settings
	uses           []string // the clusters that are read from
	headers        []*headerRule
	gates          []*gate
	startupTimeout time.Duration
	maxStale       time.Duration
	context        map[string]*template // attributes by name, the targeting key among them
	decisionHeader string               // empty for none
	statusPath     string               // of the status page; empty for none
	hideValues     bool                 // on the status page
	log            logWish
	foreign        bool // holds what a file or the environment said, which may say something else by now
}

const defaultStartupTimeout = 2 * time.Second

func compile(c *Config, f *faults) *rules {
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
	checkTwins("requestHeaders", r.headers, f)
	var responses []*headerRule
	for i, h := range c.ResponseHeaders {
		rule := checkHeader("responseHeaders"+index(i), h, choice, f)
		rule.response = true
		responses = append(responses, rule)
	}
	checkTwins("responseHeaders", responses, f)
	r.headers = append(r.headers, responses...)
	for i, g := range c.Gates {
		checked := checkGate("gates"+index(i), g, choice, f)
		checked.dryRun = checked.dryRun || c.DryRun
		r.gates = append(r.gates, checked)
	}
	r.context = checkContext(c, f)
	r.decisionHeader = checkDecisionHeader(c.DecisionHeader, f)
	checkMasters(r, c.DecisionHeader, f)
	checkReaders(c, r, f)
	r.statusPath = checkStatusPath(c.StatusPath, f)
	r.foreign = f.foreign
	r.uses = clustersOf(r.sources())
	r.hideValues = c.StatusValues != "" && !checkTruth("statusValues", c.StatusValues, f)
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

// lacks names those of them that are not among the defined ones; the only cluster
// is there where any is.
func (r *rules) lacks(defined []string) []string {
	there := map[string]bool{onlyCluster: len(defined) > 0}
	for _, name := range defined {
		there[name] = true
	}
	var names []string
	for _, name := range r.uses {
		if !there[name] {
			names = append(names, name)
		}
	}
	return names
}

// ambiguity is the error of rules that count on a single cluster where there are
// several.
func (r *rules) ambiguity(defined []string) error {
	for _, name := range r.uses {
		if name == onlyCluster && len(defined) > 1 {
			return ambiguous(defined)
		}
	}
	return nil
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

func checkContext(c *Config, f *faults) map[string]*template {
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

func checkTemplate(key, text string, f *faults) *template {
	t, err := parseTemplate(text)
	if err != nil {
		f.add(key, text, "it "+err.Error())
	}
	return t
}

func checkDecisionHeader(name string, f *faults) string {
	if name == "" {
		return ""
	}
	return checkHeaderName("decisionHeader", name, f)
}

// checkMasters refuses a request header that two parts of the configuration mean to
// have: services take X_A for X-A.
func checkMasters(r *rules, decisionHeader string, f *faults) {
	masters := map[string]string{}
	for _, rule := range r.headers {
		if !rule.response {
			masters[folded(rule.name)] = "a rule in requestHeaders"
		}
	}
	claim := func(key, name, as string) {
		master := masters[folded(name)]
		if name != "" && master != "" && master != as {
			f.add(key, name, master+" has this header; take another one")
		}
		masters[folded(name)] = as
	}
	claim("decisionHeader", decisionHeader, "decisionHeader")
	for i, g := range r.gates {
		if g.bypass != nil && g.bypass.header != nil {
			claim("gates"+index(i)+".bypass.header.name", g.bypass.header.name, "a bypass")
		}
	}
}

func checkDuration(key, text string, fallback time.Duration, f *faults) time.Duration {
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

func (c *clusterChoice) of(key, name string, f *faults) string {
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
func (c *clusterChoice) check(key, name string, f *faults) {
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

// source is where a rule's value comes from.
type source struct {
	cluster string
	places  []place // the first that has a value gives it
	format  string
	key     string
	isFlag  bool
	depends bool // on the request: there are patterns among the places
}

// A place is a path; or, where the request has a part in it, a pattern.
type place struct {
	text    string // as the configuration has it
	path    string
	pattern *pattern
}

// checkSource reads the list of nodes that a key has, and how many a pattern among
// them may mean.
func checkSource(key string, paths []string, limit int, s *source, f *faults) {
	for _, path := range paths {
		at := place{text: path, path: path}
		fault := spaceFault(path)
		if fault == "" && strings.ContainsAny(path, "{}") {
			at.pattern, fault = parsePattern(path, limit)
			s.depends = s.depends || at.pattern != nil
		} else if fault == "" {
			fault = pathFault(path)
		}
		if fault != "" {
			f.add(key, path, "a node's path "+fault)
		}
		s.places = append(s.places, at)
	}
	if len(paths) == 0 {
		f.add(key, "", "the path of a node is wanted, as in /release/current")
	}
}

// checkLimit reads a maxNodes; 0 stands for none.
func checkLimit(key, text string, fallback int, f *faults) int {
	if text == "" {
		return fallback
	}
	n, err := strconv.Atoi(strings.TrimSpace(text))
	if err != nil || n < 1 {
		f.add(key, text, "how many nodes a path with placeholders may mean, from 1 on")
		return fallback
	}
	return n
}
