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
	c := decodeTree(tree, &findings{problems: list})
	return c, list.Texts()
}

func decodeTree(tree map[string]any, found *findings) *Config {
	o := newObject("", tree, found)
	c := &Config{
		Clusters:        decodeClusters(mappingAt(o, "clusters")),
		RequestHeaders:  decodeHeaders(objectsAt(o, "requestHeaders")),
		Gates:           decodeGates(objectsAt(o, "gates")),
		Cluster:         textAt(o, "cluster"),
		ResponseHeaders: decodeHeaders(objectsAt(o, "responseHeaders")),
		DryRun:          truthAt(o, "dryRun"),
		TargetingKey:    textAt(o, "targetingKey"),
		Context:         stringsAt(o, "context"),
		IPStrategy:      decodeIPStrategy(emptiableAt(o, "ipStrategy")),
		DecisionHeader:  textAt(o, "decisionHeader"),
		MaxNodes:        scalarAt(o, "maxNodes"),
		StartupTimeout:  scalarAt(o, "startupTimeout"),
		MaxStale:        scalarAt(o, "maxStale"),
		StatusPath:      textAt(o, "statusPath"),
		StatusValues:    textAt(o, "statusValues"),
		LogLevel:        textAt(o, "logLevel"),
		LogFormat:       textAt(o, "logFormat"),
	}
	reportUnknown(o)
	return c
}

func decodeClusters(objects map[string]*object) map[string]Cluster {
	clusters := map[string]Cluster{}
	for _, name := range lists.SortedKeys(objects) {
		o := objects[name]
		clusters[name] = Cluster{
			Servers: textsAt(o, "servers"), SessionTimeout: scalarAt(o, "sessionTimeout"),
			Username: textAt(o, "username"), Password: secretAt(o, "password"),
			PasswordFile: textAt(o, "passwordFile"), PasswordEnv: textAt(o, "passwordEnv"),
			TLS: decodeTLS(optionalAt(o, "tls")),
		}
		reportUnknown(o)
	}
	return clusters
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
		rules = append(rules, HeaderRule{
			Name: textAt(o, "name"), Path: textsAt(o, "path"), Flag: textsAt(o, "flag"), Format: textAt(o, "format"), Key: textAt(o, "key"), Salt: textAt(o, "salt"),
			Cluster: textAt(o, "cluster"), Default: textAt(o, "default"),
			Mode: textAt(o, "mode"), Value: textAt(o, "value"), Map: stringsAt(o, "map"), Encoding: textAt(o, "encoding"), MaxNodes: scalarAt(o, "maxNodes"),
		})
		reportUnknown(o)
	}
	return rules
}

func decodeGates(objects []*object) []Gate {
	var gates []Gate
	for _, o := range objects {
		gates = append(gates, Gate{
			Path: textsAt(o, "path"), BlockWhen: textAt(o, "blockWhen"),
			Format: textAt(o, "format"), Key: textAt(o, "key"), Salt: textAt(o, "salt"), Cluster: textAt(o, "cluster"), MaxNodes: scalarAt(o, "maxNodes"), Default: textAt(o, "default"),
			DryRun: truthAt(o, "dryRun"), Bypass: decodeBypass(optionalAt(o, "bypass")),
			Status: scalarAt(o, "status"), Body: textAt(o, "body"), BodyFile: textAt(o, "bodyFile"), BodyPath: textsAt(o, "bodyPath"),
			JSONBody: textAt(o, "jsonBody"), ContentType: textAt(o, "contentType"), Headers: stringsAt(o, "headers"),
			RetryAfter: scalarAt(o, "retryAfter"), Redirect: textAt(o, "redirect"),
		})
		reportUnknown(o)
	}
	return gates
}

func decodeBypass(o *object) *Bypass {
	if o == nil {
		return nil
	}
	b := &Bypass{
		IPs: textsAt(o, "ips"), IPsPath: textsAt(o, "ipsPath"), Header: decodeSecret(optionalAt(o, "header")), Cookie: decodeSecret(optionalAt(o, "cookie")),
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
