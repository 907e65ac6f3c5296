// Package zookeeper is a Traefik middleware plugin that brings values and flags
// from ZooKeeper nodes to requests: into headers, and as gates that let requests
// pass or answer them. Watches keep everything fresh, so that a request does no
// I/O, and a change needs no reload.
package zookeeper

import (
	"context"
	"errors"
	"fmt"
	"net/http"
)

// registry has all that middlewares and handles share, for the whole process.
var registry = newMiddlewareRegistry(newClusterRegistry())

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
func New(ctx context.Context, next http.Handler, c *Config, name string) (http.Handler, error) {
	if ctx == nil || next == nil || c == nil {
		return nil, errors.New("zookeeper: middleware " + name + ": New needs a context, a handler and a configuration")
	}
	var b *binding
	var err error
	to := &route{ctx: ctx, next: next, middleware: name, status: detachedStatus}
	if !guarded("middleware "+name, func() { b, err = registry.bind(c, to) }) {
		err = errors.New("the configuration can't be used; the log has the details")
	}
	if err == nil {
		return b.swap.handler, nil
	}
	if !guardsRoute(c) {
		return nil, fmt.Errorf("zookeeper: middleware %s: %w", name, err)
	}
	registry.mistakes.add(ctx, &mistake{middleware: name, why: err.Error()})
	logMiddleware(levelError, name, "answers 503 to everything, since its gates can't be asked: %v", err)
	return misconfigured(c), nil
}

func misconfigured(c *Config) http.Handler {
	name := c.DecisionHeader
	if len(c.Decoded) > 0 {
		guarded("decisionHeader", func() { name = decode(c.Decoded, &problemList{}).DecisionHeader })
	}
	return refusing(unavailableTo(name))
}

// serveStatus answers with the status of the whole process.
func serveStatus(w http.ResponseWriter, r *http.Request, asked *statusRequest) {
	source := &statusSource{
		clusters:    func(wanted *nodeSelection) []*clusterReport { return clusterReportsOf(registry.clusters, wanted) },
		middlewares: func(wanted *nameSelection) *middlewareList { return registry.middlewareReports(wanted) },
		missing:     func() []*missingValue { return registry.missingValues() },
		mistakes:    func() []*mistake { return registry.mistakes.all() },
		decisions:   func() []*decisionCount { return registry.decisionCounts() },
		panics:      func() int64 { return panicsRecovered() },
	}
	newStatus(source).serve(w, r, asked)
}

// Read returns the configuration with what Traefik decoded in the typed fields,
// and with the cluster of each rule, empty where that is the only one that
// others define; and as an error what New would find wrong with it by itself. It
// connects to nothing, but reads the files and environment variables that the
// configuration names, as New does.
func Read(c *Config) (*Config, error) { return readConfig(c) }

// Check tells what New would find wrong with the middlewares of a process, by
// their names: with each by itself, as Read does, and with all of them together,
// where they define a cluster twice or use one that nobody defines. Of two that
// contradict each other, the error is the second one's, in the order of their names.
func Check(configs map[string]*Config) map[string]error { return checkTogether(configs) }
