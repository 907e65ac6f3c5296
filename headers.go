package zookeeper

import (
	"net/textproto"
	"strings"
)

// compiledHeader is a HeaderRule checked and compiled.
type compiledHeader struct {
	name     string   // canonical
	aliases  []string // what a service may take for the same name: X_Release for X-Release
	response bool     // of the response, not the request
	mode     string
	source   *source // nil where the header is removed, whatever it has
	label    string  // of the flag, as decisions name it
	words    map[string]string
	frame    string // with {value} in it; empty for the value alone
	fallback string
	missing  string // the value where the node isn't there
}

// The modes of a header rule.
const (
	modeSet      = "set"
	modeAppend   = "append"
	modeIfAbsent = "ifAbsent"
	modeRemove   = "remove"
)

// unmanaged are headers that belong to a single connection or to the message's
// framing, and Host, which isn't among Go's headers at all.
var unmanaged = map[string]bool{
	"Connection": true, "Keep-Alive": true, "Proxy-Authenticate": true, "Proxy-Authorization": true,
	"Proxy-Connection": true, "Te": true, "Trailer": true, "Transfer-Encoding": true, "Upgrade": true,
	"Content-Length": true, "Host": true,
}

func checkHeader(key string, h HeaderRule, choice *clusterChoice, f *problemList) *compiledHeader {
	rule := &compiledHeader{mode: checkMode(key+".mode", h.Mode, f), words: map[string]string{}, frame: h.Value}
	rule.name = checkHeaderName(key+".name", h.Name, f)
	rule.aliases = cgiAliases(rule.name)
	if rule.mode == modeRemove {
		if len(h.Path)+len(h.Flag) > 0 {
			f.add(key+".mode", h.Mode, "a header that is removed has no path and no flag")
		}
		return rule
	}
	rule.source = &source{cluster: choice.of(key, h.Cluster, f), format: h.Format, key: h.Key}
	limit := checkLimit(key+".maxNodes", h.MaxNodes, choice.limit, f)
	if len(h.Flag) > 0 {
		rule.label = labelOf(h.Flag, h.Key)
		checkSource(key+".flag", h.Flag, limit, rule.source, f)
		checkFlagSource(key, rule.source, f)
	} else {
		checkSource(key+".path", h.Path, limit, rule.source, f)
		checkFormat(key, rule.source, f)
	}
	if len(h.Flag) > 0 && len(h.Path) > 0 {
		f.add(key+".flag", strings.Join(h.Flag, ","), "either path, for a value, or flag, for a flag's")
	}
	checkEncoding(key, h, rule.source, f)
	rule.fallback = checkText(key+".default", h.Default, f)
	checkText(key+".value", h.Value, f)
	if h.Value != "" && !strings.Contains(h.Value, "{value}") {
		f.add(key+".value", h.Value, "it needs {value} where the value is to stand, as in Bearer {value}")
	}
	for _, word := range sortedKeys(h.Map) {
		rule.words[word] = checkText(key+".map."+word, h.Map[word], f)
	}
	rule.missing = rule.fallback
	if readsExistence(rule.source.format) {
		rule.missing = formatValue(rule, "false")
	}
	return rule
}

func checkMode(key, mode string, f *problemList) string {
	switch mode {
	case "":
		return modeSet
	case modeSet, modeAppend, modeIfAbsent, modeRemove:
		return mode
	}
	f.add(key, mode, "set, append, ifAbsent or remove")
	return modeSet
}

func checkText(key, text string, f *problemList) string {
	checked, err := headerText(text)
	if err != nil {
		f.add(key, text, "it "+err.Error())
	}
	return checked
}

// formatValue is the header's value, made of what was read.
func formatValue(rule *compiledHeader, text string) string {
	if len(rule.words) > 0 {
		word, known := rule.words[text]
		if known {
			text = word
		}
	}
	if rule.frame == "" || text == "" {
		return text
	}
	framed, err := headerText(strings.ReplaceAll(rule.frame, "{value}", text))
	if err != nil {
		return rule.fallback
	}
	return framed
}

// mostSeparators is how many hyphens and underscores a name may have. Each of them doubles
// the number of its aliases.
const mostSeparators = 6

func checkHeaderName(key, name string, f *problemList) string {
	name = strings.TrimSpace(name)
	canonical := textproto.CanonicalMIMEHeaderKey(name)
	switch {
	case name == "":
		f.add(key, name, "the header's name is wanted, as in X-Release")
	case !isToken(name):
		f.add(key, name, "a header's name has letters, digits, hyphens and underscores")
	case unmanaged[canonical]:
		f.add(key, name, "this header belongs to the connection or the message and can't be set")
	case separators(name) > mostSeparators:
		f.add(key, name, "at most 6 hyphens or underscores")
	}
	return canonical
}

func separators(name string) int { return strings.Count(name, "-") + strings.Count(name, "_") }

// cgiAliases are the names other than this one that services behind CGI, WSGI and
// the like can't tell from it, since they fold hyphens and underscores. One with too many
// of these is refused, and has none.
func cgiAliases(name string) []string {
	if separators(name) > mostSeparators {
		return nil
	}
	parts := strings.Split(strings.ReplaceAll(name, "_", "-"), "-")
	spellings := parts[:1]
	for _, part := range parts[1:] {
		var longer []string
		for _, start := range spellings {
			longer = append(longer, start+"-"+part, start+"_"+part)
		}
		spellings = longer
	}
	var others []string
	for _, spelling := range spellings {
		canonical := textproto.CanonicalMIMEHeaderKey(spelling)
		if canonical != name {
			others = append(others, canonical)
		}
	}
	return others
}

// cgiName is the one name that a header and its aliases have.
func cgiName(name string) string { return strings.ToLower(strings.ReplaceAll(name, "_", "-")) }

// checkAliases refuses two rules for one header, which would overwrite each other.
func checkAliases(key string, rules []*compiledHeader, f *problemList) {
	seen := map[string]string{}
	for i, rule := range rules {
		name := cgiName(rule.name)
		if before := seen[name]; before != "" && rule.name != "" {
			f.add(key+index(i)+".name", rule.name, "another rule sets "+before+"; one rule a header, with a list of paths to fall back on")
		}
		seen[name] = rule.name
	}
}
