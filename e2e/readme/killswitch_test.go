package readme

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/mod-zookeeper/traefik-zookeeper/e2e/internal/traefik"
	"github.com/mod-zookeeper/traefik-zookeeper/e2e/internal/zkserver"
)

// Whoever copies the readme's kill switch, and nothing else, gets one that lets requests
// pass: while ZooKeeper isn't there, while the node is missing, and until it says on.
func TestKillSwitchAlone(t *testing.T) {
	zk := zkserver.Prepare(t)
	service := httptest.NewServer(traefik.Echo())
	t.Cleanup(service.Close)
	tr := traefik.Start(t, strings.ReplaceAll(blocks(t, "readme.md", "yaml")[2], servers, zk.Addr()), traefik.Options{})
	rest := "http: {routers: {all: {rule: 'PathPrefix(`/`)', middlewares: [maintenance], service: shop}}, services: {shop: {loadBalancer: {servers: [{url: '" + service.URL + "'}]}}}}\n"
	if err := tr.WriteFile("rest.yml", rest); err != nil {
		t.Fatal(err)
	}
	await(t, tr, "/", http.StatusOK, "")
	if err := zk.Start(); err != nil {
		t.Fatal(err)
	}
	admin := zk.Client(t)
	admin.Put("/edge/flags", nil)
	await(t, tr, "/", http.StatusOK, "")
	admin.Put("/edge/flags/maintenance", []byte("on"))
	await(t, tr, "/", http.StatusServiceUnavailable, "")
	admin.Put("/edge/flags/maintenance", []byte("off"))
	await(t, tr, "/", http.StatusOK, "")
}
