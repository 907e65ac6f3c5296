package zookeeper

import "strings"

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
	// Gates are asked in their order; the first closed one answers the request.
	Gates []Gate `mapstructure:"-"`
	// StartupTimeout is how long after New a request may be held while the first
	// values load, as a Go duration; 2s by default. Then defaults apply.
	StartupTimeout string `mapstructure:"-"`
	// MaxStale is how long after the session broke values still serve, as a Go
	// duration; 0s, the default, stands for ever.
	MaxStale string `mapstructure:"-"`
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
	// Format is text (the default), json, properties, children or exists.
	Format string
	// Key is the place in a json or properties document, as in db.host.
	Key     string
	Cluster string
	Default string
}

// Gate lets requests pass or answers them itself, by the flag in a node.
type Gate struct {
	// Path is a list of nodes; the first one that has a value gives it.
	Path    []string
	Cluster string
	// BlockWhen is the flag's value that closes the gate: off (the default) or on.
	BlockWhen string
	// Default is the flag's value while the node is missing, unreadable, not
	// yet loaded or too stale: off (the default) or on.
	Default string
	// Status of the answer, 200 to 599; 403 by default.
	Status string
	// Body of the answer; the status in words by default.
	Body string
	// ContentType of the body; text/plain; charset=utf-8 by default.
	ContentType string
}

// CreateConfig returns the configuration with nothing set: New fills in the
// defaults, since what stood here would be merged into what a user sets.
func CreateConfig() *Config {
	return &Config{}
}

// decode reads the tree that Traefik handed over into the typed fields.
func decode(tree map[string]any, f *faults) *Config {
	o := newObject("", tree, f)
	c := &Config{
		Clusters:       decodeClusters(o.mapping("clusters")),
		Cluster:        o.text("cluster"),
		RequestHeaders: decodeHeaders(o.objects("requestHeaders")),
		Gates:          decodeGates(o.objects("gates")),
		StartupTimeout: o.text("startupTimeout"),
		MaxStale:       o.text("maxStale"),
	}
	o.end()
	return c
}

func decodeClusters(objects map[string]*object) map[string]Cluster {
	clusters := map[string]Cluster{}
	for _, name := range sortedKeys(objects) {
		o := objects[name]
		clusters[name] = Cluster{
			Servers: o.texts("servers"), SessionTimeout: o.text("sessionTimeout"),
			Username: o.text("username"), Password: o.secret("password"),
			PasswordFile: o.text("passwordFile"), PasswordEnv: o.text("passwordEnv"),
			TLS: decodeTLS(o.optional("tls")),
		}
		o.end()
	}
	return clusters
}

func decodeTLS(o *object) *TLS {
	if o == nil {
		return nil
	}
	t := &TLS{
		CA: o.text("ca"), Cert: o.text("cert"), Key: o.text("key"),
		ServerName: o.text("serverName"), InsecureSkipVerify: o.truth("insecureSkipVerify"),
	}
	o.end()
	return t
}

func decodeHeaders(objects []*object) []HeaderRule {
	var rules []HeaderRule
	for _, o := range objects {
		rules = append(rules, HeaderRule{
			Name: o.text("name"), Path: o.texts("path"), Format: o.text("format"), Key: o.text("key"),
			Cluster: o.text("cluster"), Default: o.text("default"),
		})
		o.end()
	}
	return rules
}

func decodeGates(objects []*object) []Gate {
	var gates []Gate
	for _, o := range objects {
		gates = append(gates, Gate{
			Path: o.texts("path"), Cluster: o.text("cluster"),
			BlockWhen: o.text("blockWhen"), Default: o.text("default"),
			Status: o.text("status"), Body: o.text("body"), ContentType: o.text("contentType"),
		})
		o.end()
	}
	return gates
}

// guardsRoute tells whether the configuration means to have gates, misspelt and
// misplaced ones included: such an instance must never let its router vanish.
func guardsRoute(c *Config) bool {
	return len(c.Gates) > 0 || namesGates(c.Decoded)
}

func namesGates(value any) bool {
	tree, isTree := value.(map[string]any)
	if isTree {
		for name, v := range tree {
			folded := strings.ToLower(name)
			if folded == "blockwhen" || meansGates(folded) && !empty(v) || namesGates(v) {
				return true
			}
		}
		return false
	}
	items, isList := listItems(value)
	if isList {
		for _, item := range items {
			if namesGates(item) {
				return true
			}
		}
	}
	return false
}

func meansGates(name string) bool {
	return strings.Contains(name, "gate") || distance(name, "gates") <= 2
}

func empty(value any) bool {
	items, isList := listItems(value)
	return value == nil || value == "" || isList && len(items) == 0
}

// typed tells whether any of the typed fields is set.
func (c *Config) typed() bool {
	return len(c.Clusters)+len(c.RequestHeaders)+len(c.Gates) > 0 || c.Cluster+c.StartupTimeout+c.MaxStale != ""
}
