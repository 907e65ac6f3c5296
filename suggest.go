package zookeeper

import "strings"

// What an error says about a key that doesn't exist: which one was probably meant.

// otherWords are what people write for a key, in lower case.
var otherWords = map[string]string{
	"servers": "host hosts server address addresses addr endpoint endpoints url urls ensemble quorum connect connection connectionstring connectstring" +
		" zookeeper zk port ports chroot root",
	"sessionTimeout": "timeout sessiontimeoutms", "startupTimeout": "timeout wait waittimeout loadtimeout startup", "maxStale": "ttl maxage staleafter",
	"username": "user login auth credentials digest", "password": "pass passwd pwd secret", "tls": "ssl secure",
	"passwordFile": "passfile secretfile", "passwordEnv": "passenv secretenv",
	"ca": "cafile cacert rootca truststore", "cert": "certfile certificate clientcert keystore", "key": "keyfile privatekey clientkey field property jsonpath",
	"serverName": "sni hostname", "insecureSkipVerify": "insecure skipverify verify",
	"requestHeaders": "header headers setheaders customrequestheaders", "responseHeaders": "customresponseheaders",
	"path": "node nodes znode znodes paths from source", "gates": "flag flags killswitch switch switches toggle toggles feature features maintenance rules",
	"default": "fallback defaultvalue else otherwise", "value": "template frame", "map": "mapping translate translations dictionary replace",
	"mode": "action operation", "format": "type parse as", "contentType": "type mimetype mediatype",
	"status": "statuscode code httpstatus", "body": "message content text html page", "bodyPath": "bodynode pagepath pagenode", "jsonBody": "json bodyjson",
	"bypass": "allow allowlist whitelist except exceptions exclude skip ignore", "ips": "ip cidr cidrs networks clients sourcerange",
	"pathPrefixes": "path paths prefixes", "methods": "verbs", "valueFile": "secretfile", "valueEnv": "secretenv",
	"blockWhen": "when closedwhen closewhen invert", "dryRun": "dry shadow reportonly", "redirect": "location redirectto redirecturl target",
	"targetingKey": "userkey stickykey hashkey sticky identity", "context": "attributes evaluationcontext", "statusPath": "dashboard metrics metricspath health",
	"maxNodes": "limit max", "retryAfter": "retry", "logLevel": "log verbosity debug",
}

// suggested is the key that was meant by one that doesn't exist, with the place that it
// has where that is another one; empty where nothing is like it.
func (o *object) suggested(unknown string) string {
	key := likest(unknown, o.asked, 2+len(unknown)/4) // of these few, one was meant
	if key != "" {
		return key
	}
	levels := keysByLevel()
	for _, alike := range []func(string, []string) string{sameKey, likeKey} {
		var places []string
		for _, level := range sortedKeys(levels) {
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

func placeOf(level, key string) string {
	if level == "" {
		return key + " at the middleware's top"
	}
	return strings.ReplaceAll(strings.ReplaceAll(level, "[0]", "[]"), "clusters.name", "clusters.<name>") + "." + key
}

func sameKey(unknown string, keys []string) string {
	for _, key := range keys {
		if strings.EqualFold(key, unknown) {
			return key
		}
	}
	return ""
}

func likeKey(unknown string, keys []string) string { return likest(unknown, keys, 2) }

// likest is the key that another word stands for, or else the one with the fewest other
// letters, which are fewer than so many.
func likest(unknown string, keys []string, fewest int) string {
	for _, key := range keys {
		if strings.Contains(" "+otherWords[key]+" ", " "+unknown+" ") {
			return key
		}
	}
	nearest := ""
	for _, key := range keys {
		if len(unknown) >= len(key)+fewest { // so many letters are too many already
			continue
		}
		d := distance(unknown, strings.ToLower(key))
		if d < fewest && d < len(key)-1 {
			nearest = key
			fewest = d
		}
	}
	return nearest
}

// keysByLevel are the keys of each mapping of a configuration, by where it stands. They
// are what decode asks one for that has all mappings, and nothing else in them.
func keysByLevel() map[string][]string {
	none := func() map[string]any { return map[string]any{"?": ""} }
	cluster, gate, bypass := none(), none(), none()
	cluster["tls"] = none()
	bypass["header"] = none()
	gate["bypass"] = bypass
	tree := none()
	tree["clusters"] = map[string]any{"name": cluster}
	tree["requestHeaders"] = []any{none()}
	tree["gates"] = []any{gate}
	found := &findings{problems: &problemList{}, levels: map[string][]string{}}
	decodeTree(tree, found)
	return found.levels
}

// distance is how many letters have to be put in, taken out or replaced to make
// one word of another.
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
