package status

import (
	"testing"

	"github.com/mod-zookeeper/traefik-zookeeper/internal/serve"
)

// Each reason has words of its own, which tell whose value is missing.
func TestReasonsWhyValuesAreMissing(t *testing.T) {
	for want, m := range map[string]serve.MissingValue{
		"middleware m: nobody defines cluster main":                                                                              {Middleware: "m", Cluster: "main", Reason: serve.MissingCluster},
		"middleware m: nobody defines cluster main any more; its values are served until Traefik restarts":                       {Middleware: "m", Cluster: "main", Reason: serve.LostCluster},
		"middleware m: nobody defines the one cluster that it reads from any more; its values are served until Traefik restarts": {Middleware: "m", Reason: serve.LostCluster},
		"middleware m: its configuration can't be used; the log says why":                                                        {Middleware: "m", Reason: serve.Unusable},
		"cluster main: /a is older than maxStale allows middleware m":                                                            {Middleware: "m", Cluster: "main", Path: "/a", Reason: serve.TooOld},
	} {
		if got := missingText(&m); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}
