package zookeeper

import (
	"net"
	"net/http"
	"strings"
)

// hostOf is the host in one spelling: without the port and a final dot, in lower case.
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

// clientIP is the client's address. Traefik sets X-Real-Ip to it, and takes it
// from nobody but the proxies that its entrypoint trusts.
func clientIP(r *http.Request) string {
	values := r.Header["X-Real-Ip"]
	if len(values) > 0 && len(values[0]) <= maxAddress {
		ip := net.ParseIP(values[0])
		if ip != nil {
			return ip.String()
		}
	}
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		return r.RemoteAddr
	}
	return host
}
