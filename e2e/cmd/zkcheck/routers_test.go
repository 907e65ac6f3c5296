package zkcheck

import (
	"strings"
	"testing"
)

// routed is a file with routers, by their names, each with its rule and its middlewares.
func routed(routers, middlewares string) string {
	text := "http:\n  routers:\n"
	for line := range strings.Lines(routers) {
		part := strings.Split(strings.TrimSuffix(line, "\n"), " | ")
		text += "    " + part[0] + ": {rule: '" + part[1] + "', service: s, middlewares: [" + part[2] + "]}\n"
	}
	return text + "  middlewares:\n" + strings.ReplaceAll(middlewares, "\t", "    ")
}

const (
	definer = "\tdefiner: {plugin: {zookeeper: {clusters: {main: {servers: zk1}}}}}\n"
	kill    = "\tkill: {plugin: {zookeeper: {cluster: main, gates: [{path: /kill, blockWhen: 'on'}]}}}\n"
	spare   = "\tspare: {plugin: {zookeeper: {cluster: main, gates: [{path: /spare, default: 'on'}]}}}\n"
	chain   = "\tboth: {chain: {middlewares: [definer, kill@file]}}\n\tauth: {basicAuth: {users: [a]}}\n"
)

// A cluster is defined where a router uses the middleware that defines it.
func TestClustersThatNoRouterDefines(t *testing.T) {
	for name, c := range map[string]struct {
		text, arguments string
		code            int
		out             []string
	}{
		"alone": {"http:\n  middlewares:\n" + strings.ReplaceAll(kill, "\t", "    "), "", faulty,
			[]string{`middleware kill: cluster: "main": no middleware defines this cluster; define clusters.main.servers where a router uses it. Until then, the gate "/kill" is closed`}},
		"default": {routed("a | Path(`/`) | spare", spare), "", faulty, []string{`the gate "/spare" is closed`, "1 middleware of 1 with faults"}},
		"idle definer": {routed("a | Path(`/`) | kill", definer+kill), "", faulty,
			[]string{`middleware kill: cluster: "main": no middleware defines this cluster`, "Of these files, definer would define it, and no router uses that; add it to a router's middlewares, or name it with -attached", "middleware definer: sound"}},
		"attached elsewhere": {routed("a | Path(`/`) | kill", definer+kill), "definer", sound, nil},
		"used":               {routed("a | Path(`/`) | kill\nb | Path(`/b`) | definer@file", definer+kill), "", sound, nil},
		"in a chain":         {routed("a | Path(`/`) | both", definer+kill+chain), "", sound, nil},
		"no routers":         {"http:\n  middlewares:\n" + strings.ReplaceAll(definer+kill, "\t", "    "), "", sound, nil},
		"routers of others":  {routed("a | Path(`/`) | auth", definer+kill+chain), "", sound, nil},
		"another provider's": {routed("a | Path(`/`) | kill, definer, auth@docker", definer+kill), "", sound, nil},
		"missing": {routed("a | Path(`/`) | definer, kil", definer+kill), "", faulty,
			[]string{`router a: middlewares: "kil": no such middleware in these files; did you mean kill? Without it, Traefik leaves the router out`}},
		"two letters exchanged": {routed("a | Path(`/`) | definer, klil", definer+kill), "", faulty, []string{`did you mean kill?`}},
		"nothing like it": {routed("a | Path(`/`) | definer, limit", definer+kill), "", faulty,
			[]string{`router a: middlewares: "limit": no such middleware in these files. Without it`}},
		"a misspelt key": {strings.ReplaceAll(routed("a | Path(`/`) | definer", definer), "middlewares: [", "middleware: ["), "", faulty,
			[]string{`router a: "middleware": unknown key; did you mean middlewares? Traefik refuses the whole file`}},
		"a key of another version": {strings.ReplaceAll(routed("a | Path(`/`) | definer", definer), "service: s", "service: s, somethingNew: true"), "", sound, nil},
		"a chain in a circle": {routed("a | Path(`/`) | definer", definer+"\tone: {chain: {middlewares: [two]}}\n\ttwo: {chain: {middlewares: [one@file]}}\n"), "", faulty,
			[]string{"middleware one: chain: it has itself as a member", "middleware two: chain: "}},
		"missing in a chain": {routed("a | Path(`/`) | both", kill+chain), "", faulty, []string{`router a: middlewares: "definer": no such`}},
	} {
		t.Run(name, func(t *testing.T) {
			arguments := []string{file(t, "a.yml", c.text)}
			if c.arguments != "" {
				arguments = append([]string{"-attached", c.arguments}, arguments...)
			}
			zkcheck(t, arguments...).expect(t, c.code, c.out, nil)
		})
	}
}

func TestRoutersInTOMLAndBesideResources(t *testing.T) {
	toml := "[http.routers.a]\nrule = \"Path(`/`)\"\nmiddlewares = [\"kill\"]\n" +
		"[http.middlewares.definer.plugin.zookeeper.clusters.main]\nservers = \"zk1\"\n" +
		"[http.middlewares.kill.plugin.zookeeper]\ncluster = \"main\"\n[[http.middlewares.kill.plugin.zookeeper.gates]]\npath = \"/kill\"\n"
	zkcheck(t, file(t, "a.toml", toml)).expect(t, faulty, []string{"definer would define it"}, nil)
	zkcheck(t, file(t, "a.yml", routed("a | Path(`/`) | kill", kill)), file(t, "b.yml", soundResources)).expect(t, sound, nil, nil)
}

// A redirect to a page of the same router is a mistake, where that can be told.
func TestRedirectsToTheSameRouter(t *testing.T) {
	gate := func(redirect, more string) string {
		return "\tm: {plugin: {zookeeper: {clusters: {main: {servers: zk1}}, gates: [{path: /kill, redirect: '" + redirect + "'" + more + "}]}}}\n"
	}
	const all, whole = "a | PathPrefix(`/`) | m", "a | Host(`shop.test`) | m"
	for name, c := range map[string]struct {
		routers, middlewares string
		loops                bool
	}{
		"whole site":           {all, gate("/wait", ""), true},
		"a host":               {whole, gate("/wait", ""), true},
		"a host and a prefix":  {"a | Host(`shop.test`) && PathPrefix(`/shop`) | m", gate("/shop/wait", ""), true},
		"in a chain":           {"a | PathPrefix(`/`) | c", gate("/wait", "") + "\tc: {chain: {middlewares: [auth, m]}}\n" + chain, true},
		"a guarded other one":  {all + "\nb | Path(`/wait`) | m", gate("/wait", ""), true},
		"another host's":       {whole + "\nb | Host(`blog.test`) | ", gate("/wait", ""), true},
		"the same host, named": {whole, gate("//SHOP.test/wait", ""), true},
		"perhaps https alone":  {whole, gate("https://shop.test/wait", ""), false},
		"a query":              {whole, gate("/wait?from=shop", ""), false},
		"other bypasses":       {all, gate("/wait", ", bypass: {pathPrefixes: [/waiting], methods: [OPTIONS]}"), true},
		"behind a prefix":      {"a | PathPrefix(`/shop`) | m", gate("/wait", ""), false},
		"a path":               {"a | Path(`/`) | m", gate("/wait", ""), false},
		"another host":         {whole, gate("https://status.test/wait", ""), false},
		"some host":            {all, gate("https://status.test/wait", ""), false},
		"another port":         {whole, gate("https://shop.test:8443/wait", ""), false},
		"bypassed":             {all, gate("/wait/page", ", bypass: {pathPrefixes: [/wait]}"), false},
		"bypassed by method":   {all, gate("/wait", ", bypass: {methods: [GET]}"), false},
		"dry run":              {all, gate("/wait", ", dryRun: true"), false},
		"a page of another":    {all + "\nb | Path(`/wait`) | ", gate("/wait", ""), false},
		"perhaps of another":   {all + "\nb | PathRegexp(`/w.*`) | ", gate("/wait", ""), false},
		"a rule with more":     {"a | PathPrefix(`/`) && Method(`GET`) | m", gate("/wait", ""), false},
		"a choice":             {"a | Path(`/`) || Path(`/wait`) | m", gate("/wait", ""), false},
		"a stripped path":      {"a | PathPrefix(`/`) | s, m", gate("/wait", "") + "\ts: {stripPrefix: {prefixes: [/a]}}\n", false},
		"another's middleware": {"a | PathPrefix(`/`) | s@docker, m", gate("/wait", ""), false},
	} {
		t.Run(name, func(t *testing.T) {
			want, out := sound, []string(nil)
			if c.loops {
				want = faulty
				out = []string{"router a: middleware m: gates[0].redirect: ", "let the page pass with bypass.pathPrefixes: [/"}
			}
			zkcheck(t, file(t, "a.yml", routed(c.routers, c.middlewares))).expect(t, want, out, nil)
		})
	}
}
