package recipes

import (
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/mod-zookeeper/traefik-zookeeper/e2e/internal/parts"
	"github.com/mod-zookeeper/traefik-zookeeper/e2e/internal/plugin"
	"github.com/mod-zookeeper/traefik-zookeeper/e2e/internal/traefik"
	"github.com/mod-zookeeper/traefik-zookeeper/e2e/internal/zkserver"
)

// A cluster does what the commands of docs/kubernetes.md do in a real one. Only API server,
// Helm and pods are stand-ins: Traefik, its provider for Kubernetes, the plugin as the
// release's ConfigMap has it, and ZooKeeper are real.
type cluster struct {
	t          *testing.T
	desk       *desk
	zk         *zkserver.Server
	api        *apiServer
	schemas    map[string]*jsonschema.Schema
	downloads  string // a folder with the files of the release
	downloaded map[string]bool
	service    string         // where the pods of the example answer
	values     map[string]any // of the chart, once it is installed
	version    string
}

// Whoever follows the page gets the answers that it shows.
func TestKubernetes(t *testing.T) {
	service := httptest.NewServer(http.HandlerFunc(answer))
	t.Cleanup(service.Close)
	version, err := plugin.Release()
	if err != nil {
		t.Fatal(err)
	}
	c := &cluster{
		t: t, desk: newDesk(t), zk: zkserver.Start(t), api: startAPIServer(t), schemas: resources(t, "3.7"),
		downloads: t.TempDir(), downloaded: map[string]bool{}, service: service.URL, version: version,
	}
	pack := exec.Command("go", "run", "./cmd/release", "-version", version, "-dirty", "-plugin", "-output", c.downloads)
	pack.Dir = filepath.Join(parts.Root(), "e2e")
	if output, err := pack.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, output)
	}
	page, err := os.ReadFile(filepath.Join(parts.Root(), "docs", "kubernetes.md"))
	if err != nil {
		t.Fatal(err)
	}
	c.namesItsVersions(string(page))
	for _, match := range fence.FindAllStringSubmatch(string(page), -1) {
		switch match[1] {
		case "sh":
			for line := range strings.Lines(match[2]) {
				if err := c.run(strings.Fields(line)); err != nil {
					t.Fatalf("%s%v", line, err)
				}
			}
		case "console":
			for _, e := range exchanges(t, c.desk.here(match[2])) {
				e.host = e.header.Get("Host")
				e.header.Del("Host")
				c.desk.await(t, e)
			}
		default:
			t.Errorf("a block in %s, which nothing tries", match[1])
		}
	}
}

var charted = regexp.MustCompile(`Chart ` + regexp.QuoteMeta(chartVersion) + ` has Traefik ([\d.]+\d)`)

// namesItsVersions checks that the page's chart has a Traefik that everything is tried with.
func (c *cluster) namesItsVersions(page string) {
	pinned, err := os.ReadFile(filepath.Join(parts.Root(), "e2e", "traefik", "3.7", "go.mod"))
	if err != nil {
		c.t.Fatal(err)
	}
	version := charted.FindStringSubmatch(page)
	if version == nil || !strings.Contains(string(pinned), "\nrequire github.com/traefik/traefik/v3 v"+version[1]+"\n") {
		c.t.Errorf("the page doesn't say that the chart %s has the Traefik that is pinned: %q", chartVersion, version)
	}
}

// run does what a command of the page does.
func (c *cluster) run(words []string) error {
	command := strings.Join(words, " ")
	switch {
	case command == "helm repo add traefik https://traefik.github.io/charts", command == "helm repo update":
		return nil
	case words[0] == "curl":
		return c.download(command)
	case strings.HasPrefix(command, "kubectl create namespace "):
		c.api.apply(map[string]any{"kind": "Namespace", "metadata": map[string]any{"namespace": "", "name": words[3]}})
		return nil
	case strings.HasPrefix(command, "kubectl apply --server-side "):
		return c.apply(options(words[3:]))
	case strings.HasPrefix(command, "helm upgrade --install traefik traefik/traefik "):
		return c.install(options(words[5:]))
	case strings.HasPrefix(command, "kubectl rollout status "), strings.HasPrefix(command, "kubectl rollout restart "):
		return c.has(words[4], words[5])
	case strings.HasPrefix(command, "kubectl exec ") && len(words) > 7 && words[5] == "--" && words[6] == "zkCli.sh":
		zkserver.Shell(c.t, "", append([]string{"-server", c.zk.Addr()}, words[7:]...)...)
		return c.has(words[3], words[4])
	case command == "kubectl port-forward --namespace traefik service/traefik 8000:80":
		return c.start()
	}
	return errors.New("no test knows this command")
}

// options are those of a command: each has a value.
func options(words []string) map[string]string {
	found := map[string]string{}
	for i := 0; i+1 < len(words); i += 2 {
		found[words[i]] = words[i+1]
	}
	return found
}

func (c *cluster) download(command string) error {
	begin := "curl --location --remote-name https://" + plugin.Module + "/releases/download/" + c.version + "/"
	name, found := strings.CutPrefix(command, begin)
	if _, err := os.Stat(filepath.Join(c.downloads, name)); err != nil || !found {
		return fmt.Errorf("the release has no such file: %w", err)
	}
	c.downloaded[name] = true
	return nil
}

// find is the path of a file that a command names: one that was downloaded, or one of a clone.
func (c *cluster) find(name string) (string, error) {
	if c.downloaded[name] {
		return filepath.Join(c.downloads, name), nil
	}
	path := filepath.Join(parts.Root(), name)
	_, err := os.Stat(path)
	return path, err
}

// apply applies a file, or all files of a folder.
func (c *cluster) apply(options map[string]string) error {
	path, err := c.find(options["--filename"])
	if err != nil {
		return err
	}
	paths := []string{path}
	if info, err := os.Stat(path); err == nil && info.IsDir() {
		if paths, err = filepath.Glob(filepath.Join(path, "*.yml")); err != nil {
			return err
		}
	}
	for _, path := range paths {
		for _, resource := range read(c.t, path) {
			if err := c.applyOne(resource, options["--namespace"]); err != nil {
				return fmt.Errorf("%s: %w", path, err)
			}
		}
	}
	return nil
}

func (c *cluster) applyOne(resource map[string]any, namespace string) error {
	metadata := resource["metadata"].(map[string]any)
	if metadata["namespace"] == nil {
		metadata["namespace"] = namespace
	}
	if err := c.has("", fmt.Sprint("namespace/", metadata["namespace"])); err != nil {
		return err
	}
	if err := valid(c.schemas, resource); err != nil {
		return err
	}
	c.resolve(resource)
	c.api.apply(resource)
	if resource["kind"] == "Service" && metadata["name"] == "shop" {
		return c.pods(metadata, resource["spec"].(map[string]any))
	}
	return nil
}

// resolve does what the cluster's DNS does with ZooKeeper's name, which has to be that of a service.
func (c *cluster) resolve(resource map[string]any) {
	config := below(resource, "spec", "plugin", plugin.Name, "clusters", "main")
	if config == nil {
		return
	}
	if config["servers"] != "zookeeper.shop:2181" {
		c.t.Errorf("servers %v, which are not those of the page", config["servers"])
	}
	config["servers"] = c.zk.Addr()
}

// below is a mapping in mappings; nil where there is none.
func below(tree map[string]any, keys ...string) map[string]any {
	for _, key := range keys {
		tree, _ = tree[key].(map[string]any)
	}
	return tree
}

// pods gives a service what its pods would: an address.
func (c *cluster) pods(metadata, spec map[string]any) error {
	address, err := url.Parse(c.service)
	if err != nil {
		return err
	}
	number, err := strconv.Atoi(address.Port())
	if err != nil {
		return err
	}
	port := spec["ports"].([]any)[0].(map[string]any)
	c.api.apply(map[string]any{
		"kind": "EndpointSlice", "addressType": "IPv4",
		"metadata": map[string]any{
			"namespace": metadata["namespace"], "name": "shop-1", "labels": map[string]any{"kubernetes.io/service-name": metadata["name"]},
		},
		"ports":     []any{map[string]any{"name": port["name"], "port": number}},
		"endpoints": []any{map[string]any{"addresses": []any{address.Hostname()}, "conditions": map[string]any{"ready": true}}},
	})
	return nil
}

// install does what the chart does with its values.
func (c *cluster) install(options map[string]string) error {
	if err := c.has("", "namespace/"+options["--namespace"]); err != nil {
		return err
	}
	if options["--version"] != chartVersion {
		return fmt.Errorf("the chart's version is %q; testdata/chart.schema.json is that of %s", options["--version"], chartVersion)
	}
	path, err := c.find(options["--values"])
	if err != nil {
		return err
	}
	values := read(c.t, path)[0]
	if err := chart(c.t).Validate(values); err != nil {
		return err
	}
	if c.values == nil {
		c.values = values
	}
	c.api.apply(map[string]any{"kind": "Deployment", "metadata": map[string]any{"namespace": options["--namespace"], "name": "traefik"}})
	return nil
}

// has tells whether there is something, as in deployment/shop.
func (c *cluster) has(namespace, what string) error {
	kind, name, _ := strings.Cut(what, "/")
	if c.api.get(kind, namespace, name) == nil {
		return fmt.Errorf("there is no %s in the namespace %q", what, namespace)
	}
	return nil
}

// start starts Traefik with what the values give its pod.
func (c *cluster) start() error {
	static := map[string]any{
		"providers.kubernetesCRD.endpoint": c.api.URL, "providers.kubernetesCRD.token": "a-token",
	}
	for _, argument := range c.values["additionalArguments"].([]any) {
		key, value, _ := strings.Cut(strings.TrimPrefix(argument.(string), "--"), "=")
		static[key] = value
	}
	tr := traefik.Start(c.t, "", traefik.Options{Static: static, Plugin: c.mount})
	c.desk.ports["8000"] = tr.URL()[strings.LastIndex(tr.URL(), ":")+1:]
	return nil
}

// mount lays out the ConfigMap as the values say. The folder is below Traefik's working directory.
func (c *cluster) mount(src string) error {
	volume := below(c.values, "deployment")["additionalVolumes"].([]any)[0].(map[string]any)
	mounted := c.values["additionalVolumeMounts"].([]any)[0].(map[string]any)
	if volume["name"] != mounted["name"] {
		return fmt.Errorf("the volume is %v, and what is mounted %v", volume["name"], mounted["name"])
	}
	source := below(volume, "configMap")
	configMap := c.api.get("configmap", "traefik", fmt.Sprint(source["name"]))
	if configMap == nil {
		return fmt.Errorf("there is no ConfigMap %v in Traefik's namespace", source["name"])
	}
	files := map[string][]byte{}
	for _, item := range source["items"].([]any) {
		item := item.(map[string]any)
		text, found := configMap["data"].(map[string]any)[item["key"].(string)].(string)
		if !found {
			return fmt.Errorf("the ConfigMap has no %v", item["key"])
		}
		files[item["path"].(string)] = []byte(text)
	}
	working := filepath.Dir(filepath.Dir(src)) // the chart's is /
	return plugin.Lay(files, filepath.Join(working, mounted["mountPath"].(string)))
}
