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

// New makes a middleware in front of next. It returns at once, whether
// ZooKeeper is there or not, and reports a faulty configuration as an error;
// with gates, it logs the error instead and answers 503 to everything, since a
// router that Traefik drops would be a way past the gate.
//
// The instance stays until ctx is cancelled, and 30 s beyond.
func New(ctx context.Context, next http.Handler, config *Config, name string) (http.Handler, error) {
	if ctx == nil || next == nil || config == nil {
		return nil, errors.New("zookeeper: middleware " + name + ": New needs a context, a handler and a configuration")
	}
	var o *outlet
	var err error
	if !guarded("middleware "+name, func() { o, err = build(ctx, next, config, name) }) {
		err = errors.New("the configuration can't be used; the log has the details")
	}
	if err == nil {
		return o.front.handler, nil
	}
	if !guardsRoute(config) {
		return nil, fmt.Errorf("zookeeper: middleware %s: %w", name, err)
	}
	clusters.noteMistake(ctx, name, err)
	logMiddleware(levelError, name, "answers 503 to everything, since its gates can't be asked: %v", err)
	return misconfigured(config), nil
}

func build(ctx context.Context, next http.Handler, config *Config, name string) (*outlet, error) {
	same := fingerprint(config)
	o := clusters.outletOf(name, same, ctx, next)
	if o != nil {
		return o, nil
	}
	r, err := clusters.rulesFor(config, same)
	if err != nil {
		return nil, err
	}
	return startInstance(ctx, next, name, same, r)
}

func misconfigured(config *Config) http.Handler {
	name := config.DecisionHeader
	if len(config.Decoded) > 0 {
		guarded("decisionHeader", func() { name = decode(config.Decoded, &faults{}).DecisionHeader })
	}
	return refusing(unavailableTo(name))
}
