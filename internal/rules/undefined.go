package rules

import (
	"strconv"
	"strings"
)

// WithoutCluster says what becomes of requests while nobody defines a cluster that the
// rules read from. It is a sentence without its full stop.
func WithoutCluster(r *Rules, cluster string) string {
	var parts []string
	for _, g := range r.Gates {
		if g.Source.Cluster == cluster {
			parts = append(parts, gateWithoutCluster(g))
		}
	}
	for _, h := range r.Headers {
		if h.Source != nil && h.Source.Cluster == cluster {
			parts = append(parts, "headers have their defaults")
			break
		}
	}
	return strings.Join(parts, ", ")
}

func gateWithoutCluster(g *Gate) string {
	name := "the gate " + strconv.Quote(g.Label)
	if g.DryRun {
		return name + " lets requests pass, as a dry run"
	}
	return name + " is closed"
}
