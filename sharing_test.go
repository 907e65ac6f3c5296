package zookeeper

import (
	"context"
	"net/http"
	"os"
	"testing"
)

// Middlewares with the same configuration have what it compiles to in common, and
// nothing is kept of it when they have gone.
func TestRulesAreShared(t *testing.T) {
	configuration := func(header string) *Config {
		return &Config{Decoded: map[string]any{
			"clusters":       map[string]any{"outlet-rules": map[string]any{"servers": os.Getenv(serversVariable)}},
			"requestHeaders": []any{map[string]any{"name": header, "path": "/outlet-rules"}},
		}}
	}
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	for name, header := range map[string]string{"outlets-a": "X-Same", "outlets-b": "X-Same", "outlets-c": "X-Other"} {
		if _, err := New(ctx, http.NotFoundHandler(), configuration(header), name); err != nil {
			t.Fatal(err)
		}
	}
	made := map[string]*instance{}
	for _, inst := range instancesAt("outlet-rules") {
		made[inst.name] = inst
	}
	if len(made) != 3 {
		t.Fatalf("%d instances of 3 middlewares", len(made))
	}
	if made["outlets-a"].rules != made["outlets-b"].rules {
		t.Error("the same configuration was compiled twice")
	}
	if made["outlets-a"].rules == made["outlets-c"].rules {
		t.Error("another configuration has the same rules")
	}
	for _, inst := range made {
		for b := range inst.bindings {
			registry.leave(inst, b)
		}
		if registry.compiledAs(inst.same) != nil {
			t.Errorf("when %s has gone, its rules are kept", inst.name)
		}
	}
}
