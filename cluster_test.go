package zookeeper

import (
	"net"
	"net/netip"
	"strconv"
	"strings"
	"testing"
	"unicode"
)

// FuzzServers: a connection string that passes means what it says, in whatever
// order and spelling; what passes once, passes in its normal form.
func FuzzServers(f *testing.F) {
	for _, text := range []string{
		"zk1", "zk1:2181,zk2:2182/edge", " ZK1 , zk1:2181 /", "[2001:db8::1]:2182,10.0.0.1/a/b", "[fe80::1%eth0]", "[fe80::1%Eth0]:2181",
		"", ",", "/", "/a", "zk1,", "zk1,,zk2", "zk1,/a", "zk1/a ", "zk1:0", "zk1:65536", "zk1:+1", "zk1:x", "zk1:", ":2181", "::1", "[::1", "::1]", "[zk1]", "zk 1", "zk1\x00", "zk1\x7f:1", "zk1/a,zk2/b", "zk1/a/",
		"user@zk1", "zk://zk1", "[::ffff:10.0.0.1]", "zk1\u00a0", "\u3000zk1",
	} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		s, err := settingsOf(text)
		if err != nil {
			if plainServers(text) {
				t.Errorf("%q is refused: %v", text, err)
			}
			return
		}
		for _, server := range s.servers {
			checkAddress(t, text, server)
		}
		if s.chroot != "" && !serverAllows(s.chroot) {
			t.Errorf("%q has the chroot %q", text, s.chroot)
		}
		backwards := append([]string{}, s.servers...)
		for i, server := range s.servers {
			backwards[len(backwards)-1-i] = " " + swapCase(server)
		}
		for _, same := range [][]string{s.servers, backwards, append(backwards, s.servers...)} {
			again, err := settingsOf(strings.Join(same, ",") + s.chroot)
			if err != nil || again.id != s.id {
				t.Errorf("%q is %q; %q isn't the same: %v", text, s.describe(), same, err)
			}
		}
		for _, path := range []string{"/", "/a", "/a/b"} {
			if full := chroot(s.chroot).full(path); chroot(s.chroot).relative(full) != path || !strings.HasPrefix(full, s.chroot) || !serverAllows(full) {
				t.Errorf("%q: %s is %q, and back %q", text, path, full, chroot(s.chroot).relative(full))
			}
		}
	})
}

func settingsOf(text string) (*settings, error) {
	f := &problemList{}
	s := checkCluster("c", Cluster{Servers: []string{text}}, f)
	return s, f.err()
}

// checkAddress tells whether a client can do something with a server.
func checkAddress(t *testing.T, text, server string) {
	t.Helper()
	host, port, err := net.SplitHostPort(server)
	number, wrong := strconv.Atoi(port)
	if err != nil || wrong != nil || number < 1 || number > 65535 || strconv.Itoa(number) != port {
		t.Fatalf("%q has the server %q: %v", text, server, err)
	}
	if _, err := netip.ParseAddr(host); err == nil {
		return
	}
	unfit := func(r rune) bool {
		return unicode.IsSpace(r) || !unicode.IsPrint(r) || strings.ContainsRune(`"'/\<>{}[]()@:;,?#%=&*!$|`, r)
	}
	if host == "" || strings.ContainsFunc(host, unfit) {
		t.Errorf("%q has the host %q", text, host)
	}
}

// swapCase changes what has no case: names of hosts, not those of an address's zone.
func swapCase(server string) string {
	if strings.Contains(server, "%") {
		return server
	}
	return strings.Map(func(r rune) rune {
		if r <= unicode.MaxASCII {
			return unicode.ToUpper(r)
		}
		return r // where upper and lower case aren't each other's opposite
	}, server)
}

// plainServers tells whether a text is beyond doubt: names of letters and digits,
// with or without ports of four digits, among any number of commas.
func plainServers(text string) bool {
	if strings.Trim(text, ",") == "" {
		return false
	}
	for _, server := range strings.Split(text, ",") {
		if server == "" {
			continue
		}
		host, port, given := strings.Cut(server, ":")
		if host == "" || strings.Trim(strings.ToLower(host), "abcdefghijklmnopqrstuvwxyz0123456789-.") != "" {
			return false
		}
		if given && (len(port) != 4 || strings.Trim(port, "123456789") != "") {
			return false
		}
	}
	return true
}

func TestClusterSettings(t *testing.T) {
	same := [][]string{
		{"zk1:2181,zk2:2182/edge"},
		{"zk1", "zk2:2182/edge"},
		{" zk2:2182, zk1:2181/edge"},
		{"ZK1", "zk2:2182", "zk1:2181/edge"},
	}
	want := "zk1:2181,zk2:2182/edge 4s"
	for _, servers := range same {
		f := &problemList{}
		s := checkCluster("c", Cluster{Servers: servers}, f)
		if s.describe() != want || f.err() != nil {
			t.Errorf("%q gives %q, %v", servers, s.describe(), f.err())
		}
	}
	f := &problemList{}
	s := checkCluster("c", Cluster{Servers: []string{"[2001:db8::1]", "[fe80::1%eth0]:2182/"}, SessionTimeout: "1m"}, f)
	if want := "[2001:db8::1]:2181,[fe80::1%eth0]:2182 1m0s"; s.describe() != want || f.err() != nil {
		t.Errorf("IPv6 gives %q, %v", s.describe(), f.err())
	}
}
