package flag

import (
	"errors"
	"net/netip"

	"github.com/mod-zookeeper/traefik-zookeeper/internal/ipset"
)

// longestAddress is how many bytes an address has at most.
const longestAddress = 64

var errNetworks = errors.New(`has an in_network without its two operands: an address, and a list of addresses and networks that are written out, as in {"in_network": [{"var": "ip"}, ["10.0.0.0/8"]]}`)

// compileInNetwork compiles "in_network". Each of its networks counts as an operand, since
// the interpreter reads it.
func compileInNetwork(c *compiler, list []any, depth int, scoped bool) (*node, error) {
	if len(list) != 2 {
		return nil, errNetworks
	}
	entries, isList := list[1].([]any)
	if !isList {
		entries = list[1:]
	}
	c.nodes += len(entries)
	if c.nodes+c.before > MaxOperations {
		return nil, errOperations
	}
	n := &node{op: opInNetwork, scoped: scoped, networks: ipset.New()}
	for _, entry := range entries {
		word, isText := entry.(string)
		if !isText {
			return nil, errNetworks
		}
		network, isNetwork := ipset.ParseNetwork(word)
		if !isNetwork {
			return nil, errors.New("has " + shown(word) + " among the networks of an in_network, where there should be " + ipset.Hint)
		}
		ipset.Add(n.networks, network)
	}
	err := compileArgs(c, n, list[:1], depth, scoped)
	n.size += len(entries)
	return n, err
}

// inNetwork is "in_network": null unless the value is an address.
func inNetwork(networks *ipset.Set, value any) any {
	word, isText := value.(string)
	if !isText || len(word) > longestAddress {
		return nil
	}
	address, err := netip.ParseAddr(word)
	if err != nil {
		return nil
	}
	isIn := ipset.Contains(networks, address.Unmap())
	return isIn
}
