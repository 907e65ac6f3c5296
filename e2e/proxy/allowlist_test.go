package proxy

import (
	"fmt"
	"math/rand/v2"
	"net/http"
	"strings"
	"testing"

	"github.com/mod-zookeeper/traefik-zookeeper/e2e/internal/traefik"
)

// sameStrategies are values of ipStrategy that Traefik's ipAllowList knows, too.
var sameStrategies = []string{
	"{depth: 0}", "{depth: 1}", "{depth: 2}", "{depth: 4}", "{depth: 1, excludedIPs: [10.0.0.0/8]}", "{depth: 1, ipv6Subnet: 64}", "{depth: 2, ipv6Subnet: 32}", "{ipv6Subnet: 64}",
	"{excludedIPs: [10.0.0.0/8, 192.0.2.7, '2001:db8:9::/48', 'fe80::/10', '::ffff:198.51.100.1']}", "{excludedIPs: [10.0.0.0/8], ipv6Subnet: 64}",
}

// sameNetworks are let in, by Traefik's middleware and by gates.
var sameNetworks = []string{"203.0.113.0/24", "198.51.100.9", "127.0.0.0/8", "::ffff:203.0.114.0/120", "2001:db8:7::/48", "2001:db8::", "2002::/16", "fe80::1", "::1"}

// entries are what may stand between the commas of X-Forwarded-For.
var entries = []string{
	"203.0.113.9", "203.0.113.9:443", "198.51.100.9", "198.51.100.1", "10.1.2.3", "10.1.2.3:80", "192.0.2.7", "127.0.0.1", "255.255.255.255", "0.0.0.0", "", " ", "\t", "unknown", "_hidden", "localhost",
	"2001:db8:7::1", "[2001:db8:7::1]", "[2001:db8:7::1]:443", "2001:db8:7::1%eth0", "2001:db8:7::1:443", "2001:DB8:7:0:0:0:0:1", "2001:db8:7:1:2:3:4:5", "2001:db8:9::5", "fe80::1", "fe80::1%eth0", "[fe80::1%25eth0]:80",
	"[fe80::1%eth0]:80", "::1", "[::1]:3", "::", "::ffff:203.0.113.9", "[::ffff:203.0.113.9]:1", "::ffff:cb00:7109", "::ffff:10.1.2.3", "::ffff:198.51.100.9", "::ffff:203.0.113.9%eth0", "64:ff9b::203.0.113.9", "2002:cb00:7109::1",
	"203.0.113.009", "0203.0.113.9", "203.0.113.9.", "203.0.113", "203.0.113.9/32", "3405803785", "0xcb007109", `"203.0.113.9"`, "for=203.0.113.9", "203.0.113.9 10.1.2.3", "203.0.113.9;x", "203.0.113.9:", ":203.0.113.9", "203.0.113.9:x",
	"203.0.113.9:99999", "[203.0.113.9]", "[203.0.113.9]:80", "203.0.113.9%eth0", "\u00a0203.0.113.9", strings.Repeat("9", 70), "203.0.113.9" + strings.Repeat("0", 60), strings.Repeat(" ", 300) + "203.0.113.9",
}

// forwarded makes lines of X-Forwarded-For: each entry alone and next to others, and some at
// random.
func forwarded(random *rand.Rand) [][]string {
	all := [][]string{nil}
	for _, entry := range entries {
		all = append(all, []string{entry}, []string{"192.0.2.1, " + entry}, []string{entry + ", 10.0.0.1"})
	}
	for range 60 {
		var lines []string
		for range 1 + random.IntN(2) {
			var items []string
			for range 1 + random.IntN(5) {
				items = append(items, entries[random.IntN(len(entries))])
			}
			lines = append(lines, strings.Join(items, []string{",", ", ", " , ", ",\t", ",,"}[random.IntN(5)]))
		}
		all = append(all, lines)
	}
	return all
}

// Whatever stands in X-Forwarded-For, a gate lets in whom Traefik's ipAllowList lets in: by
// its networks, by a list in a node, by a flag, and by a flag that goes by {ip}.
func TestSameClientsAsTraefiksAllowList(t *testing.T) {
	among := func(name string) string {
		return `{"variants":{"on":true,"off":false},"defaultVariant":"off","targeting":{"if":[{"in_network":[{"var":"` + name + `"},["` + strings.Join(sameNetworks, `","`) + `"]]},"on"]}}`
	}
	s := newStage(t, map[string]string{"/off": "off", "/list": strings.Join(sameNetworks, "\n"), "/ip": among("ip"), "/key": among("targetingKey")})
	networks := "['" + strings.Join(sameNetworks, "', '") + "']"
	ways := []string{"gates: [{path: /off, bypass: {ips: " + networks + "}}]", "gates: [{path: /off, bypass: {ipsPath: /list}}]", "gates: [{path: /ip}]", "targetingKey: '{ip}', gates: [{path: /key}]"}
	routers, middlewares := "", ""
	add := func(path, middleware string) {
		routers += fmt.Sprintf("    %[1]s: {rule: 'Path(`/%[1]s`)', middlewares: [%[1]s], service: service}\n", path)
		middlewares += fmt.Sprintf("    %s: {%s}\n", path, middleware)
	}
	for i, strategy := range sameStrategies {
		add(fmt.Sprint("theirs", i), "ipAllowList: {sourceRange: "+networks+", ipStrategy: "+strategy+"}")
		for j, way := range ways {
			add(fmt.Sprint("ours", i, "-", j), "plugin: {zookeeper: {clusters: {main: {servers: '"+s.zk.Addr()+"'}}, ipStrategy: "+strategy+", "+way+"}}")
		}
	}
	config := "http:\n  services: {service: {loadBalancer: {servers: [{url: '" + s.service.URL + "'}]}}}\n  routers:\n" + routers + "  middlewares:\n" + middlewares
	s.traefik = traefik.Start(t, config, traefik.Options{Static: map[string]any{"entryPoints.web.forwardedHeaders.trustedIPs": []string{"127.0.0.1"}}})
	for j := range ways {
		s.awaitStatus(t, fmt.Sprint("/ours0-", j), http.StatusOK)
	}
	seen := map[int]int{}
	for _, lines := range forwarded(rand.New(rand.NewPCG(16, 5))) {
		for i, strategy := range sameStrategies {
			want := s.statusFor(t, fmt.Sprint("/theirs", i), lines)
			seen[want]++
			for j, way := range ways {
				if got := s.statusFor(t, fmt.Sprint("/ours", i, "-", j), lines); got != want {
					t.Errorf("%q with %s: %d, want %d; %.40s", lines, strategy, got, want, way)
				}
			}
		}
	}
	if seen[http.StatusOK] < 100 || seen[http.StatusForbidden] < 100 {
		t.Errorf("Traefik's middleware answers %v", seen)
	}
}

// statusFor is the status of an answer to a request with these lines of X-Forwarded-For.
func (s *stage) statusFor(t *testing.T, path string, lines []string) int {
	t.Helper()
	r, err := http.NewRequest(http.MethodGet, s.traefik.URL()+path, nil)
	if err != nil {
		t.Fatal(err)
	}
	r.Header["X-Forwarded-For"] = lines
	response, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	response.Body.Close()
	return response.StatusCode
}
