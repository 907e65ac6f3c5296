package zookeeper

// Config is the configuration of one middleware. Go code fills in the typed
// fields; Traefik fills in Decoded, which New then reads instead of them.
type Config struct {
	// Clusters defines ensembles by name for all middlewares of the process. A
	// middleware that leaves it out uses what others define.
	Clusters map[string]Cluster `mapstructure:"-"`
	// Cluster is the rules' default; it may be left out where there is only one.
	Cluster string `mapstructure:"-"`
	// RequestHeaders are set on the request before it goes on to the service.
	RequestHeaders []HeaderRule `mapstructure:"-"`
	// ResponseHeaders are set on the response before the service answers.
	ResponseHeaders []HeaderRule `mapstructure:"-"`
	// Gates are asked in their order; the first closed one answers the request.
	Gates []Gate `mapstructure:"-"`
	// DryRun lets all gates decide and record, and none block.
	DryRun bool `mapstructure:"-"`
	// TargetingKey is the template of the evaluation context's targeting key, as in
	// {cookie.uid|ip}; none by default.
	TargetingKey string `mapstructure:"-"`
	// Context has the templates of further attributes by their names.
	Context map[string]string `mapstructure:"-"`
	// DecisionHeader is the request header that gets the decisions; none by default.
	DecisionHeader string `mapstructure:"-"`
	// MaxNodes is how many nodes a path with placeholders may mean; 10000 by default.
	// Rules and gates may have their own.
	MaxNodes string `mapstructure:"-"`
	// StartupTimeout is how long after New a request may be held while the first
	// values load, as a Go duration; 2s by default. Then defaults apply.
	StartupTimeout string `mapstructure:"-"`
	// MaxStale is how long after the session broke values still serve, as a Go
	// duration; 0s, the default, stands for ever.
	MaxStale string `mapstructure:"-"`
	// StatusPath is where the middleware answers requests with the status page, as
	// in /.zookeeper; nowhere by default. Below it are /ready and /metrics.
	StatusPath string `mapstructure:"-"`
	// StatusValues is true, the default, or false: then no status shows values.
	StatusValues string `mapstructure:"-"`
	// LogLevel is error, warn, info (the default) or debug, for the whole process:
	// where middlewares differ, the most talkative one counts.
	LogLevel string `mapstructure:"-"`
	// LogFormat is text, the default, or json, for the whole process.
	LogFormat string `mapstructure:"-"`
	// Decoded is the middleware's configuration as Traefik's providers read it. It
	// excludes the typed fields.
	Decoded map[string]any `mapstructure:",remain"`
}

// HeaderRule sets a request header to a node's value, or removes it where there
// is no value and no default.
type HeaderRule struct {
	Name string
	// Path is a list of nodes; the first one that has a value gives it.
	Path []string
	// Flag, in the place of Path, is such a list of nodes with a flag: the value is
	// that of the variant. Key names the flag in a document with several.
	Flag []string
	// Format is text (the default), json, properties, children or exists; of a
	// flag flag (the default), decider, json, properties or exists.
	Format string
	// Key is the place in a json or properties document, as in db.host.
	Key     string
	Cluster string
	Default string
	// Mode is set (the default), append, ifAbsent or remove. Append and ifAbsent let
	// what the client sent stand.
	Mode string
	// Value is the header's value, with {value} for what was read; {value} by default.
	Value string
	// Map translates what was read; what it lacks stays as it is.
	Map map[string]string
	// Encoding is base64, or nothing: for texts that no header can hold as they are.
	Encoding string
	MaxNodes string
}

// Gate lets requests pass or answers them itself, by the flag in a node.
type Gate struct {
	// Path is a list of nodes; the first one that has a flag gives it.
	Path []string
	// Format is flag (the default): a boolean word, a share, a flagd definition or a
	// flagd document; decider: a percentage; json or properties: a flag at Key in
	// such a document; or exists: on where the node is there.
	Format string
	// Key names the flag in a document with several, or its place in a json or
	// properties document.
	Key      string
	Cluster  string
	MaxNodes string
	// BlockWhen is the flag's value that closes the gate: off (the default) or on.
	BlockWhen string
	// Default is the flag's value while the node is missing, unreadable, not
	// yet loaded or too stale, or the flag has no boolean value: off (the
	// default) or on.
	Default string
	// DryRun decides and records, and never blocks.
	DryRun bool
	// Bypass is who gets by while the gate is closed; nil for nobody.
	Bypass *Bypass
	// Status of the answer, 200 to 599; 403 by default, 302 with Redirect.
	Status string
	// Body of the answer, or BodyFile, which is read by New; the status in words by
	// default. BodyPath is a list of nodes with the page; the first that has one gives it.
	Body, BodyFile string
	BodyPath       []string
	// JSONBody is the body for clients that prefer application/json.
	JSONBody string
	// ContentType of the body; text/plain; charset=utf-8 by default.
	ContentType string
	// Headers of the answer.
	Headers map[string]string
	// RetryAfter is a Go duration, in whole seconds; none by default.
	RetryAfter string
	// Redirect is where the answer sends the client, with Status 302, 303, 307 or 308.
	Redirect string
}

// Bypass is who gets by a closed gate: whoever fulfils one of these.
type Bypass struct {
	// IPs are addresses and networks of clients.
	IPs []string
	// Header and Cookie hold a secret. They are taken from the request before it
	// goes on.
	Header, Cookie *Secret
	// PathPrefixes match whole segments: /health is not /healthy.
	PathPrefixes []string
	Methods      []string
}

// Secret is the value that a header or a cookie of that name must have: Value,
// or what is in a file or an environment variable when New is called.
type Secret struct {
	Name, Value, ValueFile, ValueEnv string
}

// typed tells whether any of the typed fields is set.
func (c *Config) typed() bool {
	return len(c.Clusters)+len(c.RequestHeaders)+len(c.ResponseHeaders)+len(c.Gates)+len(c.Context) > 0 ||
		c.Cluster+c.MaxNodes+c.TargetingKey+c.DecisionHeader+c.StartupTimeout+c.MaxStale+c.StatusPath+c.StatusValues+c.LogLevel+c.LogFormat != "" || c.DryRun
}
