package ensemble

import (
	"fmt"

	"github.com/mod-zookeeper/traefik-zookeeper/flag/lint"
	"github.com/mod-zookeeper/traefik-zookeeper/internal/problems"
)

// OnlyCluster is the name of a cluster that a rule leaves out. It stands for the one
// cluster that is defined.
const OnlyCluster = ""

// A Contradiction is a definition of a cluster that says something else than the one in
// force.
type Contradiction struct {
	Cluster string // the name of both
	Refused *Settings
	InForce *Settings
	Definer string // of the one in force, as in "another middleware"
}

// Err is the error for whoever made the definition that is refused.
func (c *Contradiction) Err() error {
	inForce, refused := c.InForce.Describe(), c.Refused.Describe()
	if inForce == refused {
		inForce += " with other credentials or TLS"
	}
	key := "clusters." + c.Cluster
	text := fmt.Sprintf("%s: %q: %s defines this cluster as %q; use the same settings, or another name", key, refused, c.Definer, inForce)
	return problems.WithKeys(text, []string{key})
}

// A Usage holds the names of the clusters that somebody uses against those that are
// defined.
type Usage struct {
	Used    []string // OnlyCluster may be among them
	Defined []string
}

// CheckOnly returns an error where a use leaves out the name of its cluster and several are
// defined; nil otherwise.
func (u *Usage) CheckOnly() error {
	for _, name := range u.Used {
		if name == OnlyCluster && len(u.Defined) > 1 {
			return SeveralClusters(u.Defined)
		}
	}
	return nil
}

// Undefined are the names that are used and that nobody defines. OnlyCluster is defined
// where any cluster is.
func (u *Usage) Undefined() []string {
	isDefined := map[string]bool{OnlyCluster: len(u.Defined) > 0}
	for _, name := range u.Defined {
		isDefined[name] = true
	}
	var names []string
	for _, name := range u.Used {
		if !isDefined[name] {
			names = append(names, name)
		}
	}
	return names
}

// SeveralClusters is the error of a rule that names no cluster where all of these are
// defined.
func SeveralClusters(names []string) error {
	return problems.WithKeys("cluster: \"\": there are several clusters; name one of "+problems.Names(names), []string{"cluster"})
}

// UndefinedCluster says that nobody defines a cluster, and how it is done. Where one of those that
// are defined has nearly its name, that one was probably meant.
func UndefinedCluster(name string, defined []string) string {
	meant := lint.Nearest(name, defined)
	if meant != "" {
		return fmt.Sprintf("cluster: %q: no middleware defines this cluster; did you mean %s? Or define clusters.%s.servers where a router uses it", name, meant, shownName(name))
	}
	return fmt.Sprintf("cluster: %q: no middleware defines this cluster; define clusters.%s.servers where a router uses it", name, shownName(name))
}

// LostCluster says that nobody defines a cluster any more that is still read from, and what
// to do.
func LostCluster(name string) string {
	return fmt.Sprintf("cluster: %q: no middleware defines this cluster any more; define clusters.%s.servers where a router uses it", name, shownName(name))
}

func shownName(cluster string) string {
	if cluster == OnlyCluster {
		return "<name>"
	}
	return cluster
}
