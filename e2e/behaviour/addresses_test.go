package behaviour

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"
)

// strategies are values of ipStrategy, requests whose client is 192.0.2.7, others whose
// client is somebody else, and such whose client can't be told.
var strategies = []struct {
	strategy         string
	yes, no, unknown []request
}{
	{"",
		[]request{from("192.0.2.7:1"), from("10.0.0.1:1", "X-Real-Ip: 192.0.2.7"), from("10.0.0.1:1", "X-Real-Ip: 192.0.2.7", "X-Forwarded-For: 203.0.113.9, 192.0.2.7"),
			from("10.0.0.1:1", "X-Real-Ip: 192.0.2.7", "X-Forwarded-For: 203.0.113.9", "X-Forwarded-For: 192.0.2.7")},
		[]request{from("203.0.113.9:1"), from("192.0.2.7:1", "X-Real-Ip: 203.0.113.9"), from("192.0.2.7:1", "X-Real-Ip: 203.0.113.9", "X-Forwarded-For: 192.0.2.7, 203.0.113.9")},
		[]request{from("192.0.2.7:1", "X-Real-Ip: 192.0.2.7", "X-Forwarded-For: 203.0.113.9"), from("192.0.2.7:1", "X-Real-Ip: 192.0.2.7", "X-Forwarded-For: 192.0.2.7, 203.0.113.9"),
			from("192.0.2.7:1", "X-Forwarded-For: 192.0.2.7"), from("192.0.2.7:1", "X-Real-Ip: nonsense"), from("192.0.2.7:1", "X-Real-Ip: 192.0.2.7", "X-Real-Ip: 203.0.113.9"),
			from("192.0.2.7:1", "X-Real-Ip: 192.0.2.7", "X-Forwarded-For: "+strings.Repeat("x,", 1<<16)+"192.0.2.7"), from("192.0.2.7:1", "X-Real-Ip: 192.0.2.7", "X-Forwarded-For: 192.0.2.7", "X-Forwarded-For: 203.0.113.9"),
			from("@")}},
	{"{}",
		[]request{from("192.0.2.7:1", "X-Real-Ip: 203.0.113.9", "X-Forwarded-For: 203.0.113.9"), from("[::ffff:192.0.2.7]:1")}, []request{from("203.0.113.9:1", "X-Real-Ip: 192.0.2.7", "X-Forwarded-For: 192.0.2.7")}, []request{from("@")}},
	{"'true'", []request{from("192.0.2.7:1", "X-Real-Ip: 203.0.113.9")}, []request{from("203.0.113.9:1", "X-Real-Ip: 192.0.2.7")}, nil},
	{"{depth: 0}", []request{from("192.0.2.7:1", "X-Real-Ip: 203.0.113.9")}, []request{from("203.0.113.9:1", "X-Real-Ip: 192.0.2.7")}, nil},
	{"{depth: '1', excludedIPs: 192.0.2.7}",
		[]request{from("203.0.113.9:1", "X-Forwarded-For: 192.0.2.7"), from("203.0.113.9:1", "X-Forwarded-For: 203.0.113.9,192.0.2.7 "), from("203.0.113.9:1", "X-Forwarded-For: 203.0.113.9", "X-Forwarded-For: 192.0.2.7"),
			from("203.0.113.9:1", "X-Forwarded-For: 192.0.2.7:4711"), from("203.0.113.9:1", "X-Forwarded-For: ::ffff:192.0.2.7"),
			from("203.0.113.9:1", "X-Forwarded-For: 203.0.113.9,"+strings.Repeat(" ", 1000)+"192.0.2.7")},
		[]request{from("192.0.2.7:1", "X-Real-Ip: 192.0.2.7", "X-Forwarded-For: 192.0.2.7, 203.0.113.9"), from("192.0.2.7:1", "X-Forwarded-For: 192.0.2.7", "X-Forwarded-For: 203.0.113.9")},
		[]request{from("192.0.2.7:1", "X-Real-Ip: 192.0.2.7"), from("192.0.2.7:1", "X-Forwarded-For: "), from("192.0.2.7:1", "X-Forwarded-For: 192.0.2.7,"), from("192.0.2.7:1", "X-Forwarded-For: 192.0.2.7, unknown"),
			from("192.0.2.7:1", many("X-Forwarded-For", 20)...)}},
	{"{depth: 3}", []request{from("203.0.113.9:1", "X-Forwarded-For: 203.0.113.9, 192.0.2.7, 10.0.0.1, 10.0.0.2")}, []request{from("192.0.2.7:1", "X-Forwarded-For: 192.0.2.7, 203.0.113.9, 10.0.0.1, 10.0.0.2")},
		[]request{from("192.0.2.7:1", "X-Forwarded-For: 192.0.2.7, 192.0.2.7")}},
	{"{excludedIPs: '10.0.0.0/8, 203.0.113.1'}",
		[]request{from("203.0.113.9:1", "X-Forwarded-For: 192.0.2.7"), from("203.0.113.9:1", "X-Forwarded-For: 203.0.113.9, 192.0.2.7, 10.1.1.1, , 203.0.113.1,"), from("203.0.113.9:1", "X-Forwarded-For: 192.0.2.7", "X-Forwarded-For: 10.0.0.1")},
		[]request{from("192.0.2.7:1", "X-Forwarded-For: 192.0.2.7, 203.0.113.9, 10.0.0.1")},
		[]request{from("192.0.2.7:1", "X-Real-Ip: 192.0.2.7"), from("192.0.2.7:1", "X-Forwarded-For: 10.0.0.1"), from("192.0.2.7:1", "X-Forwarded-For: 192.0.2.7, unknown, 10.0.0.1"),
			from("192.0.2.7:1", "X-Forwarded-For: 192.0.2.7"+strings.Repeat(",10.0.0.1", 40))}},
	{"{header: x-client}", []request{from("203.0.113.9:1", "X-Client: 192.0.2.7", "X-Real-Ip: 203.0.113.9")}, []request{from("192.0.2.7:1", "X-Client: 203.0.113.9", "X-Real-Ip: 192.0.2.7")},
		[]request{from("192.0.2.7:1", "X-Real-Ip: 192.0.2.7"), from("192.0.2.7:1", "X_Client: 192.0.2.7"), from("192.0.2.7:1", "X-Client: 192.0.2.7", "X-Client: 192.0.2.7"), from("192.0.2.7:1", "X-Client: 192.0.2.7, 192.0.2.7"), from("192.0.2.7:1", "X-Client: ")}},
	{"{header: X-Real-Ip}", []request{from("203.0.113.9:1", "X-Real-Ip: 192.0.2.7", "X-Forwarded-For: 192.0.2.7, 10.0.0.1")}, []request{from("192.0.2.7:1", "X-Real-Ip: 203.0.113.9")}, []request{from("192.0.2.7:1")}},
}

var addressed = []behaviour{
	{"where the client's address stands", testWhereTheClientsAddressStands},
	{"IPv6 clients by their subnet", testIPv6ClientsByTheirSubnet},
	{"who gets by is listed in a node", testWhoGetsByIsListedInANode},
	{"a list that can't be used", testListThatCantBeUsed},
	{"a long list", testLongList},
}

// The strategy counts for a bypass, a targeting, a targeting that computes the name, a
// context and a path.
func testWhereTheClientsAddressStands(t *testing.T, s *suite) {
	s.admin.Put("/addresses/is", []byte(when(is("ip", "192.0.2.7"))))
	s.admin.Put("/addresses/computed", []byte(when(`{"==":[{"var":{"cat":["i","p"]}},"192.0.2.7"]}`)))
	s.admin.Put("/addresses/client", []byte(when(is("client", "c192.0.2.7"))))
	s.admin.Put("/addresses/clients/192.0.2.7", []byte("on"))
	for _, c := range strategies {
		line := ""
		if c.strategy != "" {
			line = "ipStrategy: " + c.strategy + "\n"
		}
		gates := map[string]string{
			"bypass": gateAt("/addresses/none", "bypass: {ips: 192.0.2.7}"), "targeting": gateAt("/addresses/is"), "computed": gateAt("/addresses/computed"),
			"context": gateAt("/addresses/client") + "context: {client: 'c{ip}'}\n", "path": gateAt("/addresses/clients/{ip}"),
		}
		for kind, gate := range gates {
			inst := s.start(t, gate+line)
			check := func(requests []request, want int) {
				for _, q := range requests {
					if got := inst.status(q); got != want {
						t.Errorf("%s by %s with ipStrategy %s: %.200s", http.StatusText(got), kind, c.strategy, fmt.Sprintf("%+v", q))
					}
				}
			}
			check(c.yes, http.StatusOK)
			check(c.no, http.StatusForbidden)
			check(c.unknown, http.StatusForbidden)
		}
		// What can't be told opens no gate that is open to all others.
		open := s.start(t, gateAt("/addresses/is", "blockWhen: 'on'")+line)
		for _, q := range c.unknown {
			if got := open.status(q); got != http.StatusForbidden {
				t.Errorf("%d where the address can't be told, with ipStrategy %s: %.200s", got, c.strategy, fmt.Sprintf("%+v", q))
			}
		}
		header := s.start(t, "clusters: {$CLUSTER: {servers: $SERVERS}}\nrequestHeaders: [{name: X-Client, path: '/addresses/clients/{ip}', default: none}]\n"+strings.Replace(line, "x-client", "x-real-ip", 1))
		if a, _ := header.ask(from("@", "X-Client: 192.0.2.7")); a.service.Get("X-Client") != "none" {
			t.Errorf("a header is %q where the address can't be told, with ipStrategy %s", a.service.Get("X-Client"), c.strategy)
		}
	}
}

func testIPv6ClientsByTheirSubnet(t *testing.T, s *suite) {
	for lines, remote := range map[string]bool{"ipv6Subnet: 64": true, "depth: 1, ipv6Subnet: '64'": false, "header: X-Client, ipv6Subnet: 64": false} {
		inst := s.start(t, gateAt("/addresses/none", "bypass: {ips: '2001:db8:0:1::, 192.0.2.7'}")+"ipStrategy: {"+lines+"}\n")
		for address, want := range map[string]int{"2001:db8:0:1:2:3:4:5": 200, "2001:db8:0:1::": 200, "2001:db8:0:2::1": 403, "192.0.2.7": 200, "192.0.2.8": 403} {
			q := from("203.0.113.9:1", "X-Forwarded-For: "+address, "X-Client: "+address)
			if remote {
				q = from("["+address+"]:1", "X-Forwarded-For: 203.0.113.9")
			}
			if got := inst.status(q); got != want {
				t.Errorf("%s: %s gets %d", lines, address, got)
			}
		}
	}
}

// A list counts as it is now, without a reload. The first node that has one counts.
func testWhoGetsByIsListedInANode(t *testing.T, s *suite) {
	inst := s.start(t, gateAt("/listing/flag", "bypass: {ips: 203.0.113.0/24, ipsPath: [/listing/own, /listing/common]}"))
	expect := func(what string, client string, want int) {
		t.Helper()
		q := from(client + ":1")
		for deadline := time.Now().Add(10 * time.Second); inst.status(q) != want; time.Sleep(5 * time.Millisecond) {
			if time.Now().After(deadline) {
				t.Fatalf("%s: %s gets %d", what, client, inst.status(q))
			}
		}
	}
	expect("without a node", "192.0.2.7", 403)
	expect("without a node", "203.0.113.9", 200)
	s.admin.Put("/listing/common", []byte("# the office\n192.0.2.0/24\n10.0.0.1, 2001:db8::/32 # home\n"))
	expect("in a network", "192.0.2.7", 200)
	expect("an address", "10.0.0.1", 200)
	expect("IPv6", "[2001:db8::9]", 200)
	expect("beside them", "10.0.0.2", 403)
	expect("beside the list", "203.0.113.9", 200)
	s.admin.Put("/listing/own", []byte(`["10.0.0.2"]`))
	expect("the first list", "10.0.0.2", 200)
	expect("only the first list", "192.0.2.7", 403)
	s.admin.Put("/listing/own", []byte("# nobody"))
	expect("an empty list", "10.0.0.2", 403)
	expect("an empty list is a list", "192.0.2.7", 403)
	s.admin.Put("/listing/own", nil)
	expect("an empty node", "192.0.2.7", 200)
	s.admin.Put("/listing/flag", []byte("on"))
	expect("open", "10.9.9.9", 200)
	s.admin.Put("/listing/flag", []byte("off"))
	expect("closed", "10.9.9.9", 403)
	s.admin.Delete("/listing/common")
	expect("the list is gone", "192.0.2.7", 403)
	expect("the list is gone", "203.0.113.9", 200)
}

func testListThatCantBeUsed(t *testing.T, s *suite) {
	s.admin.Put("/unusable/first", []byte("10.0.0.0/33"))
	s.admin.Put("/unusable/list", []byte("192.0.2.7"))
	inst := s.start(t, gateAt("/unusable/flag", "bypass: {ipsPath: /unusable/list}")+"  - {path: /unusable/flag, bypass: {ipsPath: '/unusable/first,/unusable/list'}}\n"+statusLine)
	if got := inst.status(from("192.0.2.7:1")); got != http.StatusOK {
		t.Fatalf("a bad node in front of the list: %d", got)
	}
	before := s.plugin.Output()
	s.admin.Put("/unusable/list", []byte("10.0.0.1\n\nhome, 192.0.2.7"))
	const want = `/unusable/list refused as networks: it has "home" in line 3, where there should be an address or a network, as in 192.0.2.1`
	for deadline := time.Now().Add(10 * time.Second); !strings.Contains(strings.TrimPrefix(s.plugin.Output(), before), want); time.Sleep(5 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatal("the log doesn't say what is wrong with the list")
		}
	}
	if got := inst.status(from("192.0.2.7:1")); got != http.StatusOK {
		t.Errorf("the last good list is gone: %d", got)
	}
	if got := inst.status(from("10.0.0.1:1")); got != http.StatusForbidden {
		t.Errorf("a part of a bad list counts: %d", got)
	}
	s.admin.Put("/unusable/list", []byte("10.0.0.1"))
	for deadline := time.Now().Add(10 * time.Second); inst.status(from("10.0.0.1:1")) != http.StatusOK; time.Sleep(5 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatal("the mended list doesn't count")
		}
	}
	if got := inst.status(from("192.0.2.7:1")); got != http.StatusForbidden {
		t.Errorf("the former list still counts: %d", got)
	}
}

// As many networks as a list may have, of all lengths, cost a request microseconds.
func testLongList(t *testing.T, s *suite) {
	var list []string
	for i := range 10000 {
		list = append(list, fmt.Sprintf("10.%d.%d.0/%d", i/256, i%256, 24+i%9), fmt.Sprintf("2001:db8:%x::/%d", i, 48+i%81))
	}
	s.admin.Put("/long/list", []byte(strings.Join(list[:10000], "\n")))
	inst := s.start(t, gateAt("/long/flag", "bypass: {ipsPath: /long/list}"))
	for client, want := range map[string]int{"10.1.2.0": 200, "10.250.0.1": 403, "[2001:db8:12::]": 200, "[2001:db9::1]": 403} {
		q := from(client + ":1")
		if got := inst.status(q); got != want {
			t.Errorf("%s gets %d", client, got)
		}
		best := time.Hour
		for range 20 {
			began := time.Now()
			inst.status(q)
			best = min(best, time.Since(began))
		}
		if best > 2*time.Millisecond {
			t.Errorf("%s takes %v", client, best)
		}
	}
	s.admin.Put("/long/other", []byte(strings.Join(list[:10001], "\n")))
	if got := s.start(t, gateAt("/long/flag", "bypass: {ipsPath: /long/other}")).status(from("10.1.2.0:1")); got != http.StatusForbidden {
		t.Errorf("a list that is too long counts: %d", got)
	}
}
