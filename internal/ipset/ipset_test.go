package ipset

import (
	"math/rand"
	"net"
	"net/netip"
	"strconv"
	"strings"
	"testing"
)

func setOf(t testing.TB, texts ...string) *Set {
	t.Helper()
	s := New()
	for _, text := range texts {
		network, ok := ParseNetwork(text)
		if !ok {
			t.Fatalf("%q is no network", text)
		}
		Add(s, network)
	}
	return s
}

func TestNetworks(t *testing.T) {
	for text, want := range map[string]string{
		"10.0.0.0/8": "10.0.0.0/8", "10.1.2.3/8": "10.0.0.0/8", "10.0.0.1": "10.0.0.1/32", "::ffff:10.0.0.1": "10.0.0.1/32", "::ffff:10.0.0.1/104": "10.0.0.0/8",
		"2001:DB8::1": "2001:db8::1/128", "2001:db8:0:1::/32": "2001:db8::/32", "0.0.0.0/0": "0.0.0.0/0", "::/0": "::/0", "::ffff:0:0/96": "0.0.0.0/0", "::ffff:0:0/95": "::fffe:0:0/95",
	} {
		got, ok := ParseNetwork(text)
		if !ok || got.String() != want {
			t.Errorf("%s gives %s, %t; want %s", text, got, ok, want)
		}
	}
	for _, text := range []string{
		"", "host", "10.0.0", "10.0.0.0/33", "10.0.0.0/", "10.0.0.0/-1", "10.0.0.0/08", "010.0.0.1", "10.0.0.1 ", "10.0.0.1:80", "[::1]", "::/129", "fe80::1%eth0", "fe80::%eth0/10",
		"10.0.0.0/255.0.0.0", "10.0.0.0/8/8", strings.Repeat("1", 1<<20),
	} {
		if got, ok := ParseNetwork(text); ok {
			t.Errorf("%q gives %s", text, got)
		}
	}
}

func TestAddressesOfASet(t *testing.T) {
	s := setOf(t, "10.0.0.0/8", "10.1.0.0/16", "192.0.2.7", "2001:db8::/32", "::1")
	for text, want := range map[string]bool{
		"10.0.0.0": true, "10.255.255.255": true, "10.1.2.3": true, "192.0.2.7": true, "2001:db8::9": true, "::1": true,
		"9.255.255.255": false, "11.0.0.0": false, "192.0.2.6": false, "192.0.2.8": false, "2001:db9::": false, "::2": false, "127.0.0.1": false,
	} {
		if got := Contains(s, netip.MustParseAddr(text)); got != want {
			t.Errorf("%s: %t", text, got)
		}
	}
	if Contains(nil, netip.MustParseAddr("10.0.0.1")) || Contains(New(), netip.MustParseAddr("10.0.0.1")) || Contains(s, netip.Addr{}) {
		t.Error("an address is in an empty set, or no address is in a set")
	}
	if all := setOf(t, "::/0"); Contains(all, netip.MustParseAddr("10.0.0.1")) || !Contains(all, netip.MustParseAddr("2001:db8::1")) {
		t.Error("all of IPv6 has IPv4 in it, or lacks some of IPv6")
	}
}

// The set has the addresses in it that package net finds in the same networks.
func TestSetsAreThoseOfPackageNet(t *testing.T) {
	random := rand.New(rand.NewSource(1))
	// Few values for each byte, so that addresses are near to networks.
	address := func() netip.Addr {
		bytes := make([]byte, []int{4, 16}[random.Intn(2)])
		for i := range bytes {
			bytes[i] = []byte{0, 0, 1, 255}[random.Intn(4)]
		}
		if random.Intn(4) == 0 && len(bytes) == 16 {
			copy(bytes, []byte{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 255, 255})
		}
		a, _ := netip.AddrFromSlice(bytes)
		return a
	}
	for range 2000 {
		var texts []string
		var networks []*net.IPNet
		for range random.Intn(4) {
			text := address().String() + "/" + strconv.Itoa(random.Intn(129))
			if _, network, err := net.ParseCIDR(text); err == nil {
				texts = append(texts, text)
				networks = append(networks, network)
			}
		}
		s := setOf(t, texts...)
		for range 10 {
			a := address()
			want := false
			for _, network := range networks {
				want = want || network.Contains(net.ParseIP(a.String()))
			}
			if got := Contains(s, a.Unmap()); got != want {
				t.Errorf("%s in %q: %t, package net says %t", a, texts, got, want)
			}
		}
	}
}
