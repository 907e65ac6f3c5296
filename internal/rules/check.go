package rules

import (
	"errors"
	"strings"

	"github.com/mod-zookeeper/traefik-zookeeper/config"
	"github.com/mod-zookeeper/traefik-zookeeper/internal/ensemble"
	"github.com/mod-zookeeper/traefik-zookeeper/internal/lists"
	"github.com/mod-zookeeper/traefik-zookeeper/internal/problems"
)

// Read returns the configuration with the typed fields filled in, and with the cluster of
// each rule and gate. The cluster is empty where that is the only one that others define. The
// error has all mistakes. It reads the files and environment variables that the configuration
// names, and connects to nothing.
func Read(given *config.Config) (*config.Config, error) {
	typed, r, err := Compile(given)
	if err != nil {
		return typed, err
	}
	full := *typed
	headers := append(append([]config.HeaderRule{}, typed.RequestHeaders...), typed.ResponseHeaders...)
	for i, h := range r.Headers {
		if h.Source != nil {
			headers[i].Cluster = h.Source.Cluster
		}
	}
	full.RequestHeaders = headers[:len(typed.RequestHeaders)]
	full.ResponseHeaders = headers[len(typed.RequestHeaders):]
	full.Gates = append([]config.Gate{}, typed.Gates...)
	for i, g := range r.Gates {
		full.Gates[i].Cluster = g.Source.Cluster
	}
	return &full, nil
}

// Compile checks and compiles a configuration. It returns the configuration with the typed
// fields filled in, and the rules, which are nil with an error. The error has all mistakes.
func Compile(given *config.Config) (*config.Config, *Rules, error) {
	list := &problems.List{}
	if len(given.Decoded) > 0 && given.HasTypedFields() {
		list.Add("Decoded", len(given.Decoded), "set either Decoded or the typed fields")
	}
	if len(given.Decoded) > 0 {
		given = decode(given.Decoded, list)
	}
	r := compileConfig(given, list)
	err := list.Err()
	if err != nil {
		return given, nil, err
	}
	return given, r, nil
}

// decode fills in the typed fields from a tree.
func decode(tree map[string]any, list *problems.List) *config.Config {
	typed, mistakes := config.Decode(tree)
	for _, mistake := range mistakes {
		list.Note(mistake)
	}
	return typed
}

// CheckAll checks the configurations of all middlewares of a process, by their names: each by
// itself, and all together. It returns the errors by the same names. Of two middlewares that
// define a cluster differently, the second in the order of their names has the error.
func CheckAll(configs map[string]*config.Config) map[string]error {
	found := map[string]error{}
	sound := map[string]*Rules{}
	defined := map[string]*ensemble.Settings{}
	for _, name := range lists.SortedKeys(configs) {
		_, r, err := Compile(configs[name])
		if err == nil {
			err = contradiction(defined, r)
		}
		if err != nil {
			found[name] = err
			continue
		}
		sound[name] = r
		for cluster, s := range r.Clusters {
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

// contradiction is the error of a middleware that defines a cluster otherwise than one before.
func contradiction(defined map[string]*ensemble.Settings, r *Rules) error {
	for _, name := range lists.SortedKeys(r.Clusters) {
		before := defined[name]
		if before != nil && before.ID != r.Clusters[name].ID {
			return (&ensemble.Contradiction{Cluster: name, Refused: r.Clusters[name], InForce: before, Definer: "another middleware"}).Err()
		}
	}
	return nil
}

// missingClusters is the error of a middleware that uses a cluster which nobody defines.
func missingClusters(defined map[string]*ensemble.Settings, r *Rules) error {
	usage := &ensemble.Usage{Used: r.Uses, Defined: lists.SortedKeys(defined)}
	err := usage.CheckOnly()
	if err != nil {
		return err
	}
	var lines []string
	for _, name := range usage.Undefined() {
		lines = append(lines, ensemble.UndefinedCluster(name, usage.Defined)+". Until then, "+WithoutCluster(r, name))
	}
	if len(lines) == 0 {
		return nil
	}
	return errors.New(strings.Join(lines, "; "))
}
