package ensemble

import (
	"net"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/mod-zookeeper/traefik-zookeeper/config"
	"github.com/mod-zookeeper/traefik-zookeeper/internal/lists"
	"github.com/mod-zookeeper/traefik-zookeeper/internal/problems"
	"github.com/mod-zookeeper/traefik-zookeeper/internal/value"
)

const (
	defaultPort           = "2181"
	defaultSessionTimeout = 4 * time.Second
	// A millisecond is ZooKeeper's unit, a signed 32-bit number its type.
	shortestSessionTimeout = time.Millisecond
	longestSessionTimeout  = 24 * 24 * time.Hour
)

// checkAnew is Check of a definition that isn't known yet.
func checkAnew(key string, c config.Cluster, list *problems.List) *Settings {
	s := readCluster(key, c, list)
	s.ID = strings.Join([]string{s.Describe(), s.Credentials.ID(), tlsID(s.tls)}, "\x00")
	return s
}

// readCluster is checkAnew, but for the ID.
func readCluster(key string, c config.Cluster, list *problems.List) *Settings {
	s := &Settings{SessionTimeout: defaultSessionTimeout, Credentials: checkCredentials(key, c, list), tls: copyOf(c.TLS)}
	checkTLS(key+".tls", c.TLS, list)
	connection := strings.Join(c.Servers, ",")
	hasScheme := strings.Contains(connection, "://")
	hosts, path, _ := strings.Cut(connection, "/")
	if strings.Contains(hosts, "@") || hasScheme && strings.Contains(connection, "@") {
		list.Add(key+".servers", problems.Hidden, "a connection string has no credentials; write host:port,host:port/chroot, and set username, and password, passwordFile or passwordEnv")
		return s
	}
	if hasScheme {
		list.Add(key+".servers", connection, "a connection string has no scheme; write "+withoutSchemes(connection))
		return s
	}
	if len(hosts) < len(connection) {
		s.Chroot = checkChroot(key+".servers", "/"+path, list)
	}
	named := map[string]bool{}
	for _, host := range strings.Split(hosts, ",") {
		host = strings.TrimSpace(host)
		if host != "" { // ZooKeeper's own clients accept zk1,,zk2 and zk1,/edge
			named[checkServer(key+".servers", host, list)] = true
		}
	}
	if len(named) == 0 {
		list.Add(key+".servers", connection, "name at least one server, as in zk1:2181,zk2:2181")
		return s
	}
	s.Servers = lists.SortedKeys(named)
	timeout := config.Text(c.SessionTimeout)
	if timeout != "" {
		s.SessionTimeout = checkSessionTimeout(key+".sessionTimeout", timeout, list)
	}
	return s
}

// schemes matches what URLs have in front of a host.
var schemes = regexp.MustCompile(`[A-Za-z0-9+.-]*://`)

// withoutSchemes is the connection string that was probably meant. Where that is too long
// for an error, it shows the form.
func withoutSchemes(connection string) string {
	meant := strings.TrimSpace(schemes.ReplaceAllString(connection, ""))
	if meant == "" || len(meant) > problems.LongestQuote {
		return "host:port,host:port/chroot"
	}
	return meant
}

// checkChroot is the chroot; empty for the root.
func checkChroot(key, chroot string, list *problems.List) string {
	if chroot == "/" {
		return ""
	}
	if strings.Contains(chroot, ",") {
		list.Add(key, chroot, "one chroot, behind the last server")
		return ""
	}
	fault := value.PathFault(chroot)
	if fault == "" {
		fault = value.SpaceFault(chroot)
	}
	if fault != "" {
		list.Add(key, chroot, "as a chroot it "+fault)
	}
	return chroot
}

// checkServer is a server as host:port, in the one way to write it.
func checkServer(key, server string, list *problems.List) string {
	const remedy = "write host:port, with IPv6 addresses in brackets"
	host, port := server, defaultPort
	if strings.HasPrefix(server, "[") && strings.HasSuffix(server, "]") {
		host = server[1 : len(server)-1]
	} else if before, isBare := strings.CutSuffix(server, ":"); isBare && !strings.Contains(before, ":") {
		host = before
	} else if strings.Contains(server, ":") {
		h, p, err := net.SplitHostPort(server)
		if err != nil {
			list.Add(key, server, remedy)
			return server
		}
		host, port = h, p
	}
	number, err := strconv.Atoi(port)
	if err != nil || number < 1 || number > 65535 {
		list.Add(key, server, "a port is a number from 1 to 65535")
	}
	if !validHost(host) {
		list.Add(key, server, remedy)
	}
	return net.JoinHostPort(normalised(host), strconv.Itoa(number))
}

// normalised is the one way to write a host. The zone of an address keeps its case, since it
// is the name of an interface.
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

// validHost refuses what can't be a name or an address at all. Which names there are is the
// resolver's business.
func validHost(host string) bool {
	if strings.Contains(host, ":") {
		address, zone, zoned := strings.Cut(host, "%")
		return net.ParseIP(address) != nil && zoned == (zone != "") && !noHost.MatchString(zone)
	}
	return host != "" && !noHost.MatchString(host)
}

// noHost matches a character that no name has.
var noHost = regexp.MustCompile(`[^\pL\pN\pM\pS\pP]|["'@?#\[\]{}()<>\\|=;&*!$%,/]|\x{FFFD}`)

var bareNumber = regexp.MustCompile(`^[0-9]+$`)

// checkSessionTimeout is a session timeout, or the default where the text is a mistake.
func checkSessionTimeout(key, text string, list *problems.List) time.Duration {
	text = strings.TrimSpace(text)
	d, err := time.ParseDuration(text)
	if err != nil {
		remedy := "a duration with its unit, as in 4s"
		if bareNumber.MatchString(text) {
			remedy += "; for the milliseconds of a ZKCluster directive, write " + text + "ms"
		}
		list.Add(key, text, remedy)
		return defaultSessionTimeout
	}
	if d < shortestSessionTimeout || d > longestSessionTimeout {
		list.Add(key, text, "a duration from 1ms to 576h, as in 4s")
		return defaultSessionTimeout
	}
	return d
}
