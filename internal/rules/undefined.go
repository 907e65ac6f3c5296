package rules

import (
	"strconv"
	"strings"
)

// OpensUnknowing tells whether a gate lets requests pass while nothing can be known of its
// flag, since nobody has said where it is. Only a default that is set opens it then.
func (g *Gate) OpensUnknowing() bool {
	on, isSet := g.Unread.(bool)
	return isSet && on != g.BlockWhen
}

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
	switch {
	case g.OpensUnknowing():
		return name + " lets requests pass, as its default says"
	case g.DryRun:
		return name + " lets requests pass, as a dry run"
	case g.Unread == nil:
		return name + " is closed, since it has no default that opens it"
	}
	return name + " is closed, as its default says"
}
