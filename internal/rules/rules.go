// Package rules checks a configuration and compiles it into what a middleware goes by: header
// rules, gates with their bypasses and answers, and the definitions of clusters. It knows
// nothing of nodes' contents and requests at run time, but for who gets by a gate.
package rules

import (
	"strings"
	"time"

	"github.com/mod-zookeeper/traefik-zookeeper/config"
	"github.com/mod-zookeeper/traefik-zookeeper/internal/ensemble"
	"github.com/mod-zookeeper/traefik-zookeeper/internal/lists"
	"github.com/mod-zookeeper/traefik-zookeeper/internal/log"
	"github.com/mod-zookeeper/traefik-zookeeper/internal/problems"
	"github.com/mod-zookeeper/traefik-zookeeper/internal/request"
)

// Rules are a configuration, checked and compiled.
type Rules struct {
	Clusters       map[string]*ensemble.Settings // that it defines, by name
	Uses           []string                      // names of the clusters that it reads from
	Headers        []*Header                     // those of the request first
	Gates          []*Gate
	StartupTimeout time.Duration
	MaxStale       time.Duration                // 0 for ever
	Context        map[string]*request.Template // attributes by name, the targeting key among them
	DecisionHeader string                       // canonical; empty for none
	SecretHeaders  []string                     // that bypasses take from requests, canonical
	StatusPage     *StatusPage                  // nil for none
	Log            log.Settings
	External       bool // a part comes from a file or the environment, where it may have changed
}

const defaultStartupTimeout = 2 * time.Second

// compileConfig compiles the typed fields of a configuration.
//
// Yaegi: a function takes time for each step, also for those that aren't reached. So what few
// configurations have stands in functions of its own, here and below.
func compileConfig(c *config.Config, list *problems.List) *Rules {
	r := &Rules{Clusters: map[string]*ensemble.Settings{}, Context: map[string]*request.Template{}, StartupTimeout: defaultStartupTimeout}
	if c.StartupTimeout != nil || c.MaxStale != nil || c.LogLevel+c.LogFormat != "" {
		r.StartupTimeout = checkDuration("startupTimeout", c.StartupTimeout, defaultStartupTimeout, list)
		r.MaxStale = checkDuration("maxStale", c.MaxStale, 0, list)
		r.Log = checkLog(c, list)
	}
	names := lists.SortedKeys(c.Clusters)
	for _, name := range names {
		r.Clusters[name] = ensemble.Check("clusters."+name, c.Clusters[name], list)
	}
	choice := &clusterChoice{defined: names, fallback: c.Cluster}
	if c.MaxNodes != nil {
		choice.limit = checkLimit("maxNodes", c.MaxNodes, 0, list)
	}
	if c.Cluster != "" {
		checkDefined(choice, "cluster", c.Cluster, list)
	}
	r.Headers = checkHeaders("requestHeaders", c.RequestHeaders, choice, list)
	if len(c.ResponseHeaders) > 0 {
		r.Headers = append(r.Headers, checkResponseHeaders(c, choice, list)...)
	}
	if len(c.Gates) > 0 {
		checkGates(r, c, choice, list)
	}
	checkRequests(r, c, list)
	if c.StatusPath+c.StatusValues != "" {
		r.StatusPage = checkStatusPage(c, list)
	}
	return r
}

// checkRequests compiles what rules ask of requests, and finds what contradicts itself there.
func checkRequests(r *Rules, c *config.Config, list *problems.List) {
	if len(c.Context) > 0 || c.TargetingKey != "" {
		checkContext(r, c, list)
	}
	if c.DecisionHeader != "" {
		r.DecisionHeader = checkHeaderName("decisionHeader", c.DecisionHeader, list)
	}
	if len(r.Gates) > 0 {
		withholdFromPages(r)
	}
	if c.IPStrategy != nil {
		useIPStrategy(r, checkIPStrategy("ipStrategy", c.IPStrategy, list))
	}
	if c.DecisionHeader != "" || c.IPStrategy != nil || len(r.SecretHeaders) > 0 {
		checkOwners(r, c, list)
	}
	sources := sourcesOf(r)
	r.Uses = clustersOf(sources)
	if len(r.Context) > 0 || dependOnRequests(sources) {
		checkReaders(c, r, list)
	}
}

// checkGates compiles the gates.
func checkGates(r *Rules, c *config.Config, choice *clusterChoice, list *problems.List) {
	for i, g := range c.Gates {
		checked := checkGate("gates"+problems.Index(i), g, choice, list)
		checked.DryRun = checked.DryRun || c.DryRun
		r.Gates = append(r.Gates, checked)
		if checked.Bypass != nil && checked.Bypass.Header != nil {
			r.SecretHeaders = append(r.SecretHeaders, checked.Bypass.Header.Name)
		}
		r.External = r.External || checked.Refusal.external || checked.Bypass != nil && checked.Bypass.external
	}
}

// withholdFromPages has refusals, which may come to a service that makes a page of them, without
// what is withheld.
func withholdFromPages(r *Rules) {
	withheld := WithheldOf(r)
	for _, g := range r.Gates {
		g.Refusal.Withheld = withheld
	}
}

// checkHeaders compiles a list of header rules, which has the key.
func checkHeaders(key string, given []config.HeaderRule, choice *clusterChoice, list *problems.List) []*Header {
	if len(given) == 0 {
		return nil
	}
	var headers []*Header
	for i, h := range given {
		headers = append(headers, checkHeader(key+problems.Index(i), h, choice, list))
	}
	if len(headers) > 1 {
		checkAliases(key, headers, list)
	}
	return headers
}

func checkResponseHeaders(c *config.Config, choice *clusterChoice, list *problems.List) []*Header {
	headers := checkHeaders("responseHeaders", c.ResponseHeaders, choice, list)
	for _, h := range headers {
		h.Response = true
	}
	return headers
}

// clustersOf are the names of the clusters of sources, each once.
func clustersOf(sources []*Source) []string {
	seen := map[string]bool{}
	var names []string
	for _, s := range sources {
		if s != nil && !seen[s.Cluster] {
			seen[s.Cluster] = true
			names = append(names, s.Cluster)
		}
	}
	return names
}

// dependOnRequests tells whether there is a template among the sources.
func dependOnRequests(sources []*Source) bool {
	for _, s := range sources {
		if s != nil && s.Depends {
			return true
		}
	}
	return false
}

// sourcesOf are all sources, nil ones among them.
func sourcesOf(r *Rules) []*Source {
	var all []*Source
	for _, h := range r.Headers {
		all = append(all, h.Source)
	}
	for _, g := range r.Gates {
		all = append(append(all, g.Source), g.Page)
		if g.Bypass != nil {
			all = append(all, g.Bypass.List)
		}
	}
	return all
}

// checkContext compiles the templates of attributes.
func checkContext(r *Rules, c *config.Config, list *problems.List) {
	if c.TargetingKey != "" {
		r.Context[request.TargetingKey] = checkTemplate("targetingKey", c.TargetingKey, list)
		checkBraces("targetingKey", c.TargetingKey, list)
	}
	for _, name := range lists.SortedKeys(c.Context) {
		r.Context[name] = checkTemplate("context."+name, c.Context[name], list)
		if strings.Contains(c.Context[name], ".") { // host and ip may be meant as words
			checkBraces("context."+name, c.Context[name], list)
		}
	}
	if c.TargetingKey != "" && c.Context[request.TargetingKey] != "" {
		list.Add("context.targetingKey", c.Context[request.TargetingKey], "targetingKey is set already, beside context")
	}
}

// checkTemplate parses a template; nil where it is a mistake.
func checkTemplate(key, text string, list *problems.List) *request.Template {
	t, err := request.ParseTemplate(text)
	if err != nil {
		list.Add(key, text, "it "+err.Error())
	}
	return t
}

// checkBraces refuses a placeholder that lacks its braces: the text would be the same for every
// request, so that all of them were one user.
func checkBraces(key, text string, list *problems.List) {
	text = strings.TrimSpace(text)
	if strings.ContainsAny(text, "{'") {
		return
	}
	_, err := request.ParseTemplate("{" + text + "}")
	if err == nil {
		list.Add(key, text, "without braces, this is the same text for every request; write {"+text+"}")
	}
}

// checkOwners refuses a request header that two parts of the configuration have: a header
// rule, the decision header, ipStrategy, or a bypass. An alias counts as the same header.
func checkOwners(r *Rules, c *config.Config, list *problems.List) {
	owners := map[string]string{}
	for _, rule := range r.Headers {
		if !rule.Response {
			owners[cgiName(rule.Name)] = "a rule in requestHeaders"
		}
	}
	claim := func(key, name, as string) {
		owner := owners[cgiName(name)]
		if name != "" && owner != "" && owner != as {
			list.Add(key, name, owner+" has this header; take another one")
		}
		owners[cgiName(name)] = as
	}
	claim("decisionHeader", c.DecisionHeader, "decisionHeader")
	if c.IPStrategy != nil {
		claim("ipStrategy.header", c.IPStrategy.Header, "ipStrategy")
	}
	for i, g := range r.Gates {
		if g.Bypass != nil && g.Bypass.Header != nil {
			claim("gates"+problems.Index(i)+".bypass.header.name", g.Bypass.Header.Name, "a bypass")
		}
	}
}

// checkLog checks what a middleware wants of the log.
func checkLog(c *config.Config, list *problems.List) log.Settings {
	_, known := log.ParseLevel(c.LogLevel)
	if c.LogLevel != "" && !known {
		list.Add("logLevel", c.LogLevel, "error, warn, info or debug")
	}
	if c.LogFormat != "" && !log.IsFormat(c.LogFormat) {
		list.Add("logFormat", c.LogFormat, "text or json")
	}
	return log.Settings{Level: c.LogLevel, Format: c.LogFormat}
}

// checkDuration reads a duration; the fallback where there is none.
func checkDuration(key string, given config.Duration, fallback time.Duration, list *problems.List) time.Duration {
	if given == nil || given == "" {
		return fallback
	}
	text := config.Text(given)
	d, err := time.ParseDuration(strings.TrimSpace(text))
	if err == nil && d < 0 {
		list.Add(key, text, "a duration can't be negative; write 0s or more, as in 2s")
		return fallback
	}
	if err != nil {
		list.Add(key, text, "a duration with its unit, as in 2s or 1m30s")
		return fallback
	}
	return d
}

// A clusterChoice is what rules and gates go by where they leave something out.
type clusterChoice struct {
	defined  []string // names of the clusters that the same middleware defines
	fallback string   // the middleware's cluster; empty for none
	limit    int      // the middleware's maxNodes; 0 for none
}

// clusterOf is the cluster that a rule or gate means, given its key and the name that it has
// there.
//
// Yaegi: it is a function, since a method costs as much as four.
func clusterOf(c *clusterChoice, key, name string, list *problems.List) string {
	if name != "" {
		checkDefined(c, key+".cluster", name, list)
		return name
	}
	if c.fallback != "" {
		return c.fallback
	}
	if len(c.defined) > 1 {
		list.Add(key+".cluster", "", "there are several clusters; name one of "+problems.Names(c.defined)+", here or as the middleware's cluster")
	}
	if len(c.defined) == 1 {
		return c.defined[0]
	}
	return ensemble.OnlyCluster
}

// checkDefined refuses a name that the middleware's own definitions lack. A middleware without
// definitions may use what another one defines, now or later.
func checkDefined(c *clusterChoice, key, name string, list *problems.List) {
	if len(c.defined) == 0 {
		return
	}
	for _, defined := range c.defined {
		if name == defined {
			return
		}
	}
	list.Add(key, name, "unknown cluster; clusters defines "+problems.Names(c.defined))
}
