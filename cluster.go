package zookeeper

import (
	"net"
	"regexp"
	"strconv"
	"strings"
	"time"
)

const (
	defaultPort           = "2181"
	defaultSessionTimeout = 4 * time.Second
	// A millisecond is ZooKeeper's unit, a signed 32-bit number its type.
	shortestSessionTimeout = time.Millisecond
	longestSessionTimeout  = 24 * 24 * time.Hour
)

// settings is a Cluster checked and normalised: two definitions mean the same
// when their settings have the same id.
type settings struct {
	id             string
	servers        []string
	chroot         string
	sessionTimeout time.Duration
	credentials    *credentials // nil for none
	tls            *TLS         // nil for none
}

// describe names what may be seen.
func (s *settings) describe() string {
	return strings.Join(s.servers, ",") + s.chroot + " " + s.sessionTimeout.String()
}

func checkCluster(key string, c Cluster, f *problemList) *settings {
	s := readCluster(key, c, f)
	s.id = strings.Join([]string{s.describe(), s.credentials.id(), tlsID(s.tls)}, "\x00")
	return s
}

func readCluster(key string, c Cluster, f *problemList) *settings {
	s := &settings{sessionTimeout: defaultSessionTimeout, credentials: checkCredentials(key, c, f), tls: copyOf(c.TLS)}
	checkTLS(key+".tls", c.TLS, f)
	connection := strings.Join(c.Servers, ",")
	hasScheme := strings.Contains(connection, "://")
	hosts, path, _ := strings.Cut(connection, "/")
	if strings.Contains(hosts, "@") || hasScheme && strings.Contains(connection, "@") {
		f.add(key+".servers", hidden, "a connection string has no credentials; write host:port,host:port/chroot, and set username, and password, passwordFile or passwordEnv")
		return s
	}
	if hasScheme {
		f.add(key+".servers", connection, "a connection string has no scheme; write "+withoutSchemes(connection))
		return s
	}
	if len(hosts) < len(connection) {
		s.chroot = checkChroot(key+".servers", "/"+path, f)
	}
	named := map[string]bool{}
	for _, host := range strings.Split(hosts, ",") {
		host = strings.TrimSpace(host)
		if host != "" { // ZooKeeper's own clients take zk1,,zk2 and zk1,/edge
			named[checkServer(key+".servers", host, f)] = true
		}
	}
	if len(named) == 0 {
		f.add(key+".servers", connection, "name at least one server, as in zk1:2181,zk2:2181")
		return s
	}
	s.servers = sortedKeys(named)
	if c.SessionTimeout != "" {
		s.sessionTimeout = checkSessionTimeout(key+".sessionTimeout", c.SessionTimeout, f)
	}
	return s
}

// schemes are what URLs have in front of a host.
var schemes = regexp.MustCompile(`[A-Za-z0-9+.-]*://`)

// withoutSchemes is what was meant, or how to come to it where that is long.
func withoutSchemes(connection string) string {
	meant := strings.TrimSpace(schemes.ReplaceAllString(connection, ""))
	if meant == "" || len(meant) > longestQuote {
		return "host:port,host:port/chroot"
	}
	return meant
}

func checkChroot(key, chroot string, f *problemList) string {
	if chroot == "/" {
		return ""
	}
	if strings.Contains(chroot, ",") {
		f.add(key, chroot, "one chroot, behind the last server")
		return ""
	}
	fault := pathFault(chroot)
	if fault == "" {
		fault = spaceFault(chroot)
	}
	if fault != "" {
		f.add(key, chroot, "as a chroot it "+fault)
	}
	return chroot
}

func checkServer(key, server string, f *problemList) string {
	const remedy = "write host:port, with IPv6 addresses in brackets"
	host, port := server, defaultPort
	if strings.HasPrefix(server, "[") && strings.HasSuffix(server, "]") {
		host = server[1 : len(server)-1]
	} else if before, isBare := strings.CutSuffix(server, ":"); isBare && !strings.Contains(before, ":") {
		host = before
	} else if strings.Contains(server, ":") {
		h, p, err := net.SplitHostPort(server)
		if err != nil {
			f.add(key, server, remedy)
			return server
		}
		host, port = h, p
	}
	number, err := strconv.Atoi(port)
	if err != nil || number < 1 || number > 65535 {
		f.add(key, server, "a port is a number from 1 to 65535")
	}
	if !validHost(host) {
		f.add(key, server, remedy)
	}
	return net.JoinHostPort(normalised(host), strconv.Itoa(number))
}

// normalised is the one way to write a host. The zone of an address is the name of
// an interface, which has its case.
func normalised(host string) string {
	address, zone, zoned := strings.Cut(host, "%")
	ip := net.ParseIP(address)
	if ip != nil && zoned {
		return ip.String() + "%" + zone
	}
	if ip != nil {
		return ip.String()
	}
	return strings.ToLower(host)
}

// validHost is lenient: what a resolver understands is its business. It refuses
// what can't be a name or an address at all.
func validHost(host string) bool {
	if strings.Contains(host, ":") {
		address, zone, zoned := strings.Cut(host, "%")
		return net.ParseIP(address) != nil && zoned == (zone != "") && !noHost.MatchString(zone)
	}
	return host != "" && !noHost.MatchString(host)
}

var noHost = regexp.MustCompile(`[^\pL\pN\pM\pS\pP]|["'@?#\[\]{}()<>\\|=;&*!$%,/]|\x{FFFD}`)

func checkSessionTimeout(key, text string, f *problemList) time.Duration {
	d, err := time.ParseDuration(strings.TrimSpace(text))
	if err != nil {
		f.add(key, text, "a duration with its unit, as in 4s")
		return defaultSessionTimeout
	}
	if d < shortestSessionTimeout || d > longestSessionTimeout {
		f.add(key, text, "a duration from 1ms to 576h, as in 4s")
		return defaultSessionTimeout
	}
	return d
}

// A chroot is the node that all paths of a cluster start from; empty for the root.
type chroot string

// full is a path with the chroot.
func (c chroot) full(path string) string {
	if path == "/" && c != "" {
		return string(c)
	}
	return string(c) + path
}

// relative is a path without the chroot.
func (c chroot) relative(full string) string {
	if full == string(c) {
		return "/"
	}
	return strings.TrimPrefix(full, string(c))
}

// hasPasswordFile tells whether there is a file to look at.
func (s *settings) hasPasswordFile() bool { return s.credentials != nil && s.credentials.file != "" }

// sameEnsemble tells whether two definitions mean the same ensemble: they have a
// server in common, and the same chroot.
func (s *settings) sameEnsemble(other *settings) bool {
	if s.chroot != other.chroot {
		return false
	}
	for _, server := range s.servers {
		for _, known := range other.servers {
			if server == known {
				return true
			}
		}
	}
	return false
}
