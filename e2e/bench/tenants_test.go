// Package bench measures what the plugin costs, compiled and interpreted, against
// real servers. Nothing here is a test: figures depend on the machine.
package bench

import (
	"fmt"
	"runtime"
	"testing"

	"github.com/go-zookeeper/zk"

	"github.com/mod-zookeeper/traefik-zookeeper/e2e/internal/plugin"
	"github.com/mod-zookeeper/traefik-zookeeper/e2e/internal/zkserver"
)

var modes = map[string]func(b *testing.B) plugin.Plugin{
	"Compiled":    func(b *testing.B) plugin.Plugin { return plugin.Compiled() },
	"Interpreted": func(b *testing.B) plugin.Plugin { return plugin.Interpreted(b) },
}

const tenants = 10000

func tenant(i int) string { return fmt.Sprintf("tenant-%05d", i) }

// seeded is a server with the nodes of that many tenants below /tenants.
func seeded(b *testing.B, n int) (*zkserver.Server, *zkserver.Admin) {
	b.Helper()
	server := zkserver.Start(b)
	admin := server.Client(b)
	admin.Put("/tenants", nil)
	for start := 0; start < n; start += 500 {
		var operations []any
		for i := start; i < start+500 && i < n; i++ {
			operations = append(operations,
				&zk.CreateRequest{Path: "/tenants/" + tenant(i), Acl: zk.WorldACL(zk.PermAll)},
				&zk.CreateRequest{Path: "/tenants/" + tenant(i) + "/plan", Data: []byte("plan of " + tenant(i)), Acl: zk.WorldACL(zk.PermAll)})
		}
		if _, err := admin.Conn.Multi(operations...); err != nil {
			b.Fatal(err)
		}
	}
	return server, admin
}

var clusterNo = 0

// configured is a configuration with a cluster that no other has, whose instances
// hold requests for as long as their first values take.
func configured(b *testing.B, addr, rules string) map[string]any {
	b.Helper()
	clusterNo++
	config, err := plugin.FromYAML(fmt.Sprintf("clusters:\n  c%d: {servers: '%s'}\nstartupTimeout: 10m\n", clusterNo, addr) + rules)
	if err != nil {
		b.Fatal(err)
	}
	return config
}

func heap() uint64 {
	runtime.GC()
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}
