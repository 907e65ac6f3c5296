package zookeeper

import (
	"strings"

	"github.com/mod-zookeeper/traefik-zookeeper/flag"
)

// gate is a Gate checked and compiled.
type gate struct {
	source    *source
	label     string // of the flag, as decisions name it
	blockWhen bool
	fallback  bool
	unread    any // the flag's value for a request that can't be read: the fallback, where one is set
	dryRun    bool
	bypass    *bypass // nil where nobody gets by
	refusal   *refusal
	page      *source // of the refusal's body; nil where the configuration has it
}

func checkGate(key string, g Gate, choice *clusterChoice, f *faults) *gate {
	cluster := choice.of(key, g.Cluster, f)
	compiled := &gate{
		source:    &source{cluster: cluster, format: g.Format, key: g.Key},
		label:     labelOf(g.Path, g.Key),
		blockWhen: checkFlag(key+".blockWhen", g.BlockWhen, f),
		fallback:  checkFlag(key+".default", g.Default, f),
		dryRun:    g.DryRun,
		bypass:    checkBypass(key+".bypass", g.Bypass, f),
		refusal:   checkRefusal(key, g, f),
	}
	if g.Default != "" {
		compiled.unread = compiled.fallback
	}
	limit := checkLimit(key+".maxNodes", g.MaxNodes, choice.limit, f)
	checkSource(key+".path", g.Path, limit, compiled.source, f)
	checkFlagSource(key, compiled.source, f)
	if len(g.BodyPath) > 0 {
		compiled.page = &source{cluster: cluster, format: formatPage}
		checkSource(key+".bodyPath", g.BodyPath, limit, compiled.page, f)
		if compiled.page.depends {
			f.add(key+".bodyPath", strings.Join(g.BodyPath, ","), "a page is the same for all: no placeholders here")
		}
	}
	return compiled
}

func checkFlag(key, text string, f *faults) bool {
	if text == "" {
		return false
	}
	on, ok := parseFlag(text)
	if !ok {
		f.add(key, text, flagWords)
		return false
	}
	return on
}

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

// A gateState is a gate as an instance sees it now.
type gateState struct {
	gate    *gate
	verdict *verdict
	refusal *refusal
	tally   *tally // nil where nobody counts
}

// closes tells whether a gate is closed by what its flag says.
func closes(g *gate, ev *flag.Evaluation) bool {
	on, isBool := ev.Value.(bool)
	return !isBool || on == g.blockWhen
}

// depends tells whether the request makes a difference.
func (g *gateState) depends() bool {
	fixed := g.verdict.fixed()
	if fixed == nil {
		return true
	}
	b := g.gate.bypass
	return b != nil && (b.cookie != nil || closes(g.gate, fixed))
}
