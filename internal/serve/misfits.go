package serve

import (
	"github.com/mod-zookeeper/traefik-zookeeper/flag"
	"github.com/mod-zookeeper/traefik-zookeeper/internal/flagcheck"
	"github.com/mod-zookeeper/traefik-zookeeper/internal/input"
	"github.com/mod-zookeeper/traefik-zookeeper/internal/lookup"
)

// A Misfit is a flag that doesn't fit a rule which reads it, though its definition is sound.
type Misfit struct {
	Cluster string
	Path    string // of its node
	Key     string // empty where it has none
}

// A readFlag is the flag that a rule reads now, whatever the request is.
type readFlag struct {
	reader *flagcheck.Reader
	set    *flag.Set
	key    string
	path   string
}

func addMisfit(all []*Misfit, f *readFlag) []*Misfit {
	if len(misfitsOf(f)) == 0 || len(f.set.Findings(f.key)) > 0 {
		return all
	}
	return append(all, &Misfit{Cluster: f.reader.Cluster, Path: f.path, Key: f.key})
}

// misfitsOf are what doesn't fit about a flag; none for nil.
func misfitsOf(f *readFlag) []*flag.Finding {
	if f == nil {
		return nil
	}
	return flagcheck.Findings(f.reader, f.set, f.key)
}

// gateFlag is the flag of a gate; nil where there is none, or requests say which it is.
func gateFlag(b *BoundRules, gate int) *readFlag {
	f := flagIn(b, b.gates[gate], "gate "+b.rules.Gates[gate].Label)
	if f != nil {
		f.reader.IsGate = true
	}
	return f
}

// headerFlag is gateFlag for a header rule.
func headerFlag(b *BoundRules, header int) *readFlag {
	if b.rules.Headers[header].Label == "" {
		return nil // it has no flag
	}
	return flagIn(b, b.headers[header], "header "+b.rules.Headers[header].Name)
}

func flagIn(b *BoundRules, in *input.Input, rule string) *readFlag {
	if in == nil || in.Source.Depends {
		return nil
	}
	seen := lookup.FirstWithValue(input.Observe(in, b.expiryNow()))
	set, isSet := seen.Value.(*flag.Set)
	if !isSet {
		return nil
	}
	key := in.Source.FlagKey
	if key == "" {
		key = in.Source.Key
	}
	return &readFlag{reader: readerOf(b, in, rule), set: set, key: key, path: seen.Path}
}
