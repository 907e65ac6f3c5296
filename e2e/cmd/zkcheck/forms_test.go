package zkcheck

import (
	"encoding/json"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"github.com/mod-zookeeper/traefik-zookeeper/e2e/internal/parts"
)

// resource is a Middleware of Kubernetes, as flow YAML in one line.
func resource(namespace, name, plugin, config string) string {
	return "{apiVersion: traefik.io/v1alpha1, kind: Middleware, metadata: {name: " + name + ", namespace: " + namespace + "}, spec: {plugin: {" + plugin + ": " + config + "}}}"
}

// route is an IngressRoute that has middlewares.
func route(namespace, name string, middlewares ...string) string {
	text := "{apiVersion: traefik.io/v1alpha1, kind: IngressRoute, metadata: {name: " + name + ", namespace: " + namespace + "}, spec: {routes: [{match: 'PathPrefix(`/`)', middlewares: ["
	for _, m := range middlewares {
		text += "{name: " + m + "}, "
	}
	return text + "]}]}}"
}

const (
	defines = "{clusters: {main: {servers: zk1}}}"
	uses    = "{cluster: main, gates: [{path: /kill}]}"
	loops   = "{clusters: {main: {servers: zk1}}, gates: [{path: /kill, redirect: /wait}]}"
)

// A text is read in whatever form operators have it, and its routers too.
func TestForms(t *testing.T) {
	one, two := resource("shop", "definer", "zookeeper", defines), resource("shop", "kill", "zookeeper", uses)
	for name, c := range map[string]struct {
		text string
		code int
		out  []string
	}{
		"a list":                   {"apiVersion: v1\nkind: List\nitems:\n- " + one + "\n- " + two, sound, []string{"middleware shop-definer: sound: 1 cluster\n", "middleware shop-kill: sound: 1 gate\n"}},
		"a list of middlewares":    {"apiVersion: traefik.io/v1alpha1\nkind: MiddlewareList\nitems:\n- " + one, sound, []string{"shop-definer: sound"}},
		"a list of JSON":           {`{"apiVersion": "v1", "kind": "List", "items": [{"apiVersion": "traefik.io/v1alpha1", "kind": "Middleware", "metadata": {"name": "a"}, "spec": {"plugin": {"zookeeper": {"clusters": {"main": {"servers": "zk1"}}}}}}]}`, sound, []string{"middleware a: sound"}},
		"documents of all kinds":   {"---\n# nothing\n---\n" + one + "\n---\nhttp: {middlewares: {a: {plugin: {zookeeper: " + uses + "}}}}\n", sound, []string{"shop-definer: sound", "middleware a: sound"}},
		"a document of documents":  {"- " + one + "\n- " + two, sound, []string{"shop-kill: sound"}},
		"values of a chart":        {"replicas: 2\nextraObjects:\n- " + one + "\n- |\n  apiVersion: traefik.io/v1alpha1\n  kind: Middleware\n  metadata: {name: kill}\n  spec: {plugin: {zookeeper: " + uses + "}}\n", sound, []string{"shop-definer: sound", "middleware kill: sound"}},
		"values with a mapping":    {"extraManifests:\n  first: " + one + "\n", sound, []string{"shop-definer: sound"}},
		"values with a template":   {"extraObjects:\n- |\n  apiVersion: traefik.io/v1alpha1\n  kind: Middleware\n  metadata: {name: {{ .Release.Name }}}\n", unusable, nil},
		"a chart's file provider":  {"providers:\n  file:\n    enabled: true\n    content: |\n      http: {middlewares: {a: {plugin: {zookeeper: " + defines + "}}}}\n", sound, []string{"middleware a: sound"}},
		"a ConfigMap":              {"apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata:\n  notes.txt: 'middlewares: ['\n  dynamic.yml: |\n    http: {middlewares: {a: {plugin: {zookeeper: " + defines + "}}}}\n", sound, []string{"middleware a: sound"}},
		"labels in a list":         {"services: {a: {labels: [traefik.enable=true, 'traefik.http.middlewares.m.plugin.zookeeper.clusters.main.servers=zk1,zk2', 'traefik.http.middlewares.m.plugin.zookeeper.requestHeaders[0].name=X-A', 'traefik.http.middlewares.m.plugin.zookeeper.requestHeaders[0].path=/a$$b']}}", sound, []string{"middleware m: sound: 1 cluster, 1 request header"}},
		"labels in a mapping":      {"services: {a: {labels: {traefik.enable: true, 'traefik.http.middlewares.m.plugin.zookeeper.clusters.main.servers': zk1}}}", sound, []string{"middleware m: sound"}},
		"labels of a deployment":   {"services: {a: {deploy: {labels: {'traefik.http.middlewares.m.plugin.zookeeper.clusters.main.servers': zk1}}}}", sound, []string{"middleware m: sound"}},
		"labels with a mistake":    {"services: {a: {labels: ['traefik.http.middlewares.m.plugin.zookeeper.clusters.main.server=zk1']}}", faulty, []string{"clusters.main.server: ", "did you mean servers?"}},
		"labels with a dollar":     {"services: {a: {labels: ['traefik.http.middlewares.m.plugin.zookeeper.logLevel=$$loud']}}", faulty, []string{`logLevel: "$loud": `}},
		"labels that two have":     {"services: {a: {labels: &l ['traefik.http.middlewares.m.plugin.zookeeper.clusters.main.servers=zk1']}, b: {labels: *l}}", sound, []string{"middleware m: sound"}},
		"labels that differ":       {"services: {a: {labels: ['traefik.http.middlewares.m.plugin.zookeeper.clusters.main.servers=zk1']}, b: {labels: ['traefik.http.middlewares.m.plugin.zookeeper.clusters.main.servers=zk2']}}", unusable, nil},
		"tags of Nomad":            {`{"Job": {"TaskGroups": [{"Services": [{"Tags": ["traefik.enable=true", "traefik.http.middlewares.m.plugin.zookeeper.clusters.main.servers=zk1,zk2"]}], "Tasks": [{"Services": null, "Templates": [{"EmbeddedTmpl": "{{ key }}"}]}]}]}}`, sound, []string{"middleware m: sound: 1 cluster"}},
		"tags of a task's service": {`{"TaskGroups": [{"Tasks": [{"Services": [{"Tags": ["traefik.http.middlewares.m.plugin.zookeeper.logLevel=loud"]}]}]}]}`, faulty, []string{`logLevel: "loud": `}},
		"tags of Consul":           {`{"services": [{"name": "a", "tags": ["v1", "traefik.http.middlewares.m.plugin.zookeeper.clusters.main.server=zk1"]}]}`, faulty, []string{"did you mean servers?"}},
		"numbers as keys":          {"http: {middlewares: {a: {plugin: {zookeeper: {clusters: {main: {servers: zk1}}, requestHeaders: [{name: X-A, path: /a, map: {1: one, true: yes}}]}}}}}", sound, []string{"middleware a: sound"}},
		"TOML":                     {soundTOML, sound, []string{"middleware release: sound"}},
		"a text":                   {"hello", unusable, nil},

		"a resource's idle definer":  {"- " + one + "\n- " + two + "\n- " + route("shop", "shop", "kill"), faulty, []string{"middleware shop-kill: cluster: \"main\": no middleware defines", "shop-definer would define it"}},
		"both on a route":            {"- " + one + "\n- " + two + "\n- " + route("shop", "shop", "definer", "kill"), sound, nil},
		"both in a chain":            {"- " + one + "\n- " + two + "\n- {apiVersion: traefik.io/v1alpha1, kind: Middleware, metadata: {name: c, namespace: shop}, spec: {chain: {middlewares: [{name: definer}, {name: kill, namespace: shop}]}}}\n- " + route("shop", "shop", "c"), sound, nil},
		"half of them in a chain":    {"- " + one + "\n- " + two + "\n- {apiVersion: traefik.io/v1alpha1, kind: Middleware, metadata: {name: c, namespace: shop}, spec: {chain: {middlewares: [{name: kill}]}}}\n- " + route("shop", "shop", "c"), faulty, []string{"shop-definer would define it"}},
		"a misspelt reference":       {"- " + one + "\n- " + two + "\n- " + route("shop", "shop", "definer", "kil"), faulty, []string{"router shop/shop: routes[0]: middlewares: \"shop-kil\": no such middleware in these files; did you mean shop-kill?"}},
		"another manifest's":         {"- " + one + "\n- " + route("shop", "shop", "definer", "auth"), sound, nil},
		"another provider's":         {"- " + one + "\n- " + route("shop", "shop", "definer", "compress@file"), sound, nil},
		"an Ingress":                 {"- " + one + "\n- " + two + "\n- {apiVersion: networking.k8s.io/v1, kind: Ingress, metadata: {name: a, namespace: shop, annotations: {traefik.ingress.kubernetes.io/router.middlewares: 'shop-kill@kubernetescrd'}}}", faulty, []string{"shop-definer would define it"}},
		"a route of the Gateway API": {"- " + one + "\n- " + two + "\n- {apiVersion: gateway.networking.k8s.io/v1, kind: HTTPRoute, metadata: {name: a, namespace: shop}, spec: {rules: [{filters: [{type: ExtensionRef, extensionRef: {group: traefik.io, kind: Middleware, name: kill}}]}]}}", faulty, []string{"shop-definer would define it"}},
		"a resource that loops":      {"- " + resource("shop", "m", "zookeeper", loops) + "\n- " + route("shop", "shop", "m"), faulty, []string{"router shop/shop: routes[0]: middleware shop-m: gates[0].redirect: \"/wait\": this router has that page too"}},
		"labels that loop": {"services: {a: {labels: ['traefik.http.routers.r.rule=PathPrefix(`/`)', 'traefik.http.routers.r.middlewares=m', traefik.http.middlewares.m.plugin.zookeeper.clusters.main.servers=zk1, 'traefik.http.middlewares.m.plugin.zookeeper.gates[0].path=/kill', 'traefik.http.middlewares.m.plugin.zookeeper.gates[0].redirect=/wait']}}",
			faulty, []string{"router r: middleware m: gates[0].redirect"}},
		"labels and a misspelt reference": {"services: {a: {labels: ['traefik.http.routers.r.middlewares=relaese', traefik.http.middlewares.release.plugin.zookeeper.clusters.main.servers=zk1]}}",
			faulty, []string{"router r: middlewares: \"relaese\": no such middleware in these files; did you mean release?"}},
	} {
		t.Run(name, func(t *testing.T) { zkcheckOf(t, c.text, "-").expect(t, c.code, c.out, nil) })
	}
}

// A plugin's configuration that stands where Traefik looks for none is found, and told where it belongs.
func TestMisplacedPlugins(t *testing.T) {
	in := func(path ...string) string {
		return strings.Join(path, ": {") + ": " + defines + strings.Repeat("}", len(path)-1)
	}
	for text, want := range map[string]string{
		in("middlewares", "release", "plugin", "zookeeper"):                                                                             "middleware release: middlewares.release.plugin.zookeeper: Traefik looks for a plugin at http.middlewares.<name>.plugin.zookeeper only",
		in("http", "middlewares", "release", "zookeeper"):                                                                               "middleware release: http.middlewares.release.zookeeper: ",
		in("http", "middlewares", "release", "plugins", "zookeeper"):                                                                    "middleware release: http.middlewares.release.plugins.zookeeper: ",
		in("http", "routers", "a", "middlewares", "zookeeper"):                                                                          "http.routers.a.middlewares.zookeeper: ",
		"http: {middlewares: [{release: {plugin: {zookeeper: " + defines + "}}}]}":                                                      "middleware release: http.middlewares[0].release.plugin.zookeeper: ",
		"{apiVersion: traefik.io/v1alpha1, kind: Middleware, metadata: {name: a, namespace: shop}, spec: {zookeeper: " + defines + "}}": "middleware shop-a: spec.zookeeper: Traefik looks for a plugin at spec.plugin.zookeeper only",
		"services: {a: {labels: [traefik.http.middlewares.m.zookeeper.clusters.main.servers=zk1]}}":                                     "middleware m: traefik.http.middlewares.m.zookeeper: Traefik looks for a plugin at traefik.http.middlewares.m.plugin.zookeeper only",
		"http: {middlewares: {m: {plugin: {zookeeper: [" + defines + "]}}}}":                                                            "take out the dash",
	} {
		zkcheckOf(t, text, "-").expect(t, faulty, []string{want}, nil)
	}
	for text, want := range map[string]string{
		"http: {middlewares: {m: {plugin: {zookeeper: }}}}":            "middleware m: plugin.zookeeper: nothing stands below it",
		"http:\n  middlewares:\n\tm: {}\n":                             "a tab can't indent YAML, write spaces\n",
		"http: {middlewares: {}, middlewares: {}}":                     `zkcheck: -: yaml: line 1: mapping key "middlewares" already defined at line 1` + "\n",
		"http: {routers: {zookeeper: {rule: a, middlewares: [auth]}}}": "no middleware with plugin.zookeeper",
	} {
		zkcheckOf(t, text, "-").expect(t, unusable, nil, []string{want})
	}
}

// A plugin whose name is misspelt is told by its name, or by its keys, and another plugin isn't.
func TestMisspeltPlugins(t *testing.T) {
	for name, c := range map[string]struct {
		plugin, config string
		isMeant        bool
	}{
		"a letter less":            {"zookeper", uses, true},
		"a letter exchanged":       {"zookeepre", "{}", true},
		"another case":             {"ZooKeeper", uses, true},
		"a letter more":            {"zookeeperr", "{volume: 3}", true},
		"two letters":              {"zokeper", uses, true},
		"two letters, empty":       {"zokeper", "{}", true},
		"two letters, other keys":  {"zookeepers2", "{volume: 3}", false},
		"a name of one's own":      {"zk", uses, true},
		"a name, and its clusters": {"flags", defines, true},
		"another plugin":           {"another", "{a: b}", false},
		"another with such keys":   {"headers", "{requestHeaders: [{name: X-A, value: b}], context: {a: b}}", false},
		"another with one of them": {"proxy", "{clusters: {main: {endpoints: [a]}}}", false},
	} {
		t.Run(name, func(t *testing.T) {
			text := "http: {middlewares: {definer: {plugin: {zookeeper: " + defines + "}}, m: {plugin: {" + c.plugin + ": " + c.config + "}}}}"
			code, out := sound, []string(nil)
			if c.isMeant {
				code, out = faulty, []string{"middleware m: plugin." + c.plugin + ": did you mean plugin.zookeeper? Traefik knows no plugin of that name", "-plugin " + c.plugin}
			}
			zkcheckOf(t, text, "-").expect(t, code, out, nil)
		})
	}
	two := "http: {middlewares: {a: {plugin: {zookeeper: " + defines + "}}, b: {plugin: {zookeeper2: " + uses + "}}}}"
	zkcheckOf(t, two, "-plugin", "zookeeper", "-plugin", "zookeeper2", "-").expect(t, sound, []string{"middleware a: sound", "middleware b: sound"}, nil)
	zkcheckOf(t, two, "-plugin", "zookeeper2", "-").expect(t, faulty, []string{"middleware a: plugin.zookeeper: did you mean plugin.zookeeper2?"}, nil)
	zkcheckOf(t, "- "+resource("shop", "kill", "zookeper", uses), "-").expect(t, faulty, []string{"middleware shop-kill: plugin.zookeper: did you mean"}, nil)
	zkcheckOf(t, "services: {a: {labels: [traefik.http.middlewares.m.plugin.zookeper.cluster=main]}}", "-").expect(t, faulty, []string{"middleware m: plugin.zookeper: did you mean"}, nil)
}

// The report for programs is the same as the one for people.
func TestJSON(t *testing.T) {
	path := file(t, "a.yml", strings.ReplaceAll(routed("a | Path(`/`) | definer, kil", definer+kill), "blockWhen", "blokWhen"))
	for _, c := range []struct {
		path string
		code int
		want string
	}{
		{path, faulty, `{"sound": false,
			"findings": [
				{"kind": "middleware", "name": "kill", "file": "$PATH", "message": "gates[0].blokWhen: \"blokWhen\": unknown key; did you mean blockWhen?$REST"},
				{"kind": "router", "name": "a", "message": "middlewares: \"kil\": no such middleware in these files; did you mean kill?$REST"}],
			"middlewares": [
				{"name": "definer", "file": "$PATH", "sound": true, "clusters": 1, "requestHeaders": 0, "responseHeaders": 0, "gates": 0},
				{"name": "kill", "file": "$PATH", "sound": false, "clusters": 0, "requestHeaders": 0, "responseHeaders": 0, "gates": 0}]}`},
		{file(t, "b.yml", "http: {middlewares: {a: {plugin: {zookeeper: "+defines+"}}}}"), sound, `{"sound": true, "findings": [],
			"middlewares": [{"name": "a", "file": "$PATH", "sound": true, "clusters": 1, "requestHeaders": 0, "responseHeaders": 0, "gates": 0}]}`},
	} {
		r := zkcheck(t, "-format", "json", c.path)
		r.expect(t, c.code, nil, nil)
		var got, want map[string]any
		if err := json.Unmarshal([]byte(r.out), &got); err != nil {
			t.Fatalf("%v: %s", err, r.out)
		}
		if err := json.Unmarshal([]byte(strings.ReplaceAll(c.want, "$PATH", c.path)), &want); err != nil {
			t.Fatal(err)
		}
		for i, f := range want["findings"].([]any) {
			found := got["findings"].([]any)[i].(map[string]any)
			start, _, _ := strings.Cut(f.(map[string]any)["message"].(string), "$REST")
			if !strings.HasPrefix(found["message"].(string), start) {
				t.Errorf("%q begins otherwise than %q", found["message"], start)
			}
			f.(map[string]any)["message"] = found["message"]
		}
		if !reflect.DeepEqual(got, want) {
			t.Errorf("%v\ninstead of\n%v", got, want)
		}
	}
	if r := zkcheck(t, "-format", "json", "/no/such/file.yml"); r.code != unusable || r.out != "" || r.errors == "" {
		t.Errorf("exit code %d, output %q, error output %q", r.code, r.out, r.errors)
	}
	zkcheck(t, "-format", "xml", path).expect(t, unusable, nil, []string{`-format: "xml": text or json`})
	zkcheck(t, "-format", "json", "-connect", path).expect(t, unusable, nil, []string{"leave out one of them"})
}

// The examples in each form are sound, as they stand.
func TestExamples(t *testing.T) {
	for _, name := range []string{"docker.yml", "kubernetes.yml", "file.yml", "file.toml", "consul.json"} {
		path := filepath.Join(parts.Root(), "examples", "providers", name)
		zkcheck(t, path).expect(t, sound, []string{"release: sound: 1 cluster, 1 request header, 1 gate\n"}, nil)
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		zkcheckOf(t, string(text), "-").expect(t, sound, []string{"release: sound: 1 cluster, 1 request header, 1 gate\n"}, nil)
	}
	zkcheck(t, filepath.Join(parts.Root(), "examples", "providers", "nomad.hcl")).expect(t, unusable, nil, []string{"nomad job run -output writes a job as JSON"})
}
