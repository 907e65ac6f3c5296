package rules

import (
	"strings"

	"github.com/mod-zookeeper/traefik-zookeeper/config"
	"github.com/mod-zookeeper/traefik-zookeeper/internal/problems"
	"github.com/mod-zookeeper/traefik-zookeeper/internal/value"
)

// Gate lets requests pass, or refuses them.
type Gate struct {
	Source    *Source // of the flag
	Label     string  // of the flag, as decisions name it
	BlockWhen bool    // the flag's value that closes the gate
	Fallback  bool    // the flag's value where it has none
	Unread    any     // the flag's value for a request that can't be read, a bool; nil closes the gate
	DryRun    bool    // decide and record, and never block
	Bypass    *Bypass // nil where nobody gets by
	Refusal   *Refusal
	Page      *Source // of the refusal's body; nil where the configuration has it
}

// checkGate compiles a gate, whose key is as gates[0].
func checkGate(key string, g config.Gate, choice *clusterChoice, list *problems.List) *Gate {
	cluster := clusterOf(choice, key, g.Cluster, list)
	compiled := &Gate{
		Source:    &Source{Cluster: cluster, Format: g.Format, Key: g.Key, Salt: g.Salt},
		Label:     labelOf(g.Path, g.Key),
		BlockWhen: checkFlag(key+".blockWhen", g.BlockWhen, list),
		Fallback:  checkFlag(key+".default", g.Default, list),
		DryRun:    g.DryRun,
	}
	if g.Bypass != nil {
		compiled.Bypass = checkBypass(key+".bypass", g.Bypass, list)
	}
	compiled.Refusal = checkRefusal(key, g, list)
	if g.Default != "" {
		compiled.Unread = compiled.Fallback
	}
	limit := choice.limit
	if g.MaxNodes != nil {
		limit = checkLimit(key+".maxNodes", g.MaxNodes, limit, list)
	}
	checkSource(key+".path", g.Path, limit, compiled.Source, list)
	checkFlagSource(key, compiled.Source, list)
	if len(g.BodyPath) > 0 {
		compiled.Page = &Source{Cluster: cluster, Format: value.FormatPage}
		checkSharedSource(key+".bodyPath", g.BodyPath, compiled.Page, "a page", list)
	}
	if g.Bypass != nil && len(g.Bypass.IPsPath) > 0 {
		compiled.Bypass.List = &Source{Cluster: cluster, Format: value.FormatNetworks}
		checkSharedSource(key+".bypass.ipsPath", g.Bypass.IPsPath, compiled.Bypass.List, "a list of addresses", list)
	}
	return compiled
}

// checkSharedSource is checkSource for what no request makes a difference to.
func checkSharedSource(key string, paths []string, s *Source, what string, list *problems.List) {
	checkSource(key, paths, 0, s, list)
	if s.Depends {
		list.Add(key, strings.Join(paths, ","), what+" is the same for all: no placeholders here")
	}
}

// checkFlag reads a boolean word; false where there is none.
func checkFlag(key, text string, list *problems.List) bool {
	if text == "" {
		return false
	}
	on, ok := value.ParseBool(text)
	if !ok {
		list.Add(key, text, value.BoolHint)
		return false
	}
	return on
}

// labelOf names a flag by its first path and its key, as in /flags#checkout.
func labelOf(paths []string, key string) string {
	label := ""
	if len(paths) > 0 {
		label = strings.TrimSpace(paths[0])
	}
	if key != "" {
		label += "#" + key
	}
	return label
}
