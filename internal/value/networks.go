package value

import (
	"bytes"
	"encoding/json"
	"errors"
	"regexp"
	"strconv"
	"strings"

	"github.com/mod-zookeeper/traefik-zookeeper/internal/ipset"
	"github.com/mod-zookeeper/traefik-zookeeper/internal/problems"
)

// mostNetworks is how many entries a list of networks may have. The interpreter takes 5 µs
// for each.
const mostNetworks = 10000

var errTooManyNetworks = errors.New("has more than 10,000 addresses and networks; write networks in the place of their addresses")

var (
	networkComment = regexp.MustCompile(`#[^\r\n]*`)
	networkEntry   = regexp.MustCompile(`[^\s,]+`)
)

// networksReading is the reading of a list of networks. An empty node has none. One with
// comments only has an empty list.
func networksReading(c *Content) *Reading {
	if len(bytes.TrimSpace(c.Data)) == 0 {
		return &Reading{}
	}
	d := documentOf(c, FormatNetworks)
	if d.refused != nil {
		return &Reading{Refused: d.refused}
	}
	return &Reading{Value: d.value}
}

// parseNetworks reads a list of networks, whose entries have white space or commas between
// them. A # begins a comment. A list of JSON is fine as well.
func parseNetworks(data []byte) (any, error) {
	if bytes.HasPrefix(bytes.TrimSpace(data), []byte("[")) {
		return parseJSONNetworks(data)
	}
	text := networkComment.ReplaceAllString(string(data), "")
	spans := networkEntry.FindAllStringIndex(text, mostNetworks+1)
	if len(spans) > mostNetworks {
		return nil, errTooManyNetworks
	}
	set := ipset.New()
	for _, span := range spans {
		entry := text[span[0]:span[1]]
		network, isNetwork := ipset.ParseNetwork(entry)
		if !isNetwork {
			line := 1 + strings.Count(text[:span[0]], "\n")
			return nil, noNetwork(entry, "in line "+strconv.Itoa(line))
		}
		ipset.Add(set, network)
	}
	return set, nil
}

func parseJSONNetworks(data []byte) (any, error) {
	var entries []string
	err := json.Unmarshal(data, &entries)
	if err != nil {
		return nil, errors.New("begins with a bracket, and is no JSON list of texts: " + err.Error())
	}
	if len(entries) > mostNetworks {
		return nil, errTooManyNetworks
	}
	set := ipset.New()
	for i, entry := range entries {
		network, isNetwork := ipset.ParseNetwork(entry)
		if !isNetwork {
			return nil, noNetwork(entry, "as item "+strconv.Itoa(i+1))
		}
		ipset.Add(set, network)
	}
	return set, nil
}

// noNetwork is the error of an entry that is no network.
func noNetwork(entry, where string) error {
	return errors.New("has " + problems.Quoted(entry) + " " + where + ", where there should be " + ipset.Hint)
}
