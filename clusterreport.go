package zookeeper

// A clusterReport is what is known of a cluster.
type clusterReport struct {
	Draining bool // another one of this name is in its place since a change of the settings
	Session  *sessionReport
	Cache    *cacheReport
}

// clusterReportsOf reports all clusters that somebody uses, by their names: those in
// force, and then those that drain.
func clusterReportsOf(r *clusterRegistry, wanted *nodeSelection) []*clusterReport {
	seen := map[string]bool{}
	var all []*clusterReport
	for _, p := range r.pools() {
		report := &clusterReport{Draining: seen[p.session.name]}
		report.Session = sessionReportOf(p.session)
		report.Cache = cacheReportOf(p.cache, wanted)
		seen[p.session.name] = true
		all = append(all, report)
	}
	return all
}
