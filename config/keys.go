package config

import (
	"strings"
)

// A level is the keys that a mapping may have, in the order in which errors list them.
type level struct {
	names []string
	known map[string]string // the names by themselves, and by their forms in lower case
}

var (
	topLevel = newLevel("clusters", "requestHeaders", "gates", "cluster", "responseHeaders", "dryRun", "targetingKey", "context", "ipStrategy",
		"decisionHeader", "maxNodes", "startupTimeout", "maxStale", "statusPath", "statusValues", "logLevel", "logFormat")
	clusterLevel = newLevel("servers", "sessionTimeout", "username", "password", "passwordFile", "passwordEnv", "tls")
	tlsLevel     = newLevel("ca", "cert", "key", "serverName", "insecureSkipVerify")
	headerLevel  = newLevel("name", "path", "flag", "format", "key", "salt", "cluster", "default", "mode", "value", "map", "encoding", "maxNodes")
	gateLevel    = newLevel("path", "blockWhen", "format", "key", "salt", "cluster", "maxNodes", "default", "dryRun", "bypass",
		"status", "body", "bodyFile", "bodyPath", "jsonBody", "contentType", "headers", "retryAfter", "redirect")
	bypassLevel     = newLevel("ips", "ipsPath", "header", "cookie", "pathPrefixes", "methods", "preflights")
	secretLevel     = newLevel("name", "value", "valueFile", "valueEnv")
	ipStrategyLevel = newLevel("depth", "excludedIPs", "ipv6Subnet", "header")
)

func newLevel(names ...string) *level {
	l := &level{names: names, known: map[string]string{}}
	for _, name := range names {
		l.known[name] = name
		l.known[strings.ToLower(name)] = name
	}
	return l
}

// keysByLevel are the keys of each mapping, by the mapping's own key.
func keysByLevel() map[string][]string {
	return map[string][]string{
		"": topLevel.names, "clusters.name": clusterLevel.names, "clusters.name.tls": tlsLevel.names, "requestHeaders[0]": headerLevel.names,
		"gates[0]": gateLevel.names, "gates[0].bypass": bypassLevel.names, "gates[0].bypass.header": secretLevel.names, "ipStrategy": ipStrategyLevel.names,
	}
}
