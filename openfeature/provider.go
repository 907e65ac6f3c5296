// Package provider is an OpenFeature provider for flags in ZooKeeper: those of a flagd document in
// a node, or those of the nodes below one. Watches keep the flags at hand, so that an
// evaluation does no I/O, and the last good ones stay through outages.
package provider

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"github.com/open-feature/go-sdk/openfeature"

	zookeeper "github.com/mod-zookeeper/traefik-zookeeper"
)

// Options say where flags are. One of Cluster and ClusterName is required, and one of
// Document and Below.
type Options struct {
	// Cluster is the definition of the ensemble. The provider has a session of its own with it,
	// from its initialisation until its shutdown.
	Cluster *zookeeper.Cluster
	// ClusterName is the name of a cluster that zookeeper.Register or a middleware defines. The
	// provider shares its session. It has to be defined before the initialisation.
	ClusterName string

	// Document is the path of a node with a flagd document, which has flags by their keys, or
	// with one flag, which answers to every key. A node that doesn't exist has no flags.
	Document string
	// Below is the path of a node below which each node is a flag, whose key is its path from
	// there.
	Below string
	// MaxNodes is how many nodes there may be below Below; 10000 where it is 0.
	MaxNodes int

	// MaxStale is how long flags are evaluated without a session. After that, evaluations give
	// the default value of the caller with the reason STALE, and the provider is in the state
	// ERROR. With 0, flags are evaluated for ever.
	MaxStale time.Duration
	// InitTimeout is how long the initialisation waits for the flags, 10 s where it is 0. With
	// a negative one, it waits as long as the context of the SDK's call allows.
	InitTimeout time.Duration

	// Hooks run with each evaluation, as the SDK runs those of a provider.
	Hooks []openfeature.Hook
}

const defaultInitTimeout = 10 * time.Second

const providerName = "zookeeper"

// A Provider is handed to the SDK, which calls all of its methods. They may be called from any
// goroutine. It may be set again after a shutdown, and for several domains.
type Provider struct {
	options Options
	events  chan openfeature.Event
	flags   atomic.Pointer[zookeeper.Flags] // nil where nothing is followed

	mu      sync.Mutex
	current *following // nil before the initialisation, and after the shutdown
}

// The SDK finds out by these interfaces what a provider can do.
var (
	_ openfeature.FeatureProvider          = (*Provider)(nil)
	_ openfeature.ContextAwareStateHandler = (*Provider)(nil)
	_ openfeature.EventHandler             = (*Provider)(nil)
)

// New returns a provider. It does nothing before the SDK initialises it, which tells what is
// wrong with the options.
func New(o Options) *Provider {
	return &Provider{options: o, events: make(chan openfeature.Event)}
}

// Metadata is the provider's name.
func (p *Provider) Metadata() openfeature.Metadata { return openfeature.Metadata{Name: providerName} }

// Hooks are those of the options.
func (p *Provider) Hooks() []openfeature.Hook { return p.options.Hooks }

// EventChannel is where the SDK takes the provider's events from. It is never closed, since the
// provider may be initialised again.
func (p *Provider) EventChannel() <-chan openfeature.Event { return p.events }

// Init is InitWithContext without a context.
func (p *Provider) Init(attributes openfeature.EvaluationContext) error {
	return p.InitWithContext(context.Background(), attributes)
}

// InitWithContext begins to follow the flags, and waits until they were read. Where that takes
// too long, or the document can't be used, it returns an error, and the provider goes on by
// itself: the event PROVIDER_READY tells when there are flags. Only where the options can't be
// right it gives up, with the error code PROVIDER_FATAL.
func (p *Provider) InitWithContext(ctx context.Context, _ openfeature.EvaluationContext) error {
	f, err := p.follow()
	if err != nil {
		return &openfeature.ProviderInitError{ErrorCode: openfeature.ProviderFatalCode, Message: err.Error()}
	}
	announced := f.awaitFirst(ctx, &p.options)
	f.announcedBySDK(announced)
	if announced.EventType == openfeature.ProviderReady {
		return nil
	}
	return &openfeature.ProviderInitError{ErrorCode: announced.ErrorCode, Message: announced.Message}
}

// follow begins to follow the flags, unless that is done for another domain already.
func (p *Provider) follow() (*following, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.current != nil {
		return p.current, nil
	}
	f, err := startFollowing(&p.options, p.events)
	if err != nil {
		return nil, err
	}
	p.current = f
	p.flags.Store(f.flags)
	return f, nil
}

// Shutdown ends the following of the flags, and the session of a Cluster of the options. Evaluations
// give the error code PROVIDER_NOT_READY then.
func (p *Provider) Shutdown() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.current == nil {
		return
	}
	p.flags.Store(nil)
	p.current.end()
	p.current = nil
}

// ShutdownWithContext is Shutdown, which waits for no server.
func (p *Provider) ShutdownWithContext(context.Context) error {
	p.Shutdown()
	return nil
}

// registered counts the clusters that providers have registered, for their names.
var registered atomic.Int64

func clusterName(number int64) string { return fmt.Sprintf("openfeature-%d", number) }

// register returns the name of the options' cluster, and what ends its registration.
func register(o *Options) (string, func(), error) {
	if (o.Cluster == nil) == (o.ClusterName == "") {
		return "", nil, errors.New("flags are in a Cluster, or in one that has a ClusterName: set one of them")
	}
	if o.Cluster == nil {
		return o.ClusterName, func() {}, nil
	}
	name := clusterName(registered.Add(1))
	err := zookeeper.Register(name, *o.Cluster)
	if err != nil {
		return "", nil, err
	}
	return name, func() { _ = zookeeper.Unregister(name) }, nil
}
