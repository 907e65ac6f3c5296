package config

import (
	"github.com/mod-zookeeper/traefik-zookeeper/internal/lists"
	"github.com/mod-zookeeper/traefik-zookeeper/internal/problems"
)

// Decode reads the tree that Traefik hands over into the typed fields. The second result
// has a text for each mistake, with the key, what stands there, and what to write instead.
// A mistaken value is left out of the fields. Decode finds only what is wrong with the form
// of the tree, where New finds everything.
func Decode(tree map[string]any) (*Config, []string) {
	list := &problems.List{}
	c := decodeTree(tree, list)
	return c, list.Texts()
}

// Yaegi: each step takes time, also where a key isn't there. So the keys that most configurations
// have come first, in each mapping, and where nothing is left after these, that is all.
func decodeTree(tree map[string]any, list *problems.List) *Config {
	o := newObject("", tree, topLevel, list)
	c := &Config{
		Clusters:       decodeClusters(mappingAt(o, "clusters", clusterLevel)),
		RequestHeaders: decodeHeaders(objectsAt(o, "requestHeaders", headerLevel)),
		Gates:          decodeGates(objectsAt(o, "gates", gateLevel)),
	}
	if o.left == 0 {
		return c
	}
	c.Cluster = textAt(o, "cluster")
	c.ResponseHeaders = decodeHeaders(objectsAt(o, "responseHeaders", headerLevel))
	c.DryRun = truthAt(o, "dryRun")
	c.TargetingKey = textAt(o, "targetingKey")
	c.Context = stringsAt(o, "context")
	c.IPStrategy = decodeIPStrategy(emptiableAt(o, "ipStrategy", ipStrategyLevel))
	c.DecisionHeader = textAt(o, "decisionHeader")
	c.MaxNodes = scalarAt(o, "maxNodes")
	c.StartupTimeout = scalarAt(o, "startupTimeout")
	c.MaxStale = scalarAt(o, "maxStale")
	c.StatusPath = textAt(o, "statusPath")
	c.StatusValues = textAt(o, "statusValues")
	c.LogLevel = textAt(o, "logLevel")
	c.LogFormat = textAt(o, "logFormat")
	reportUnknown(o)
	return c
}

func decodeClusters(objects map[string]*object) map[string]Cluster {
	clusters := map[string]Cluster{}
	for _, name := range lists.SortedKeys(objects) {
		clusters[name] = decodeCluster(objects[name])
	}
	return clusters
}

func decodeCluster(o *object) Cluster {
	c := Cluster{Servers: textsAt(o, "servers")}
	if o.left == 0 {
		return c
	}
	c.SessionTimeout = scalarAt(o, "sessionTimeout")
	c.Username = textAt(o, "username")
	c.Password = secretAt(o, "password")
	c.PasswordFile = textAt(o, "passwordFile")
	c.PasswordEnv = textAt(o, "passwordEnv")
	c.TLS = decodeTLS(optionalAt(o, "tls", tlsLevel))
	reportUnknown(o)
	return c
}

func decodeTLS(o *object) *TLS {
	if o == nil {
		return nil
	}
	t := &TLS{
		CA: textAt(o, "ca"), Cert: textAt(o, "cert"), Key: textAt(o, "key"),
		ServerName: textAt(o, "serverName"), InsecureSkipVerify: truthAt(o, "insecureSkipVerify"),
	}
	reportUnknown(o)
	return t
}

func decodeHeaders(objects []*object) []HeaderRule {
	var rules []HeaderRule
	for _, o := range objects {
		rules = append(rules, decodeHeader(o))
	}
	return rules
}

func decodeHeader(o *object) HeaderRule {
	h := HeaderRule{Name: textAt(o, "name"), Path: textsAt(o, "path")}
	if o.left == 0 {
		return h
	}
	h.Flag = textsAt(o, "flag")
	h.Format = textAt(o, "format")
	h.Key = textAt(o, "key")
	h.Salt = textAt(o, "salt")
	h.Cluster = textAt(o, "cluster")
	h.Default = textAt(o, "default")
	if o.left == 0 {
		return h
	}
	h.Mode = textAt(o, "mode")
	h.Value = textAt(o, "value")
	h.Map = stringsAt(o, "map")
	h.Encoding = textAt(o, "encoding")
	h.MaxNodes = scalarAt(o, "maxNodes")
	reportUnknown(o)
	return h
}

func decodeGates(objects []*object) []Gate {
	var gates []Gate
	for _, o := range objects {
		gates = append(gates, decodeGate(o))
	}
	return gates
}

func decodeGate(o *object) Gate {
	g := Gate{Path: textsAt(o, "path"), BlockWhen: textAt(o, "blockWhen")}
	if o.left == 0 {
		return g
	}
	g.Format = textAt(o, "format")
	g.Key = textAt(o, "key")
	g.Salt = textAt(o, "salt")
	g.Cluster = textAt(o, "cluster")
	g.MaxNodes = scalarAt(o, "maxNodes")
	g.Default = textAt(o, "default")
	if o.left == 0 {
		return g
	}
	g.DryRun = truthAt(o, "dryRun")
	g.Bypass = decodeBypass(optionalAt(o, "bypass", bypassLevel))
	g.Status = scalarAt(o, "status")
	g.Body = textAt(o, "body")
	g.BodyFile = textAt(o, "bodyFile")
	g.BodyPath = textsAt(o, "bodyPath")
	g.JSONBody = textAt(o, "jsonBody")
	g.ContentType = textAt(o, "contentType")
	g.Headers = stringsAt(o, "headers")
	g.RetryAfter = scalarAt(o, "retryAfter")
	g.Redirect = textAt(o, "redirect")
	reportUnknown(o)
	return g
}

func decodeBypass(o *object) *Bypass {
	if o == nil {
		return nil
	}
	b := &Bypass{
		IPs: textsAt(o, "ips"), IPsPath: textsAt(o, "ipsPath"), Header: decodeSecret(optionalAt(o, "header", secretLevel)), Cookie: decodeSecret(optionalAt(o, "cookie", secretLevel)),
		PathPrefixes: textsAt(o, "pathPrefixes"), Methods: textsAt(o, "methods"), Preflights: truthAt(o, "preflights"),
	}
	reportUnknown(o)
	return b
}

func decodeSecret(o *object) *Secret {
	if o == nil {
		return nil
	}
	s := &Secret{Name: textAt(o, "name"), Value: secretAt(o, "value"), ValueFile: textAt(o, "valueFile"), ValueEnv: textAt(o, "valueEnv")}
	reportUnknown(o)
	return s
}

func decodeIPStrategy(o *object) *IPStrategy {
	if o == nil {
		return nil
	}
	s := &IPStrategy{Depth: scalarAt(o, "depth"), ExcludedIPs: textsAt(o, "excludedIPs"), IPv6Subnet: scalarAt(o, "ipv6Subnet"), Header: textAt(o, "header")}
	reportUnknown(o)
	return s
}
