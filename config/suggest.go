package config

import (
	"strings"

	"github.com/mod-zookeeper/traefik-zookeeper/internal/lists"
)

// The error of an unknown key says which key was probably meant.

// otherWords are the words that people write for a key, in lower case.
var otherWords = map[string]string{
	"servers": "host hosts server address addresses addr endpoint endpoints url urls ensemble quorum connect connection connectionstring connectstring" +
		" zookeeper zk port ports chroot root",
	"sessionTimeout": "timeout sessiontimeoutms", "startupTimeout": "timeout wait waittimeout loadtimeout startup", "maxStale": "ttl maxage staleafter",
	"username": "user login auth credentials digest", "password": "pass passwd pwd secret", "tls": "ssl secure",
	"passwordFile": "passfile secretfile", "passwordEnv": "passenv secretenv",
	"ca": "cafile cacert rootca truststore", "cert": "certfile certificate clientcert keystore", "key": "keyfile privatekey clientkey field property jsonpath",
	"serverName": "sni hostname", "insecureSkipVerify": "insecure skipverify verify",
	"requestHeaders": "header headers setheaders customrequestheaders", "responseHeaders": "customresponseheaders",
	"path": "node nodes znode znodes paths from source flag", "gates": "flag flags killswitch switch switches toggle toggles feature features maintenance rules",
	"default": "fallback defaultvalue else otherwise", "value": "template frame", "map": "mapping translate translations dictionary replace",
	"mode": "action operation", "format": "type parse as", "contentType": "type mimetype mediatype",
	"status": "statuscode code httpstatus", "body": "message content text html page", "bodyPath": "bodynode pagepath pagenode", "jsonBody": "json bodyjson",
	"bypass": "allow allowlist whitelist except exceptions exclude skip ignore", "ips": "ip cidr cidrs networks clients sourcerange",
	"pathPrefixes": "path paths prefixes", "methods": "verbs", "valueFile": "secretfile", "valueEnv": "secretenv",
	"blockWhen": "when closedwhen closewhen invert", "dryRun": "dry shadow reportonly", "redirect": "location redirectto redirecturl target",
	"ipsPath": "ippath ipnode ipsnode ippaths ipfile ipsfile", "ipStrategy": "sourcecriterion clientip realip trustedips trustedproxies proxies forwardedfor xff",
	"excludedIPs": "excludedcidrs pool", "depth": "hops hopcount", "ipv6Subnet": "subnet",
	"targetingKey": "userkey stickykey hashkey sticky identity", "context": "attributes evaluationcontext", "statusPath": "dashboard metrics metricspath health",
	"maxNodes": "limit max", "retryAfter": "retry", "logLevel": "log verbosity debug",
}

// suggested is the key that was probably meant by an unknown one in lower case. A key that
// belongs into another mapping comes with that. It is empty where no key is like the unknown
// one.
func (o *object) suggested(unknown string) string {
	key := nearestKey(unknown, o.keys.names, 2+len(unknown)/4) // more letters may differ here than in other mappings
	if key != "" {
		return key
	}
	levels := keysByLevel()
	for _, alike := range []func(string, []string) string{sameKey, likeKey} {
		var places []string
		for _, level := range lists.SortedKeys(levels) {
			key := alike(unknown, levels[level])
			if key != "" {
				places = append(places, placeOf(level, key))
			}
		}
		if len(places) > 0 {
			return strings.Join(places, " or ")
		}
	}
	return ""
}

// placeOf names a key together with the mapping that it belongs into.
func placeOf(level, key string) string {
	if level == "" {
		return key + " at the middleware's top"
	}
	return strings.ReplaceAll(strings.ReplaceAll(level, "[0]", "[]"), "clusters.name", "clusters.<name>") + "." + key
}

// sameKey is the key that differs from the unknown one by its case only.
func sameKey(unknown string, keys []string) string {
	for _, key := range keys {
		if strings.EqualFold(key, unknown) {
			return key
		}
	}
	return ""
}

// likeKey is the key that the unknown one is another word for, or differs from by a letter.
func likeKey(unknown string, keys []string) string { return nearestKey(unknown, keys, 2) }

// nearestKey is the key that the unknown one is another word for. Where there is none, it is
// the one with the smallest distance, which is less than the limit.
func nearestKey(unknown string, keys []string, limit int) string {
	for _, key := range keys {
		if strings.Contains(" "+otherWords[key]+" ", " "+unknown+" ") {
			return key
		}
	}
	nearest := ""
	for _, key := range keys {
		if len(unknown) >= len(key)+limit { // the distance is at least the difference in length
			continue
		}
		d := distance(unknown, strings.ToLower(key))
		if d < limit && d < len(key)-1 {
			nearest = key
			limit = d
		}
	}
	return nearest
}

// distance is how many bytes have to be inserted, removed or replaced to make one word of
// another: the Levenshtein distance.
func distance(from, to string) int {
	row := make([]int, len(to)+1)
	for j := range row {
		row[j] = j
	}
	for i := 1; i <= len(from); i++ {
		diagonal := row[0]
		row[0] = i
		for j := 1; j <= len(to); j++ {
			best := diagonal
			if from[i-1] != to[j-1] {
				best = least(diagonal, row[j], row[j-1]) + 1
			}
			diagonal = row[j]
			row[j] = best
		}
	}
	return row[len(to)]
}

// Yaegi: there is no builtin min.
func least(a, b, c int) int {
	if b < a {
		a = b
	}
	if c < a {
		a = c
	}
	return a
}
