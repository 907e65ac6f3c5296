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

// A readFlag is the flag that a rule reads now, whatever the request is, and what doesn't fit about
// it.
type readFlag struct {
	cluster string
	set     *flag.Set
	key     string
	path    string
	misfits []*flag.Finding
}

func addMisfit(all []*Misfit, f *readFlag) []*Misfit {
	if f == nil || len(f.misfits) == 0 || len(f.set.Findings(f.key)) > 0 {
		return all
	}
	return append(all, &Misfit{Cluster: f.cluster, Path: f.path, Key: f.key})
}

// misfitsOf are what doesn't fit about a flag; none for nil.
func misfitsOf(f *readFlag) []string {
	if f == nil {
		return nil
	}
	return flagcheck.Texts(f.misfits)
}

// gateFlag is the flag of a gate; nil where there is none, or requests say which it is.
func gateFlag(b *BoundRules, gate int) *readFlag {
	return flagIn(b, b.gates[gate], gate, "gate "+b.rules.Gates[gate].Label)
}

// headerFlag is gateFlag for a header rule.
func headerFlag(b *BoundRules, header int) *readFlag {
	rule := b.rules.Headers[header]
	if rule.Label == "" {
		return nil // it has no flag
	}
	return flagIn(b, b.headers[header], len(b.gates)+header, "header "+rule.Name)
}

// flagIn is the flag of the rule with that number, which is looked at once a version.
func flagIn(b *BoundRules, in *input.Input, no int, rule string) *readFlag {
	if in.Source.Depends {
		return nil
	}
	seen := lookup.FirstWithValue(input.Observe(in, b.expiryNow()))
	set, isSet := seen.Value.(*flag.Set)
	if !isSet {
		delete(b.read, no)
		return nil
	}
	known := b.read[no]
	if known != nil && known.set == set && known.path == seen.Path {
		return known
	}
	key := in.Source.FlagKey
	if key == "" {
		key = in.Source.Key
	}
	reader := readerOf(b, in, rule)
	reader.IsGate = no < len(b.gates)
	f := &readFlag{cluster: reader.Cluster, set: set, key: key, path: seen.Path, misfits: flagcheck.Findings(reader, set, key)}
	if b.read == nil {
		b.read = map[int]*readFlag{}
	}
	b.read[no] = f
	return f
}
