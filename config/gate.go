package config

// Gate lets requests pass, or answers them itself. It goes by the flag in a node.
type Gate struct {
	// Path is a list of nodes, of which the first that has a flag gives it; required. A
	// path may have placeholders for what the request says, as in /tenants/{host}/open.
	Path []string
	// Format says what to make of a node. It is flag (the default), for a boolean word, a
	// share, a flagd definition or a flagd document; decider, for a percentage; json or
	// properties, for a flag at Key in such a document; or exists, for a flag that is on
	// where the node exists.
	Format string
	// Key names the flag in a document with several, or its place in a json or properties
	// document, which require it.
	Key string
	// Salt is hashed in front of the targeting key, for a share and for a fractional that goes
	// by the targeting key. Flags with the same salt and share have the same keys on. The
	// default is Key, where it names the flag, and otherwise the path of the node.
	Salt string
	// Cluster to read from; the middleware's Cluster by default.
	Cluster string
	// MaxNodes is how many nodes a path with placeholders may match, a number from 1 on; the
	// middleware's MaxNodes by default.
	MaxNodes Number

	// BlockWhen is the value of the flag that closes the gate: off (the default) or on.
	BlockWhen string
	// Default is the value of the flag while the node is missing, unreadable, not yet loaded
	// or too stale, or the flag has no boolean value: off (the default) or on. Where it is
	// set, it also counts for a request that can't be read as far as the flag looks at it.
	// Where it isn't, the gate is closed for such a request. The same holds while no
	// middleware defines the cluster.
	Default string
	// DryRun decides and records, and never blocks.
	DryRun bool
	// Bypass says who may pass the closed gate; nil, the default, for nobody.
	Bypass *Bypass

	// Status of the answer, from 200 to 599; 403 by default, or 302 with Redirect. With 204,
	// 205 and 304 there is no body.
	Status Number
	// Body of the answer; the status in words by default.
	Body string
	// BodyFile is a file with the body, which New reads. It excludes Body.
	BodyFile string
	// BodyPath is a list of nodes, of which the first that exists has the body. While there
	// is none, Body or BodyFile is the body. The paths have no placeholders.
	BodyPath []string
	// JSONBody is the body for clients that prefer application/json. Without it, they get the
	// body that all get.
	JSONBody string
	// ContentType is the media type of the body, but for JSONBody; text/plain;
	// charset=utf-8 by default.
	ContentType string
	// Headers are further headers of the answer.
	Headers map[string]string
	// RetryAfter is the value of the header Retry-After, a duration from 1s on, cut to whole
	// seconds. There is no such header by default.
	RetryAfter Duration
	// Redirect is a URL, or a path that begins with a slash, where the answer sends the
	// client. It goes with Status 302, 303, 307 or 308. A request for the page that it leads
	// to is answered with 503.
	Redirect string
}

// Bypass says who may pass a closed gate: a request that fulfils any of these conditions.
type Bypass struct {
	// IPs are addresses and networks of clients, as in 192.0.2.1 and 10.0.0.0/8.
	IPs []string
	// IPsPath is a list of nodes, of which the first that has a list of such addresses and
	// networks gives it. In a node they stand one a line, or with white space or commas
	// between them; # begins a comment. A JSON list of texts is fine as well. While there is
	// none, nobody passes for it. The paths have no placeholders.
	IPsPath []string
	// Header is a request header with a secret. It is taken from every request before it
	// goes on. There is none by default.
	Header *Secret
	// Cookie is a cookie with a secret. It is taken from every request before it goes on.
	// There is none by default.
	Cookie *Secret
	// PathPrefixes begin the paths that pass, in whole segments: /health is no prefix of
	// /healthy.
	PathPrefixes []string
	// Methods of requests that pass, in capitals.
	Methods []string
	// Preflights lets requests pass with which a browser asks, by the protocol CORS,
	// whether it may send another one: OPTIONS with the headers Origin and
	// Access-Control-Request-Method. It is false by default.
	Preflights bool
}

// Secret is what a header or a cookie of a name has to hold. It comes from exactly one of
// Value, ValueFile and ValueEnv, and has up to 4096 bytes.
type Secret struct {
	// Name of the header or the cookie; required.
	Name string
	// Value is the secret itself. Traefik's dashboard and API show it, and its log at level
	// DEBUG.
	Value string
	// ValueFile is a file that holds the secret, which New reads. Line breaks at its end
	// don't belong to the secret.
	ValueFile string
	// ValueEnv is the name of an environment variable that holds the secret, which New
	// reads.
	ValueEnv string
}
