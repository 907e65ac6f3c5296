package clusters

import (
	"github.com/mod-zookeeper/traefik-zookeeper/internal/cache"
	"github.com/mod-zookeeper/traefik-zookeeper/internal/session"
)

// A Report is what is known of a cluster.
type Report struct {
	Draining  bool // its name means another ensemble now, and requests from before still use it
	Session   *session.Report
	Cache     *cache.Report
	Templates []*cache.TemplateReport // where nodes are listed, and in their place where they are folded
}
