package provider

import (
	"context"
	"fmt"
	"log/slog"
	"slices"
	"sync"
	"time"

	"github.com/open-feature/go-sdk/openfeature"

	zookeeper "github.com/mod-zookeeper/traefik-zookeeper"
)

// following is what a provider has from its initialisation until its shutdown.
type following struct {
	ctx        context.Context
	cancel     context.CancelFunc
	unregister func()
	flags      *zookeeper.Flags
	maxStale   time.Duration
	events     chan<- openfeature.Event
	loaded     chan struct{} // closed when the flags were read first
	woken      chan struct{} // has room for one, so that nobody waits to send
	ended      chan struct{} // closed when no event comes any more

	mu        sync.Mutex
	hasLoaded bool
	keys      map[string]bool    // of the flags that have changed, and of which no event tells yet
	announced *openfeature.Event // what the SDK takes for the state now; nil while it initialises
}

// startFollowing follows the flags that the options mean, and sends events of them.
func startFollowing(o *Options, events chan<- openfeature.Event) (*following, error) {
	name, unregister, err := register(o)
	if err != nil {
		return nil, err
	}
	ctx, cancel := context.WithCancel(context.Background())
	f := &following{
		ctx: ctx, cancel: cancel, unregister: unregister, maxStale: o.MaxStale, events: events,
		loaded: make(chan struct{}), woken: make(chan struct{}, 1), ended: make(chan struct{}),
		keys: map[string]bool{},
	}
	f.flags, err = zookeeper.FollowFlags(ctx, name, zookeeper.FlagSource{
		Document: o.Document, Below: o.Below, MaxNodes: o.MaxNodes, MaxStale: o.MaxStale, Changed: f.note,
	})
	if err != nil {
		cancel()
		unregister()
		return nil, err
	}
	go f.sendEvents()
	return f, nil
}

// end lets go of everything. When it returns, no event comes any more.
func (f *following) end() {
	f.cancel()
	<-f.ended
	f.unregister()
}

// note notes what has changed. The flags that are there at first are no change.
func (f *following) note(keys []string, now zookeeper.Status) {
	if !now.Loaded {
		return
	}
	f.mu.Lock()
	if f.hasLoaded {
		for _, key := range keys {
			f.keys[key] = true
		}
	} else {
		f.hasLoaded = true
		close(f.loaded)
	}
	f.mu.Unlock()
	f.wake()
}

func (f *following) wake() {
	select {
	case f.woken <- struct{}{}:
	default:
	}
}

// awaitFirst waits until the flags were read first. It returns the event that the SDK is to make
// of the initialisation.
func (f *following) awaitFirst(ctx context.Context, o *Options) openfeature.Event {
	timeout := o.InitTimeout
	if timeout == 0 {
		timeout = defaultInitTimeout
	}
	if timeout > 0 {
		limited, cancel := context.WithTimeout(ctx, timeout)
		defer cancel()
		ctx = limited
	}
	select {
	case <-f.loaded:
	case <-f.ctx.Done():
		return failure(openfeature.ProviderNotReadyCode, "the provider was shut down")
	case <-ctx.Done():
		return failure(openfeature.ProviderNotReadyCode, f.unread(o, ctx.Err()))
	}
	state := f.state()
	if state.EventType == openfeature.ProviderError {
		return state
	}
	return ready
}

// unread is the message that the flags couldn't be read in time.
func (f *following) unread(o *Options, err error) string {
	message := fmt.Sprintf("the flags at %s weren't read in time (%v); the provider goes on trying", o.Document+o.Below, err)
	problem := f.flags.Status().Problem
	if problem != nil {
		message += ": " + problem.Error()
	}
	return message
}

// settling is how long events wait for the SDK to have announced the outcome of an
// initialisation, which it does after that has returned, and of which it tells nobody. What came
// before would be overwritten.
const settling = 100 * time.Millisecond

// announcedBySDK notes what the SDK announces by itself.
func (f *following) announcedBySDK(event openfeature.Event) {
	time.AfterFunc(settling, func() {
		f.mu.Lock()
		f.announced = &event
		f.mu.Unlock()
		f.wake()
	})
}

var ready = openfeature.Event{EventType: openfeature.ProviderReady, ProviderEventDetails: openfeature.ProviderEventDetails{
	Message: "the flags are as ZooKeeper has them",
}}

func failure(code openfeature.ErrorCode, message string) openfeature.Event {
	return openfeature.Event{EventType: openfeature.ProviderError, ProviderEventDetails: openfeature.ProviderEventDetails{
		Message: message, ErrorCode: code,
	}}
}

// state is the event that tells of the present state.
func (f *following) state() openfeature.Event {
	now := f.flags.Status()
	switch {
	case !now.Stale.IsZero() && f.maxStale > 0 && time.Since(now.Stale) > f.maxStale:
		return failure(openfeature.GeneralCode, fmt.Sprintf("there has been no session with ZooKeeper for more than %s; evaluations give default values", f.maxStale))
	case !now.Stale.IsZero():
		return openfeature.Event{EventType: openfeature.ProviderStale, ProviderEventDetails: openfeature.ProviderEventDetails{
			Message: "there is no session with ZooKeeper; the flags are the last known ones",
		}}
	case now.Problem != nil:
		return failure(openfeature.ParseErrorCode, now.Problem.Error())
	}
	return ready
}

// sendEvents sends events until the following ends. It is one goroutine, so that events come in
// order.
func (f *following) sendEvents() {
	defer close(f.ended)
	defer func() {
		if r := recover(); r != nil {
			slog.Error("zookeeper: the OpenFeature provider sends no more events", "panic", r)
		}
	}()
	expiry := time.NewTimer(0)
	defer expiry.Stop()
	for {
		select {
		case <-f.ctx.Done():
			return
		case <-f.woken:
		case <-expiry.C:
		}
		for _, event := range f.takeEvents() {
			select {
			case f.events <- event:
			case <-f.ctx.Done():
				return
			}
		}
		f.setExpiry(expiry)
	}
}

// setExpiry has a timer fire when flags that are announced as stale are evaluated no more.
func (f *following) setExpiry(expiry *time.Timer) {
	f.mu.Lock()
	isStale := f.announced != nil && f.announced.EventType == openfeature.ProviderStale
	f.mu.Unlock()
	since := f.flags.Status().Stale
	if isStale && f.maxStale > 0 && !since.IsZero() {
		expiry.Reset(time.Until(since.Add(f.maxStale)) + time.Millisecond)
	}
}

// takeEvents returns the events that are due.
func (f *following) takeEvents() []openfeature.Event {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.announced == nil || !f.hasLoaded {
		return nil
	}
	var due []openfeature.Event
	isChanged := len(f.keys) > 0
	if isChanged {
		due = append(due, openfeature.Event{EventType: openfeature.ProviderConfigChange, ProviderEventDetails: openfeature.ProviderEventDetails{
			Message: "flags have changed", FlagChanges: f.takeKeys(),
		}})
	}
	state := f.state()
	isNew := state.EventType != f.announced.EventType || state.EventType != openfeature.ProviderReady && state.Message != f.announced.Message
	// The SDK up to v1.19 takes a provider whose configuration has changed for ready.
	if isNew || isChanged && state.EventType != openfeature.ProviderReady {
		due = append(due, state)
		f.announced = &state
	}
	for i := range due {
		due[i].ProviderName = providerName
	}
	return due
}

// takeKeys returns the keys of the flags that have changed, sorted. A single flag has none.
func (f *following) takeKeys() []string {
	keys := []string{}
	for key := range f.keys {
		if key != "" {
			keys = append(keys, key)
		}
	}
	clear(f.keys)
	slices.Sort(keys)
	return keys
}
