package request

import (
	"math/rand"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/mod-zookeeper/traefik-zookeeper/flag"
	"github.com/mod-zookeeper/traefik-zookeeper/internal/ipset"
)

// addressedTo is a request of 192.0.2.1 with headers, each as it would be on the wire.
func addressedTo(lines ...string) *http.Request {
	r := &http.Request{RemoteAddr: "192.0.2.1:1234", Header: http.Header{}}
	for _, line := range lines {
		name, value, _ := strings.Cut(line, ": ")
		r.Header.Add(name, value)
	}
	return r
}

func addressText(s *IPStrategy, r *http.Request) string {
	address, fault := ClientAddress(s, r)
	if fault != "" {
		return ""
	}
	return address.String()
}

// Where nothing is said of the proxies, the address is what Traefik says it is, in one
// spelling, unless X-Forwarded-For contradicts. Without both it is the other end of the
// connection.
func TestTrustedAddress(t *testing.T) {
	for _, c := range []struct {
		want  string // empty where it can't be told
		lines []string
	}{
		{"192.0.2.1", nil},
		{"192.0.2.1", []string{"X-Real-Ip: "}},
		{"192.0.2.7", []string{"X-Real-Ip: 192.0.2.7"}},
		{"2001:db8::7", []string{"X-Real-Ip: 2001:DB8:0::7"}},
		{"192.0.2.7", []string{"X-Real-Ip: ::ffff:192.0.2.7"}},
		{"192.0.2.7", []string{"X-Real-Ip: 192.0.2.7:80"}},
		{"fe80::1", []string{"X-Real-Ip: fe80::1%eth0"}},
		{"", []string{"X-Real-Ip: 192.0.2.7", "X-Real-Ip: 192.0.2.8"}},
		{"", []string{"X-Real-Ip: 192.0.2.7", "X-Real-Ip: 192.0.2.7"}},
		{"", []string{"X-Real-Ip: ", "X-Real-Ip: 192.0.2.7"}},
		{"", []string{"X-Real-Ip: no address"}},
		{"", []string{"X-Real-Ip: 192.0.2.7, 192.0.2.8"}},
		{"", []string{"X-Real-Ip: " + strings.Repeat("1", 1<<20)}},
		{"192.0.2.7", []string{"X-Real-Ip: 192.0.2.7", "X-Forwarded-For: 192.0.2.7"}},
		{"192.0.2.7", []string{"X-Real-Ip: 192.0.2.7", "X-Forwarded-For: 10.0.0.1, 192.0.2.7"}},
		{"192.0.2.7", []string{"X-Real-Ip: 192.0.2.7", "X-Forwarded-For: 10.0.0.1", "X-Forwarded-For: 192.0.2.7"}},
		{"192.0.2.7", []string{"X-Real-Ip: 192.0.2.7", "X-Forwarded-For: 10.0.0.1,::ffff:192.0.2.7 "}},
		{"192.0.2.7", []string{"X-Real-Ip: 192.0.2.7", "X-Forwarded-For: 10.0.0.1," + strings.Repeat(" ", 1000) + "192.0.2.7"}},
		{"", []string{"X-Real-Ip: 192.0.2.7", "X-Forwarded-For: 192.0.2.8"}},
		{"", []string{"X-Real-Ip: 192.0.2.7", "X-Forwarded-For: 192.0.2.7, 192.0.2.8"}},
		{"", []string{"X-Real-Ip: 192.0.2.7", "X-Forwarded-For: 192.0.2.7", "X-Forwarded-For: 192.0.2.8"}},
		{"", []string{"X-Real-Ip: 192.0.2.7", "X-Forwarded-For: 192.0.2.7,"}},
		{"", []string{"X-Real-Ip: 192.0.2.7", "X-Forwarded-For: "}},
		{"", []string{"X-Real-Ip: x", "X-Forwarded-For: x"}},
		{"", []string{"X-Forwarded-For: 192.0.2.7"}},
		{"", []string{"X-Real-Ip: 192.0.2.7", "X-Forwarded-For: " + strings.Repeat("192.0.2.7,", 2000) + "192.0.2.7"}},
		{"", append(strings.Split(strings.Repeat("X-Forwarded-For: 192.0.2.7|", 17), "|")[:17], "X-Real-Ip: 192.0.2.7")},
	} {
		if got := addressText(nil, addressedTo(c.lines...)); got != c.want {
			t.Errorf("%.200q: %q, want %q", c.lines, got, c.want)
		}
	}
	for remote, want := range map[string]string{"[2001:db8::1]:1234": "2001:db8::1", "[fe80::1%eth0]:1234": "fe80::1", "192.0.2.1": "192.0.2.1", "@": "", "": ""} {
		for _, s := range []*IPStrategy{nil, {}} {
			if got := addressText(s, &http.Request{RemoteAddr: remote}); got != want {
				t.Errorf("%q: %q, want %q", remote, got, want)
			}
		}
	}
}

// Whoever asks for an address that can't be told learns why.
func TestAddressesThatCantBeTold(t *testing.T) {
	excluded := ipset.New()
	network, _ := ipset.ParseNetwork("10.0.0.0/8")
	ipset.Add(excluded, network)
	for _, c := range []struct {
		strategy *IPStrategy
		lines    []string
		want     string
	}{
		{nil, []string{"X-Real-Ip: 192.0.2.7", "X-Forwarded-For: 192.0.2.8"}, "X-Real-Ip and X-Forwarded-For name different clients; set ipStrategy"},
		{nil, []string{"X-Forwarded-For: 192.0.2.8"}, "no X-Real-Ip"},
		{nil, []string{"X-Real-Ip: 192.0.2.7", "X-Real-Ip: 192.0.2.7"}, "several lines"},
		{&IPStrategy{Depth: 2}, []string{"X-Forwarded-For: 192.0.2.8"}, "fewer addresses than the depth"},
		{&IPStrategy{Depth: 1}, nil, `is ""`},
		{&IPStrategy{Depth: 1}, []string{"X-Forwarded-For: unknown"}, `is "unknown"`},
		{&IPStrategy{Depth: 1}, []string{"X-Forwarded-For: " + strings.Repeat("1", 100)}, "longer than 64 bytes"},
		{&IPStrategy{Depth: 1}, []string{"X-Forwarded-For: " + strings.Repeat("1", 1<<20)}, "16 KB"},
		{&IPStrategy{Excluded: excluded}, []string{"X-Forwarded-For: 10.0.0.1, 10.0.0.2"}, "not among excludedIPs"},
		{&IPStrategy{Excluded: excluded}, []string{"X-Forwarded-For: 192.0.2.8" + strings.Repeat(", 10.0.0.1", MaxDepth)}, "more than 16"},
		{&IPStrategy{Excluded: excluded}, []string{"X-Forwarded-For: 192.0.2.8" + strings.Repeat(",", MaxDepth)}, "more than 16"},
		{&IPStrategy{Header: "X-Client"}, nil, "no header X-Client"},
		{&IPStrategy{Header: "X-Client"}, []string{"X-Client: 192.0.2.8", "X-Client: 192.0.2.8"}, "several lines"},
		{&IPStrategy{Header: "X-Client"}, []string{"X-Client: 192.0.2.8, 192.0.2.8"}, `is "192.0.2.8, 192.0.2.8"`},
	} {
		reader := &Reader{Request: addressedTo(c.lines...)}
		if got := expand(ClientIPTemplate(c.strategy), reader); got != "" || !strings.Contains(reader.Unread, c.want) {
			t.Errorf("%+v, %.100q: %q, %q; want %q", c.strategy, c.lines, got, reader.Unread, c.want)
		}
	}
}

// What reads a request finds its address by the strategy, and by no other.
func TestWhatGoesByAStrategy(t *testing.T) {
	s := &IPStrategy{Depth: 1}
	r := &Reader{Request: addressedTo("X-Real-Ip: 192.0.2.7", "X-Forwarded-For: 192.0.2.8", "X-A: a")}
	r.Request.URL = &url.URL{}
	key := mustParse(t, "{cookie.uid|ip}-{header.X-A}")
	path, _ := ParsePathTemplate("/tenants/{ip}/plan", 0)
	UseIPStrategy(key, s)
	UseIPStrategy(nil, s)
	UseIPStrategyInPath(path, s)
	configured := map[string]*Template{TargetingKey: key, ClientIP: ClientIPTemplate(s)}
	want := flag.Map{TargetingKey: "192.0.2.8-a", "ip": "192.0.2.8"}
	if got := ContextOf(AttributesFor([]string{TargetingKey, "ip"}, configured), r); !reflect.DeepEqual(got, want) {
		t.Errorf("the context is %v", got)
	}
	if all := WholeContext(configured, r); all["ip"] != "192.0.2.8" || all[TargetingKey] != "192.0.2.8-a" {
		t.Errorf("the whole context is %v", all)
	}
	if got, _ := PathFor(path, r); got != "/tenants/192.0.2.8/plan" {
		t.Errorf("the path is %s", got)
	}
	if r.Unread != "" {
		t.Error(r.Unread)
	}
}

// The rules of Traefik's ipAllowList, as its packages ip and config/dynamic have them: what
// its strategy picks, and what it compares with the ranges. The latter is no address where
// nothing would match.
func modelOfTraefik(s *IPStrategy, excluded []string, r *http.Request) netip.Addr {
	entries := strings.Split(r.Header.Get("X-Forwarded-For"), ",")
	subnet := func(text string) string {
		a, err := netip.ParseAddr(text)
		if s.IPv6Subnet == 0 || err != nil || !a.Is6() {
			return text
		}
		prefix, _ := a.Prefix(s.IPv6Subnet)
		return prefix.Addr().String()
	}
	picked := ""
	switch {
	case s.Depth > 0 && len(entries) >= s.Depth:
		picked = subnet(strings.TrimSpace(entries[len(entries)-s.Depth]))
	case s.Depth > 0:
	case s.Excluded != nil:
		slices.Reverse(entries)
		for _, entry := range entries {
			entry = strings.TrimSpace(entry)
			if entry != "" && !inRanges(excluded, entry) {
				picked = entry
				break
			}
		}
	default:
		host, _, err := net.SplitHostPort(r.RemoteAddr)
		if err == nil {
			picked = subnet(host)
		} else {
			picked = r.RemoteAddr
		}
	}
	if host, _, err := net.SplitHostPort(picked); err == nil {
		picked = host
	}
	a, err := netip.ParseAddr(picked)
	if err != nil {
		return netip.Addr{}
	}
	return netip.AddrFrom16(a.As16()).Unmap()
}

func inRanges(ranges []string, text string) bool {
	a, err := netip.ParseAddr(text)
	if err != nil {
		return false
	}
	bytes := a.As16()
	for _, r := range ranges {
		if ip := net.ParseIP(r); ip != nil && ip.Equal(bytes[:]) {
			return true
		}
		if _, network, err := net.ParseCIDR(r); err == nil && network.Contains(bytes[:]) {
			return true
		}
	}
	return false
}

// Without a header of its own, a strategy finds the address that Traefik's finds.
func TestStrategiesAreThoseOfTraefik(t *testing.T) {
	pool := []string{"10.0.0.1", "10.1.0.0/16", "2001:db8::/32"}
	excluded := ipset.New()
	for _, text := range pool {
		network, _ := ipset.ParseNetwork(text)
		ipset.Add(excluded, network)
	}
	entries := []string{
		"10.0.0.1", " 10.1.2.3", "192.0.2.7 ", "::ffff:10.1.2.3", "::ffff:192.0.2.7", "2001:db8::1", "2001:db9:1:2:3::4", "fe80::1%eth0", "10.0.0.1:80", "[2001:db9::1]:443", "[2001:db9::1]", "", " ",
		"unknown", "10.0.0", "192.0.2.7:x", ":80", "_hidden",
	}
	random := rand.New(rand.NewSource(1))
	for range 20000 {
		var line []string
		for range random.Intn(5) {
			line = append(line, entries[random.Intn(len(entries))])
		}
		r := &http.Request{RemoteAddr: []string{"192.0.2.1:1", "[2001:db8:1::1]:1", "[fe80::1%eth0]:1", "@", ""}[random.Intn(5)], Header: http.Header{}}
		if len(line) > 0 {
			r.Header["X-Forwarded-For"] = []string{strings.Join(line, ",")}
		}
		s := &IPStrategy{Depth: []int{0, 0, 1, 2, 3, 4, 16}[random.Intn(7)], IPv6Subnet: []int{0, 1, 48, 64, 128}[random.Intn(5)]}
		if random.Intn(2) == 0 {
			s.Excluded = excluded
		}
		got, fault := ClientAddress(s, r)
		if want := modelOfTraefik(s, pool, r); got != want || want.IsValid() != (fault == "") {
			t.Fatalf("%+v, %q from %s: %s, %q; Traefik has %s", s, line, r.RemoteAddr, got, fault, want)
		}
	}
}

// A host has one spelling, however a client writes it.
func TestHostOf(t *testing.T) {
	for host, want := range map[string]string{
		"www.example.com": "www.example.com", "WWW.Example.com:8443": "www.example.com", "www.example.com.": "www.example.com", "www.example.com.:80": "www.example.com",
		"[2001:DB8::1]": "2001:db8::1", "[2001:db8::1]:443": "2001:db8::1", "192.0.2.1:80": "192.0.2.1", "": "",
	} {
		if got := hostOf(&http.Request{Host: host}); got != want {
			t.Errorf("%q: %q, want %q", host, got, want)
		}
	}
}
