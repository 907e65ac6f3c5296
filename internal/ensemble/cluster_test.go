package ensemble

import (
	"net"
	"net/netip"
	"strconv"
	"strings"
	"testing"
	"unicode"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/mod-zookeeper/traefik-zookeeper/config"
	"github.com/mod-zookeeper/traefik-zookeeper/internal/problems"
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
		for _, server := range s.Servers {
			checkAddress(t, text, server)
		}
		if s.Chroot != "" && !serverAllows(s.Chroot) {
			t.Errorf("%q has the chroot %q", text, s.Chroot)
		}
		backwards := append([]string{}, s.Servers...)
		for i, server := range s.Servers {
			backwards[len(backwards)-1-i] = " " + swapCase(server)
		}
		for _, same := range [][]string{s.Servers, backwards, append(backwards, s.Servers...)} {
			again, err := settingsOf(strings.Join(same, ",") + s.Chroot)
			if err != nil || again.ID != s.ID {
				t.Errorf("%q is %q; %q isn't the same: %v", text, s.Describe(), same, err)
			}
		}
		for _, path := range []string{"/", "/a", "/a/b"} {
			if full := Chroot(s.Chroot).Full(path); Chroot(s.Chroot).Relative(full) != path || !strings.HasPrefix(full, s.Chroot) || !serverAllows(full) {
				t.Errorf("%q: %s is %q, and back %q", text, path, full, Chroot(s.Chroot).Relative(full))
			}
		}
	})
}

// serverAllows tells whether a node can have this path: an automaton over the
// units that Java's strings consist of.
func serverAllows(path string) bool {
	if path == "/" {
		return true
	}
	if path == "" || path[0] != '/' || path[len(path)-1] == '/' || !utf8.ValidString(path) {
		return false
	}
	length, dots := 0, 0 // of the segment so far
	for _, unit := range append(utf16.Encode([]rune(path))[1:], '/') {
		switch {
		case unit == '/':
			if length == 0 || length == dots && dots <= 2 {
				return false
			}
			length, dots = 0, 0
			continue
		case unit == '.':
			dots++
		case unit < 0x20, unit >= 0x7f && unit <= 0x9f, unit >= 0xd800 && unit <= 0xf8ff, unit >= 0xfff0:
			return false
		}
		length++
	}
	return true
}

func settingsOf(text string) (*Settings, error) {
	list := &problems.List{}
	s := Check("c", config.Cluster{Servers: []string{text}}, list)
	return s, list.Err()
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
		list := &problems.List{}
		s := Check("c", config.Cluster{Servers: servers}, list)
		if s.Describe() != want || list.Err() != nil {
			t.Errorf("%q gives %q, %v", servers, s.Describe(), list.Err())
		}
	}
	list := &problems.List{}
	s := Check("c", config.Cluster{Servers: []string{"[2001:db8::1]", "[fe80::1%eth0]:2182/"}, SessionTimeout: "1m"}, list)
	if want := "[2001:db8::1]:2181,[fe80::1%eth0]:2182 1m0s"; s.Describe() != want || list.Err() != nil {
		t.Errorf("IPv6 gives %q, %v", s.Describe(), list.Err())
	}
}
