package config

// IPStrategy says where the client's address stands. Without Header, it is what Traefik's
// ipAllowList has under that name. Where nothing is set, or Depth is 0, it is the address at
// the other end of the connection.
//
// A request that has no address at that place isn't in a bypass's addresses, and can't be
// read as far as a flag or a path asks for the address.
type IPStrategy struct {
	// Depth is the place of the address in X-Forwarded-For, counted from the right, a number
	// from 0 to 16. It takes precedence over ExcludedIPs.
	Depth Number
	// ExcludedIPs are addresses and networks of proxies. The client's address is the last
	// one in X-Forwarded-For that is not among them.
	ExcludedIPs []string
	// IPv6Subnet is the length of a prefix, a number from 1 to 128. All IPv6 addresses with
	// the same prefix count as the first one of them. It has no effect with ExcludedIPs.
	IPv6Subnet Number
	// Header is the name of a request header that has the address and nothing else, as in
	// CF-Connecting-IP. The proxy in front has to set it in every request, whatever the client
	// sent. It excludes Depth and ExcludedIPs.
	Header string
}
