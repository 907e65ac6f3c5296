package request

import (
	"net"
	"net/http"
	"net/netip"
	"strings"

	"github.com/mod-zookeeper/traefik-zookeeper/internal/ipset"
	"github.com/mod-zookeeper/traefik-zookeeper/internal/problems"
)

// hostOf is the host that a request is for, in lower case, without the port and a final dot.
// Whatever is too long to be a host stays as it is.
func hostOf(r *http.Request) string {
	host := r.Host
	if len(host) > maxTextBytes {
		return host
	}
	name, _, err := net.SplitHostPort(host)
	if err == nil {
		host = name
	}
	return strings.ToLower(strings.TrimSuffix(strings.Trim(host, "[]"), "."))
}

// An IPStrategy says where the client's address stands, as in package config. Without
// anything set, that is the other end of the connection.
type IPStrategy struct {
	Header     string     // canonical; empty for none
	Depth      int        // up to MaxDepth; 0 for none
	Excluded   *ipset.Set // nil for none
	IPv6Subnet int        // the length of a prefix; 0 for none
}

// MaxDepth is how many addresses of X-Forwarded-For are looked at, from the right.
const MaxDepth = 16

// The headers that Traefik takes from the proxies only that its entrypoint trusts.
const (
	realIP       = "X-Real-Ip"
	forwardedFor = "X-Forwarded-For"
)

// These are the faults of requests that have no address for the client, as in Unread.
const (
	differentClients = "X-Real-Ip and X-Forwarded-For name different clients; set ipStrategy"
	noRealIP         = "there is X-Forwarded-For, and no X-Real-Ip that names the same client; set ipStrategy"
	tooManyProxies   = "X-Forwarded-For has more than 16 KB or 16 lines, or more than 16 of excludedIPs at its end"
	tooFewProxies    = "X-Forwarded-For has fewer addresses than the depth of ipStrategy"
	onlyExcluded     = "X-Forwarded-For has no address that is not among excludedIPs"
	tooLongAddress   = "what should be the client's address is longer than 64 bytes"
	severalLines     = "the header that has the client's address has several lines"
)

// ClientAddress is the client's address as a strategy finds it; nil is the default. IPv4 in
// the form of IPv6 is IPv4. The second result says why there is no address; it is empty
// where there is one.
func ClientAddress(s *IPStrategy, r *http.Request) (netip.Addr, string) {
	switch {
	case s == nil:
		return trustedAddress(r)
	case s.Header != "":
		return addressInHeader(s, r.Header[s.Header])
	case s.Depth > 0:
		return addressAtDepth(s, r)
	case s.Excluded != nil:
		return addressOfNoProxy(s.Excluded, r)
	}
	return remoteAddress(s.IPv6Subnet, r)
}

// trustedAddress is the address where nothing is said of the proxies in front. Traefik sets
// X-Real-Ip to the other end of the connection, unless a proxy that it trusts has sent it. A
// proxy that only appends to X-Forwarded-For lets a client send an X-Real-Ip of its own. So
// that counts only where the last entry of X-Forwarded-For is the same.
//
// Yaegi: most requests need only the first condition of it. All that sameAddress does takes
// three times as long.
func trustedAddress(r *http.Request) (netip.Addr, string) {
	lines, forwarded := r.Header[realIP], r.Header[forwardedFor]
	isForwarded := len(forwarded) > 0
	if len(lines) == 1 && lines[0] != "" && (!isForwarded || len(forwarded) == 1 && forwarded[0] == lines[0]) {
		return addressIn(lines[0], 0)
	}
	if len(lines) > 1 {
		return netip.Addr{}, severalLines
	}
	if len(lines) == 0 || lines[0] == "" {
		if isForwarded {
			return netip.Addr{}, noRealIP
		}
		return remoteAddress(0, r)
	}
	address, fault := addressIn(lines[0], 0)
	if fault != "" || !isForwarded {
		return address, fault
	}
	return sameAddress(address, r)
}

// sameAddress is the address, where it is the last one in X-Forwarded-For as well.
func sameAddress(address netip.Addr, r *http.Request) (netip.Addr, string) {
	line, whole := forwardedLine(r)
	if !whole {
		return netip.Addr{}, tooManyProxies
	}
	last, fault := addressIn(line[strings.LastIndexByte(line, ',')+1:], 0)
	if fault != "" || last != address {
		return netip.Addr{}, differentClients
	}
	return address, ""
}

// addressInHeader is the address in the lines of the strategy's header. A client may have
// sent some of several lines.
func addressInHeader(s *IPStrategy, lines []string) (netip.Addr, string) {
	if len(lines) == 0 {
		return netip.Addr{}, "there is no header " + s.Header
	}
	if len(lines) > 1 {
		return netip.Addr{}, severalLines
	}
	return addressIn(lines[0], s.IPv6Subnet)
}

// addressAtDepth is an entry of X-Forwarded-For, counted from the right.
func addressAtDepth(s *IPStrategy, r *http.Request) (netip.Addr, string) {
	line, whole := forwardedLine(r)
	if !whole {
		return netip.Addr{}, tooManyProxies
	}
	for i := 1; i < s.Depth; i++ {
		comma := strings.LastIndexByte(line, ',')
		if comma < 0 {
			return netip.Addr{}, tooFewProxies
		}
		line = line[:comma]
	}
	return addressIn(line[strings.LastIndexByte(line, ',')+1:], s.IPv6Subnet)
}

// addressOfNoProxy is the first entry of X-Forwarded-For from the right that is no excluded
// address. An empty one doesn't count.
func addressOfNoProxy(excluded *ipset.Set, r *http.Request) (netip.Addr, string) {
	line, whole := forwardedLine(r)
	if !whole {
		return netip.Addr{}, tooManyProxies
	}
	for i := 0; i < MaxDepth; i++ {
		comma := strings.LastIndexByte(line, ',')
		entry := strings.TrimSpace(line[comma+1:])
		if entry != "" && !isExcluded(excluded, entry) {
			return addressIn(entry, 0)
		}
		if comma < 0 {
			return netip.Addr{}, onlyExcluded
		}
		line = line[:comma]
	}
	return netip.Addr{}, tooManyProxies
}

// isExcluded tells whether an entry of X-Forwarded-For is an excluded address. As in Traefik,
// one with a port is none.
func isExcluded(excluded *ipset.Set, entry string) bool {
	if len(entry) > maxAddress {
		return false
	}
	address, err := netip.ParseAddr(entry)
	return err == nil && ipset.Contains(excluded, address.Unmap())
}

// remoteAddress is the address at the other end of the connection.
func remoteAddress(subnet int, r *http.Request) (netip.Addr, string) {
	return addressIn(remoteHost(r), subnet)
}

// remoteHost is the other end of the connection, without its port.
func remoteHost(r *http.Request) string {
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		return r.RemoteAddr
	}
	return host
}

// forwardedLine is all of X-Forwarded-For in one line, since a proxy may append a line of
// its own. The second result is false where there is too much of it.
func forwardedLine(r *http.Request) (string, bool) {
	return joined(r.Header[forwardedFor], ",", maxTextBytes)
}

// addressIn is the address that a text is, with white space around it and a port or without.
// An IPv6 address becomes the first one of its subnet, unless the subnet is 0. As in Traefik,
// one with a port doesn't.
func addressIn(text string, subnet int) (netip.Addr, string) {
	if len(text) > maxTextBytes {
		return netip.Addr{}, tooLongAddress
	}
	text = strings.TrimSpace(text)
	if len(text) > maxAddress {
		return netip.Addr{}, tooLongAddress
	}
	address, err := netip.ParseAddr(text)
	if err != nil {
		return addressWithPort(text)
	}
	if subnet > 0 && address.Is6() {
		prefix, err := address.Prefix(subnet)
		if err == nil {
			address = prefix.Addr()
		}
	}
	return plain(address), ""
}

func addressWithPort(text string) (netip.Addr, string) {
	host, _, err := net.SplitHostPort(text)
	if err == nil {
		address, err := netip.ParseAddr(host)
		if err == nil {
			return plain(address), ""
		}
	}
	return netip.Addr{}, "what should be the client's address is " + problems.Quoted(text)
}

// plain is an address without its zone, and IPv4 in its own form.
func plain(address netip.Addr) netip.Addr { return address.Unmap().WithZone("") }

// clientIPOf is the client's address as a text. Where there is none, r.Unread says why.
func clientIPOf(s *IPStrategy, r *Reader) string {
	address, fault := ClientAddress(s, r.Request)
	if fault != "" {
		r.Unread = fault
		return ""
	}
	return address.String()
}
