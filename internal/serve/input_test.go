package serve

import "testing"

// An input whose cluster nobody defines lacks the cluster, and is never complete.
func TestInputWithoutACluster(t *testing.T) {
	b := bound(t, headerRule("main"))
	in := b.Inputs()[0]
	if in.IsComplete(0) || in.IsPending() || in.IsReplacing() || in.Cluster() != "main" {
		t.Errorf("%+v", in)
	}
	missing := b.MissingValues()
	if len(missing) != 1 || *missing[0] != (MissingValue{Cluster: "main", Reason: MissingCluster}) {
		t.Errorf("%+v", missing)
	}
}
