package zkcheck

import (
	"fmt"
	"strings"
	"testing"

	"github.com/mod-zookeeper/traefik-zookeeper/e2e/internal/zkserver"
)

const addressesYAML = `http:
  middlewares:
    gates:
      plugin:
        zookeeper:
          clusters: {$CLUSTER: {servers: $SERVERS}}
          $STRATEGY
          gates:
            - {path: "/clients/{ip}", bypass: {ipsPath: $LIST}}
`

// checkAddresses: the request comes from the address that is given, whatever the strategy.
// Lists of addresses are shown, and checked. It is a part of TestConnect, since the instances
// linger and would complain of a server that is gone.
func checkAddresses(t *testing.T, zk *zkserver.Server, admin *zkserver.Admin) {
	t.Helper()
	admin.Put("/allowed", []byte("2001:db8::/32 # ours"))
	admin.Put("/clients/192.0.2.7", []byte("on"))
	configured := func(i int, strategy, list string) string {
		return file(t, "a.yml", strings.NewReplacer("$CLUSTER", fmt.Sprint("addresses", i), "$SERVERS", zk.Addr(), "$STRATEGY", strategy, "$LIST", list).Replace(addressesYAML))
	}
	for i, strategy := range []string{"", "ipStrategy: {}", "ipStrategy: {depth: 3}", "ipStrategy: {excludedIPs: 10.0.0.0/8}", "ipStrategy: {header: X-Client}"} {
		path := configured(i, strategy, "/allowed")
		zkcheck(t, "-connect", "-ip", "192.0.2.7", "-header", "X-Client: 192.0.2.7", path).expect(t, sound, []string{
			`/allowed: "2001:db8::/32 # ours"`, `/clients/{ip}: "on" for this request`, "gates[0] decides: pass",
		}, nil)
		zkcheck(t, "-connect", "-ip", "2001:db8::1", "-header", "X-Client: 2001:db8::1", path).expect(t, sound, []string{"gates[0] decides: bypass"}, nil)
		zkcheck(t, "-connect", "-ip", "192.0.2.8", "-header", "X-Client: 192.0.2.8", path).expect(t, sound, []string{"gates[0] decides: block"}, nil)
	}
	admin.Put("/faulty", []byte("home"))
	zkcheck(t, "-connect", configured(9, "", "/faulty")).expect(t, faulty, []string{"gates[0] decides: block", "1 fault in nodes"}, []string{`/faulty refused as networks: it has "home" in line 1`})
}
