package zookeeper

import (
	"errors"
	"strings"
)

// readConfig is what Read does.
func readConfig(given *Config) (*Config, error) {
	typed, r, err := checked(given)
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

// checked is readConfig that keeps what the configuration compiles to; nil with an error.
func checked(given *Config) (*Config, *rules, error) {
	f := &problemList{}
	if len(given.Decoded) > 0 && given.typed() {
		f.add("Decoded", len(given.Decoded), "set either Decoded or the typed fields")
	}
	if len(given.Decoded) > 0 {
		given = decode(given.Decoded, f)
	}
	r := compile(given, f)
	err := f.err()
	if err != nil {
		return given, nil, err
	}
	return given, r, nil
}

// checkTogether is what Check does.
func checkTogether(configs map[string]*Config) map[string]error {
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
	err := checkOnlyCluster(r.uses, names)
	if err != nil {
		return err
	}
	var lines []string
	for _, name := range lackingOf(r.uses, names) {
		lines = append(lines, undefined(name))
	}
	if len(lines) == 0 {
		return nil
	}
	return errors.New(strings.Join(lines, "; "))
}
