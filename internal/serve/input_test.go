package serve

import (
	"testing"

	"github.com/mod-zookeeper/traefik-zookeeper/internal/input"
)

// An input whose cluster nobody defines lacks the cluster, and is never complete.
func TestInputWithoutACluster(t *testing.T) {
	b := bound(t, headerRule("main"))
	in := b.Inputs()[0]
	if input.IsComplete(in, 0) || in.IsPending() || input.IsReplacing(in) || in.Cluster() != "main" {
		t.Errorf("%+v", in)
	}
	missing := b.MissingValues()
	if len(missing) != 1 || *missing[0] != (MissingValue{Cluster: "main", Reason: MissingCluster}) {
		t.Errorf("%+v", missing)
	}
}
