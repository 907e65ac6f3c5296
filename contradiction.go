package zookeeper

import "fmt"

// onlyCluster stands for the one cluster there is, where a rule names none.
const onlyCluster = ""

// contradicts is the error of a definition that is another one than that in force.
func contradicts(name string, s, inForce *settings, definer string) error {
	other, this := inForce.describe(), s.describe()
	if other == this {
		other += " with other credentials or TLS"
	}
	return fmt.Errorf("clusters.%s: %q: %s defines this cluster as %q; use the same settings, or another name", name, this, definer, other)
}

func severalClusters(names []string) error {
	return fmt.Errorf("cluster: \"\": there are several clusters; name one of %s", someOf(names))
}

// checkOnlyCluster is the error of a use that counts on a single cluster where there are
// several; nil where there is none.
func checkOnlyCluster(uses, defined []string) error {
	for _, name := range uses {
		if name == onlyCluster && len(defined) > 1 {
			return severalClusters(defined)
		}
	}
	return nil
}

// lackingOf names the clusters that are used and are not among the defined ones. The
// only cluster is there where any is.
func lackingOf(uses, defined []string) []string {
	there := map[string]bool{onlyCluster: len(defined) > 0}
	for _, name := range defined {
		there[name] = true
	}
	var names []string
	for _, name := range uses {
		if !there[name] {
			names = append(names, name)
		}
	}
	return names
}

func undefined(name string) string {
	shown := name
	if name == onlyCluster {
		shown = "<name>"
	}
	return fmt.Sprintf("cluster: %q: no middleware defines this cluster; define clusters.%s.servers where a router uses it", name, shown)
}
