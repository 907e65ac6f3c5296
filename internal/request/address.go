package request

import (
	"net"
	"net/http"
	"strings"
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

// ClientIP is the client's address. Traefik sets the header X-Real-Ip to it, and takes that
// header from the proxies only that its entrypoint trusts. Without it, the address is the
// other end of the connection.
func ClientIP(r *http.Request) string {
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
