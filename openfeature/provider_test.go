package provider

import (
	"context"
	"errors"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/open-feature/go-sdk/openfeature"

	zookeeper "github.com/mod-zookeeper/traefik-zookeeper"
)

// What needs no server. All else is in e2e/openfeature.

// A provider that isn't initialised knows no flags, and says so.
func TestProviderWithoutInitialisation(t *testing.T) {
	p := New(Options{})
	p.Shutdown()
	text := p.StringEvaluation(context.Background(), "a", "default", nil)
	object := p.ObjectEvaluation(context.Background(), "a", 1, openfeature.FlattenedContext{"targetingKey": "ann"})
	if text.Value != "default" || text.ResolutionDetail().ErrorCode != openfeature.ProviderNotReadyCode {
		t.Errorf("%+v", text)
	}
	if object.Value != 1 || object.ResolutionDetail().ErrorCode != openfeature.ProviderNotReadyCode {
		t.Errorf("%+v", object)
	}
}

// A shutdown ends an initialisation that waits, and an unsuccessful one leaves no cluster behind.
func TestShutdownEndsTheInitialisation(t *testing.T) {
	p := New(Options{Cluster: &zookeeper.Cluster{Servers: []string{"127.0.0.1:1"}}, Document: "/flags", InitTimeout: -1})
	failed := make(chan error)
	go func() { failed <- p.Init(openfeature.EvaluationContext{}) }()
	for p.flags.Load() == nil {
		runtime.Gosched()
	}
	p.Shutdown()
	err := <-failed
	var known *openfeature.ProviderInitError
	if !errors.As(err, &known) || known.ErrorCode != openfeature.ProviderNotReadyCode {
		t.Error(err)
	}
	for start := time.Now(); zookeeper.Lookup(clusterName(registered.Load())); time.Sleep(time.Millisecond) {
		if time.Since(start) > time.Minute {
			t.Fatal("the cluster is still registered")
		}
	}
}

// An initialisation that takes too long says which flags it has waited for.
func TestInitialisationTakesTooLong(t *testing.T) {
	p := New(Options{Cluster: &zookeeper.Cluster{Servers: []string{"127.0.0.1:1"}}, Document: "/flags", InitTimeout: time.Millisecond})
	defer p.Shutdown()
	err := p.InitWithContext(context.Background(), openfeature.EvaluationContext{})
	if err == nil || !strings.Contains(err.Error(), "/flags") {
		t.Error(err)
	}
}
