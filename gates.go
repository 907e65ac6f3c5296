package zookeeper

import (
	"strings"
)

// compiledGate is a Gate checked and compiled.
type compiledGate struct {
	source    *source
	label     string // of the flag, as decisions name it
	blockWhen bool
	fallback  bool
	unread    any // the flag's value for a request that can't be read: the fallback, where one is set
	dryRun    bool
	bypass    *compiledBypass // nil where nobody gets by
	refusal   *refusal
	page      *source // of the refusal's body; nil where the configuration has it
}

func checkGate(key string, g Gate, choice *clusterChoice, f *problemList) *compiledGate {
	cluster := choice.of(key, g.Cluster, f)
	compiled := &compiledGate{
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

func checkFlag(key, text string, f *problemList) bool {
	if text == "" {
		return false
	}
	on, ok := booleanWord(text)
	if !ok {
		f.add(key, text, booleanWords)
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
