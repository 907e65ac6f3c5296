// Package zookeeper is a Traefik middleware plugin that brings values and flags
// from ZooKeeper nodes to requests: into headers, and as gates that let requests
// pass or answer them. Watches keep everything fresh, so that a request does no
// I/O, and a change needs no reload. Traefik calls [CreateConfig] and [New], as any net/http
// server can.
//
// Other Go code shares the clusters' sessions with the middlewares. It registers a cluster, or
// uses one that a middleware defines, and acquires its connection for as long as it needs that:
//
//	err := zookeeper.Register("main", zookeeper.Cluster{Servers: []string{"zk1.example.com:2181"}})
//	h, err := zookeeper.Acquire(ctx, "main")
//	defer h.Release()
//	data, stat, err := h.Get("/release", nil)
//
// A [Handle] reads, writes and watches, tells the connection's state, and has the client for all
// else. A [Watch] is waited for, or calls a function. [Follow], [FollowTree] and [FollowFlags] need
// no handle, and keep at hand what nodes hold, through outages too:
//
//	release, err := zookeeper.Follow(ctx, "main", zookeeper.Source{Path: "/release"})
//	text := release.Value().Text // for each request, in nanoseconds
//
// [Unregister] and [Close] end what [Register] began. docs/api.md has whole programs, and a table of
// mod_zookeeper's functions next to those here.
//
// Versions are semantic. What this package and the packages config, flag and follow export is
// covered, but for what docs/api.md excepts.
package zookeeper

import (
	"context"
	"errors"
	"fmt"
	"net/http"

	"github.com/mod-zookeeper/traefik-zookeeper/config"
	"github.com/mod-zookeeper/traefik-zookeeper/internal/answer"
	"github.com/mod-zookeeper/traefik-zookeeper/internal/cache"
	"github.com/mod-zookeeper/traefik-zookeeper/internal/clusters"
	"github.com/mod-zookeeper/traefik-zookeeper/internal/counters"
	"github.com/mod-zookeeper/traefik-zookeeper/internal/followers"
	"github.com/mod-zookeeper/traefik-zookeeper/internal/guard"
	"github.com/mod-zookeeper/traefik-zookeeper/internal/log"
	"github.com/mod-zookeeper/traefik-zookeeper/internal/middleware"
	"github.com/mod-zookeeper/traefik-zookeeper/internal/rules"
	"github.com/mod-zookeeper/traefik-zookeeper/internal/serve"
	"github.com/mod-zookeeper/traefik-zookeeper/internal/status"
)

// The configuration, which package config documents field by field. Traefik fills in
// what CreateConfig returns.
type (
	Config     = config.Config
	HeaderRule = config.HeaderRule
	Gate       = config.Gate
	Bypass     = config.Bypass
	Secret     = config.Secret
	IPStrategy = config.IPStrategy
)

// registry has all that middlewares and handles share, for the whole process.
var registry = middleware.NewRegistry(clusters.NewRegistry())

// followed has all that Go code follows.
var followed = followers.NewRegistry(registry.Clusters)

// CreateConfig returns the configuration with nothing set: New fills in the
// defaults, since what stood here would be merged into what a user sets.
func CreateConfig() *Config {
	return &Config{}
}

// New makes a middleware in front of next. It returns at once, whether
// ZooKeeper is there or not, and reports a faulty configuration as an error;
// with gates, it logs the error instead and answers 503 to everything, since a
// router that Traefik drops would be a way past the gate.
//
// The instance stays until ctx is cancelled, and 30 s beyond.
//
// The lines of the headers that it sets are shared by requests, and by answers. Who is behind it
// in the same process changes such a header by Set, Add and Del, or by another slice, and doesn't
// write into the slice that is there.
func New(ctx context.Context, next http.Handler, c *Config, name string) (http.Handler, error) {
	if ctx == nil || next == nil || c == nil {
		return nil, errors.New("zookeeper: middleware " + name + ": New needs a context, a handler and a configuration")
	}
	var handler http.Handler
	var err error
	to := &middleware.Route{Context: ctx, Next: next, Middleware: name, Status: detachedStatus}
	if !guard.Try("middleware "+name, func() { handler, err = registry.NewHandler(c, to) }) {
		err = errors.New("the configuration can't be used; the log has the details")
	}
	if err == nil {
		return handler, nil
	}
	if !config.GuardsRoute(c) {
		return nil, fmt.Errorf("zookeeper: middleware %s: %w", name, err)
	}
	registry.NoteMisconfigured(ctx, middleware.MisconfiguredBy(name, err))
	log.Middleware(log.LevelError, name, "answers 503 to everything, since its gates can't be asked: %v", err)
	return misconfigured(c), nil
}

func misconfigured(c *Config) http.Handler {
	refuses := answer.Unavailable(c.DecisionHeader, nil)
	guard.Try("the names in a configuration", func() {
		typed := c
		if len(c.Decoded) > 0 {
			typed, _ = config.Decode(c.Decoded)
		}
		refuses = answer.Unavailable(typed.DecisionHeader, rules.WithheldBy(typed))
	})
	return refuses
}

// detachedStatus is serveStatus without its caller's frame, which handlers would keep.
var detachedStatus serve.StatusHandler

func init() { detachedStatus = serveStatus }

// serveStatus answers with the status of the whole process.
func serveStatus(w http.ResponseWriter, r *http.Request, asked *serve.StatusRequest) {
	source := &status.Source{
		Clusters: func(wanted *cache.NodeSelection) []*clusters.Report {
			return registry.Clusters.Reports(wanted)
		},
		Middlewares:   func(wanted *middleware.NameSelection) *middleware.List { return registry.Reports(wanted) },
		Missing:       func() []*serve.MissingValue { return registry.MissingValues() },
		Misconfigured: func() []*middleware.Misconfigured { return registry.Misconfigured() },
		Decisions:     func() []*counters.DecisionCount { return registry.DecisionCounts() },
		Closed:        func() []*serve.ClosedCount { return registry.ClosedCounts() },
		Misfits:       func() []*serve.Misfit { return registry.Misfits() },
		Variants:      func() []*counters.VariantCount { return registry.VariantCounts() },
		Panics:        func() int64 { return guard.PanicsRecovered() },
	}
	status.New(source).ServeStatus(w, r, asked)
}

// Read returns the configuration with what Traefik decoded in the typed fields,
// and with the cluster of each rule, empty where that is the only one that
// others define; and as an error what New would find wrong with it by itself. It
// connects to nothing, but reads the files and environment variables that the
// configuration names, as New does.
func Read(c *Config) (*Config, error) { return rules.Read(c) }

// CheckAll tells what New would find wrong with the middlewares of a process, by
// their names: with each by itself, as Read does, and with all of them together,
// where they define a cluster twice or use one that nobody defines. Of two that
// contradict each other, the error is the second one's, in the order of their names.
func CheckAll(configs map[string]*Config) map[string]error { return rules.CheckAll(configs) }
