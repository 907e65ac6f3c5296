// Package openfeature has the tests of the OpenFeature provider, with the SDK itself and real
// ZooKeeper servers.
package openfeature

import (
	"context"
	"fmt"
	"reflect"
	"strings"
	"testing"

	"github.com/open-feature/go-sdk/openfeature"

	"github.com/mod-zookeeper/traefik-zookeeper/e2e/internal/zkserver"
	provider "github.com/mod-zookeeper/traefik-zookeeper/openfeature"
)

const allKinds = `{
	"$evaluators": {"staff": {"ends_with": [{"var": "email"}, "@example.com"]}},
	"metadata": {"team": "shop", "level": 1},
	"flags": {
		"switch": {"state": "ENABLED", "variants": {"on": true, "off": false}, "defaultVariant": "on"},
		"zero": {"state": "ENABLED", "variants": {"none": 0}, "defaultVariant": "none"},
		"empty": {"state": "ENABLED", "variants": {"none": ""}, "defaultVariant": "none"},
		"text": {"state": "ENABLED", "variants": {"hello": "hi"}, "defaultVariant": "hello", "metadata": {"level": 2}},
		"count": {"state": "ENABLED", "variants": {"ten": 10}, "defaultVariant": "ten"},
		"large": {"state": "ENABLED", "variants": {"most": 9007199254740993}, "defaultVariant": "most"},
		"ratio": {"state": "ENABLED", "variants": {"half": 0.5}, "defaultVariant": "half"},
		"object": {"state": "ENABLED", "variants": {"page": {"title": "a", "tags": ["x", {"y": 1}]}}, "defaultVariant": "page"},
		"off": {"state": "DISABLED", "variants": {"on": true}, "defaultVariant": "on"},
		"undecided": {"state": "ENABLED", "variants": {"small": 1}},
		"staff": {"state": "ENABLED", "variants": {"yes": "yes", "no": "no"}, "defaultVariant": "no", "targeting": {"if": [{"$ref": "staff"}, "yes"]}},
		"nested": {"state": "ENABLED", "variants": {"yes": "yes", "no": "no"}, "defaultVariant": "no", "targeting": {"if": [{">": [{"var": "user.age"}, 17]}, "yes"]}},
		"key": {"state": "ENABLED", "variants": {"hit": "hit", "miss": "miss"}, "defaultVariant": "miss", "targeting": {"if": [{"==": [{"var": "targetingKey"}, "ann"]}, "hit"]}},
		"share": {"state": "ENABLED", "variants": {"all": "all", "none": "none"}, "defaultVariant": "none", "targeting": {"fractional": [["all", 100], ["none", 0]]}},
		"astray": {"state": "ENABLED", "variants": {"on": "on"}, "defaultVariant": "on", "targeting": "nowhere"},
		"broken": {"state": "ENABLED", "variants": [], "defaultVariant": "on"}
	}}`

// What a flag evaluates to is told in the SDK's terms: the value, the variant, the reason, the
// error code.
func TestEvaluation(t *testing.T) {
	zk := zkserver.Start(t)
	zk.Client(t).Put("/flags", []byte(allKinds))
	s := startService(t, provider.Options{Cluster: clusterAt(zk), Document: "/flags"})
	ann := openfeature.NewEvaluationContext("ann", map[string]any{"email": "ann@example.com", "user": map[string]any{"age": 20}})
	nobody := openfeature.EvaluationContext{}
	for _, c := range []struct {
		key        string
		fallback   any
		attributes openfeature.EvaluationContext
		want       string
	}{
		{"switch", false, nobody, "true on STATIC"},
		{"zero", int64(7), nobody, "0 none STATIC"},
		{"zero", 0.7, nobody, "0 none STATIC"},
		{"empty", "text", nobody, " none STATIC"},
		{"text", "bye", nobody, "hi hello STATIC"},
		{"count", int64(1), nobody, "10 ten STATIC"},
		{"count", 0.1, nobody, "10 ten STATIC"},
		{"large", int64(1), nobody, "9007199254740993 most STATIC"},
		{"ratio", 0.1, nobody, "0.5 half STATIC"},
		{"object", nil, nobody, "map[tags:[x map[y:1]] title:a] page STATIC"},
		{"object", []string{"any"}, nobody, "map[tags:[x map[y:1]] title:a] page STATIC"},
		{"off", true, nobody, "true  DISABLED"},
		{"off", nil, nobody, "<nil>  DISABLED"},
		{"undecided", int64(3), nobody, "3  DEFAULT"},
		{"staff", "?", ann, "yes yes TARGETING_MATCH"},
		{"staff", "?", nobody, "no no DEFAULT"},
		{"nested", "?", ann, "yes yes TARGETING_MATCH"},
		{"key", "?", ann, "hit hit TARGETING_MATCH"},
		{"key", "?", nobody, "miss miss DEFAULT"},
		{"share", "?", ann, "all all TARGETING_MATCH"},
		{"switch", "?", nobody, "?  ERROR TYPE_MISMATCH"},
		{"switch", int64(1), nobody, "1  ERROR TYPE_MISMATCH"},
		{"switch", 0.1, nobody, "0.1  ERROR TYPE_MISMATCH"},
		{"text", true, nobody, "true  ERROR TYPE_MISMATCH"},
		{"ratio", int64(1), nobody, "1  ERROR TYPE_MISMATCH"},
		{"text", []string{"any"}, nobody, "[any]  ERROR TYPE_MISMATCH"},
		{"missing", "?", nobody, "?  ERROR FLAG_NOT_FOUND"},
		{"missing", nil, nobody, "<nil>  ERROR FLAG_NOT_FOUND"},
		{"astray", "?", nobody, "?  ERROR GENERAL"},
		{"broken", true, nobody, "true  ERROR PARSE_ERROR"},
	} {
		got := s.evaluate(c.key, c.fallback, c.attributes)
		if got != c.want {
			t.Errorf("%s with %v: %s, want %s", c.key, c.fallback, got, c.want)
		}
	}
}

// evaluate evaluates a flag as the type that the fallback has.
func (s *service) evaluate(key string, fallback any, attributes openfeature.EvaluationContext) string {
	ctx := context.Background()
	var value any
	var d openfeature.EvaluationDetails
	switch typed := fallback.(type) {
	case bool:
		got, _ := s.BooleanValueDetails(ctx, key, typed, attributes)
		value, d = got.Value, got.EvaluationDetails
	case string:
		got, _ := s.StringValueDetails(ctx, key, typed, attributes)
		value, d = got.Value, got.EvaluationDetails
	case int64:
		got, _ := s.IntValueDetails(ctx, key, typed, attributes)
		value, d = got.Value, got.EvaluationDetails
	case float64:
		got, _ := s.FloatValueDetails(ctx, key, typed, attributes)
		value, d = got.Value, got.EvaluationDetails
	default:
		got, _ := s.ObjectValueDetails(ctx, key, typed, attributes)
		value, d = got.Value, got.EvaluationDetails
	}
	return strings.TrimRight(fmt.Sprintf("%v %s %s %s", value, d.Variant, d.Reason, d.ErrorCode), " ")
}

// The metadata of a flag is laid over that of its document.
func TestMetadata(t *testing.T) {
	zk := zkserver.Start(t)
	zk.Client(t).Put("/flags", []byte(allKinds))
	s := startService(t, provider.Options{Cluster: clusterAt(zk), Document: "/flags"})
	for key, want := range map[string]openfeature.FlagMetadata{
		"text":  {"team": "shop", "level": 2.0},
		"empty": {"team": "shop", "level": 1.0},
	} {
		got, err := s.StringValueDetails(context.Background(), key, "", openfeature.EvaluationContext{})
		if err != nil || !reflect.DeepEqual(got.FlagMetadata, want) {
			t.Errorf("%s: %v, %v; want %v", key, got.FlagMetadata, err, want)
		}
	}
}

// Who is given an object may change it, and nobody else sees that.
func TestObjectsAreTheCallersOwn(t *testing.T) {
	zk := zkserver.Start(t)
	zk.Client(t).Put("/flags", []byte(allKinds))
	s := startService(t, provider.Options{Cluster: clusterAt(zk), Document: "/flags"})
	first := s.Object(context.Background(), "object", nil, openfeature.EvaluationContext{}).(map[string]any)
	first["title"] = "changed"
	first["tags"].([]any)[1].(map[string]any)["y"] = "changed"
	want := "map[tags:[x map[y:1]] title:a] page STATIC"
	if got := s.evaluate("object", nil, openfeature.EvaluationContext{}); got != want {
		t.Errorf("%s, want %s", got, want)
	}
}

// A share in a node of its own goes by the targeting key, and says so where there is none.
func TestShares(t *testing.T) {
	zk := zkserver.Start(t)
	admin := zk.Client(t)
	admin.Put("/flags", nil)
	admin.Put("/flags/half", []byte("50%"))
	s := startService(t, provider.Options{Cluster: clusterAt(zk), Below: "/flags"})
	if got := s.evaluate("half", true, openfeature.EvaluationContext{}); got != "true  ERROR TARGETING_KEY_MISSING" {
		t.Error(got)
	}
	counts := map[string]int{}
	for i := range 200 {
		counts[s.evaluate("half", false, openfeature.NewTargetlessEvaluationContext(map[string]any{"targetingKey": fmt.Sprint("user-", i)}))]++
	}
	if len(counts) != 2 || counts["true true SPLIT"] == 0 || counts["false false SPLIT"] == 0 {
		t.Error(counts)
	}
}

// noting is a hook that notes when it runs.
type noting struct {
	openfeature.UnimplementedHook
	ran *[]string
}

func (h noting) Before(context.Context, openfeature.HookContext, openfeature.HookHints) (*openfeature.EvaluationContext, error) {
	*h.ran = append(*h.ran, "before")
	added := openfeature.NewEvaluationContext("", map[string]any{"email": "hook@example.com"})
	return &added, nil
}

func (h noting) After(_ context.Context, _ openfeature.HookContext, d openfeature.InterfaceEvaluationDetails, _ openfeature.HookHints) error {
	*h.ran = append(*h.ran, "after "+d.Variant)
	return nil
}

func (h noting) Error(_ context.Context, c openfeature.HookContext, _ error, _ openfeature.HookHints) {
	*h.ran = append(*h.ran, "error "+c.ProviderMetadata().Name)
}

// The provider's hooks run as the SDK has it, and what they add to the context counts. So do the
// contexts of the API and of the client.
func TestHooksAndContexts(t *testing.T) {
	zk := zkserver.Start(t)
	zk.Client(t).Put("/flags", []byte(allKinds))
	var ran []string
	s := startService(t, provider.Options{Cluster: clusterAt(zk), Document: "/flags", Hooks: []openfeature.Hook{noting{ran: &ran}}})
	if got := s.evaluate("staff", "?", openfeature.EvaluationContext{}); got != "yes yes TARGETING_MATCH" {
		t.Error(got)
	}
	s.evaluate("missing", "?", openfeature.EvaluationContext{})
	if want := []string{"before", "after yes", "before", "error zookeeper"}; !reflect.DeepEqual(ran, want) {
		t.Errorf("%q, want %q", ran, want)
	}
	s.api.SetEvaluationContext(openfeature.NewEvaluationContext("ann", nil))
	s.SetEvaluationContext(openfeature.NewTargetlessEvaluationContext(map[string]any{"user": map[string]any{"age": 30}}))
	if got := s.evaluate("key", "?", openfeature.EvaluationContext{}) + ", " + s.evaluate("nested", "?", openfeature.EvaluationContext{}); got != "hit hit TARGETING_MATCH, yes yes TARGETING_MATCH" {
		t.Error(got)
	}
}
