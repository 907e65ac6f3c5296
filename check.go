package zookeeper

import (
	"errors"
	"fmt"
	"strings"
)

// Read returns the configuration with what Traefik decoded in the typed fields,
// and with the cluster of each rule, empty where that is the only one that
// others define; and as an error what New would find wrong with it by itself. It
// connects to nothing, but reads the files and environment variables that the
// configuration names, as New does.
func Read(config *Config) (*Config, error) {
	typed, r, err := checked(config)
	if err != nil {
		return typed, err
	}
	full := *typed
	headers := append(append([]HeaderRule{}, typed.RequestHeaders...), typed.ResponseHeaders...)
	for i, h := range r.headers {
		if h.source != nil {
			headers[i].Cluster = h.source.cluster
		}
	}
	full.RequestHeaders = headers[:len(typed.RequestHeaders)]
	full.ResponseHeaders = headers[len(typed.RequestHeaders):]
	full.Gates = append([]Gate{}, typed.Gates...)
	for i, g := range r.gates {
		full.Gates[i].Cluster = g.source.cluster
	}
	return &full, nil
}

// checked is Read that keeps what the configuration compiles to; nil with an error.
func checked(config *Config) (*Config, *rules, error) {
	f := &faults{}
	if len(config.Decoded) > 0 && config.typed() {
		f.add("Decoded", len(config.Decoded), "set either Decoded or the typed fields")
	}
	if len(config.Decoded) > 0 {
		config = decode(config.Decoded, f)
	}
	r := compile(config, f)
	err := f.err()
	if err != nil {
		return config, nil, err
	}
	return config, r, nil
}

// Check tells what New would find wrong with the middlewares of a process, by
// their names: with each by itself, as Read does, and with all of them together,
// where they define a cluster twice or use one that nobody defines. Of two that
// contradict each other, the error is the second one's, in the order of their names.
func Check(configs map[string]*Config) map[string]error {
	found := map[string]error{}
	sound := map[string]*rules{}
	defined := map[string]*settings{}
	for _, name := range sortedKeys(configs) {
		_, r, err := checked(configs[name])
		if err == nil {
			err = contradiction(defined, r)
		}
		if err != nil {
			found[name] = err
			continue
		}
		sound[name] = r
		for cluster, s := range r.clusters {
			defined[cluster] = s
		}
	}
	for name, r := range sound {
		err := missingClusters(defined, r)
		if err != nil {
			found[name] = err
		}
	}
	return found
}

func contradiction(defined map[string]*settings, r *rules) error {
	for _, name := range sortedKeys(r.clusters) {
		before := defined[name]
		if before != nil && before.id != r.clusters[name].id {
			return contradicts(name, r.clusters[name], before, "another middleware")
		}
	}
	return nil
}

func missingClusters(defined map[string]*settings, r *rules) error {
	names := sortedKeys(defined)
	err := r.ambiguity(names)
	if err != nil {
		return err
	}
	var lines []string
	for _, name := range r.lacks(names) {
		lines = append(lines, undefined(name))
	}
	if len(lines) == 0 {
		return nil
	}
	return errors.New(strings.Join(lines, "; "))
}

func contradicts(name string, s, inForce *settings, definer string) error {
	other, this := inForce.describe(), s.describe()
	if other == this {
		other += " with other credentials or TLS"
	}
	return fmt.Errorf("clusters.%s: %q: %s defines this cluster as %q; use the same settings, or another name", name, this, definer, other)
}

func ambiguous(names []string) error {
	return fmt.Errorf("cluster: \"\": there are several clusters; name one of %s", someOf(names))
}

func undefined(name string) string {
	shown := name
	if name == onlyCluster {
		shown = "<name>"
	}
	return fmt.Sprintf("cluster: %q: no middleware defines this cluster; define clusters.%s.servers where a router uses it", name, shown)
}
