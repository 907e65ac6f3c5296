package config

import (
	"fmt"
	"reflect"
)

// Config is the configuration of one middleware. A Go program fills in the typed fields.
// Traefik fills in Decoded, from which New reads all of them.
type Config struct {
	// Clusters defines ZooKeeper ensembles by names of one's own, for all middlewares of
	// the process. A middleware that leaves it out uses what others define. Two may define
	// the same name with the same settings.
	Clusters map[string]Cluster `mapstructure:"-"`
	// Cluster is the name of the cluster that rules and gates read from, unless they name
	// another one. It may be left out where only one is defined.
	Cluster string `mapstructure:"-"`

	// RequestHeaders are set on the request before it goes on to the service. Each header
	// has one rule at most.
	RequestHeaders []HeaderRule `mapstructure:"-"`
	// ResponseHeaders are set on the response before the service answers. Each header has
	// one rule at most.
	ResponseHeaders []HeaderRule `mapstructure:"-"`
	// Gates are asked in their order. The first one that is closed answers the request.
	Gates []Gate `mapstructure:"-"`
	// DryRun is DryRun of all gates.
	DryRun bool `mapstructure:"-"`

	// TargetingKey is the template of the key that a share hashes, as in
	// {cookie.uid|ip}. There is none by default, and shares can't be evaluated then. It
	// excludes the entry targetingKey in Context.
	TargetingKey string `mapstructure:"-"`
	// Context has the templates of further attributes that targetings refer to, by names
	// of one's own. Those that every request has, as host and headers.x-user, need no entry.
	Context map[string]string `mapstructure:"-"`
	// IPStrategy says where the client's address stands, for {ip}, for the attribute ip, and
	// for the addresses of a bypass; nil, the default, for X-Real-Ip, where it names the same
	// client as X-Forwarded-For.
	IPStrategy *IPStrategy `mapstructure:"-"`
	// DecisionHeader is the name of the request header that tells the service how each flag
	// came out. There is none by default. No rule and no bypass may have the same header.
	DecisionHeader string `mapstructure:"-"`

	// MaxNodes is how many nodes a path with placeholders may match, a number from 1 on;
	// 10000 by default. Rules and gates may have their own.
	MaxNodes Number `mapstructure:"-"`
	// StartupTimeout is how long after New a request may be held while the first values
	// load, a duration; 2s by default. After that, requests get the defaults.
	StartupTimeout Duration `mapstructure:"-"`
	// MaxStale is how long values are served without a session, a duration. After that,
	// requests get the defaults. With 0s, the default, values are served for ever.
	MaxStale Duration `mapstructure:"-"`

	// StatusPath is the path where the middleware answers with the status page, as in
	// /.zookeeper, and below it with /ready and /metrics. There is none by default.
	StatusPath string `mapstructure:"-"`
	// StatusValues is true, the default, or false, which keeps all that nodes, clients and
	// secrets contribute off the status page: values, variants, names of tenants, and what
	// mistakes quote.
	StatusValues string `mapstructure:"-"`

	// LogLevel is error, warn, info (the default) or debug. It holds for the whole process:
	// where middlewares differ, the most verbose level applies.
	LogLevel string `mapstructure:"-"`
	// LogFormat is text (the default) or json. It holds for the whole process: json counts
	// where any middleware wants it.
	LogFormat string `mapstructure:"-"`

	// Decoded is the tree of the whole configuration as Traefik's providers read it. It
	// excludes all fields above.
	Decoded map[string]any `mapstructure:",remain"`
}

// A Duration is a time.Duration, or its text with a unit, as in 30s or 1m30s. Nil and the empty text
// are the default.
type Duration = any

// A Number is an int, or its text. Nil and the empty text are the default.
type Number = any

// Text is the text of a Duration or a Number; empty for the default.
func Text(v any) string {
	if v == nil {
		return ""
	}
	return fmt.Sprint(v)
}

// HasTypedFields tells whether any field but Decoded is set.
//
// Yaegi: one compiled step tells that none is, as with each router of Traefik's.
func (c *Config) HasTypedFields() bool {
	typed := *c
	typed.Decoded = nil
	return !reflect.ValueOf(typed).IsZero() && hasTypedFields(c)
}

func hasTypedFields(c *Config) bool {
	return len(c.Clusters)+len(c.RequestHeaders)+len(c.ResponseHeaders)+len(c.Gates)+len(c.Context) > 0 ||
		c.Cluster+Text(c.MaxNodes)+c.TargetingKey+c.DecisionHeader+Text(c.StartupTimeout)+Text(c.MaxStale)+c.StatusPath+c.StatusValues+c.LogLevel+c.LogFormat != "" || c.DryRun || c.IPStrategy != nil
}
