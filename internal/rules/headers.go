package rules

import (
	"net/textproto"
	"strings"

	"github.com/mod-zookeeper/traefik-zookeeper/config"
	"github.com/mod-zookeeper/traefik-zookeeper/internal/lists"
	"github.com/mod-zookeeper/traefik-zookeeper/internal/problems"
	"github.com/mod-zookeeper/traefik-zookeeper/internal/value"
)

// Header sets or removes a header.
type Header struct {
	Name     string            // canonical
	Aliases  []string          // as of CGIAliases
	Response bool              // it is a header of the response, not of the request
	Mode     string            // one of the modes
	Source   *Source           // of the value; nil with the mode remove
	Label    string            // of the flag, as decisions name it; empty without a flag
	Fallback string            // the value where no node has one; empty removes the header
	Missing  string            // the value where the node doesn't exist; empty removes the header
	words    map[string]string // translations of what was read
	frame    string            // has {value} in it; empty for the value alone
}

// The modes of a header rule.
const (
	ModeSet      = "set"      // in the place of what the client sent
	ModeAppend   = "append"   // behind what the client sent
	ModeIfAbsent = "ifAbsent" // where the client sent none
	modeRemove   = "remove"   // what the client sent
)

// unmanaged are the headers that can't be set. They belong to the connection or to the
// framing of the message, and Host isn't among Go's headers at all.
var unmanaged = map[string]bool{
	"Connection": true, "Keep-Alive": true, "Proxy-Authenticate": true, "Proxy-Authorization": true,
	"Proxy-Connection": true, "Te": true, "Trailer": true, "Transfer-Encoding": true, "Upgrade": true,
	"Content-Length": true, "Host": true,
}

// checkHeader compiles a header rule, whose key is as requestHeaders[0].
func checkHeader(key string, h config.HeaderRule, choice *clusterChoice, list *problems.List) *Header {
	rule := &Header{Mode: ModeSet, words: map[string]string{}, frame: h.Value}
	if h.Mode != "" {
		rule.Mode = checkMode(key+".mode", h.Mode, list)
	}
	rule.Name = checkHeaderName(key+".name", h.Name, list)
	rule.Aliases = CGIAliases(rule.Name)
	if rule.Mode == modeRemove {
		if len(h.Path)+len(h.Flag) > 0 {
			list.Add(key+".mode", h.Mode, "a header that is removed has no path and no flag")
		}
		return rule
	}
	rule.Source = &Source{Cluster: clusterOf(choice, key, h.Cluster, list), Format: h.Format, Key: h.Key, Salt: h.Salt}
	limit := choice.limit
	if h.MaxNodes != nil {
		limit = checkLimit(key+".maxNodes", h.MaxNodes, limit, list)
	}
	if len(h.Flag) > 0 {
		checkHeaderFlag(key, h, limit, rule, list)
	} else {
		checkSource(key+".path", h.Path, limit, rule.Source, list)
		checkFormat(key, rule.Source, list)
	}
	if h.Salt != "" && len(h.Flag) == 0 {
		list.Add(key+".salt", h.Salt, "a salt goes with a flag, in the place of path")
	}
	if h.Encoding != "" {
		checkEncoding(key, h, rule.Source, list)
	}
	if h.Default != "" {
		rule.Fallback = checkText(key+".default", h.Default, list)
	}
	if h.Value != "" {
		checkFrame(key+".value", h.Value, list)
	}
	if len(h.Map) > 0 {
		checkWords(key+".map.", h.Map, rule, list)
	}
	rule.Missing = rule.Fallback
	if value.ReadsExistence(rule.Source.Format) {
		rule.Missing = FormatValue(rule, "false")
	}
	return rule
}

// checkHeaderFlag is for a header whose value is a flag's.
func checkHeaderFlag(key string, h config.HeaderRule, limit int, rule *Header, list *problems.List) {
	rule.Label = labelOf(h.Flag, h.Key)
	checkSource(key+".flag", h.Flag, limit, rule.Source, list)
	checkFlagSource(key, rule.Source, list)
	if len(h.Path) > 0 {
		list.Add(key+".flag", strings.Join(h.Flag, ","), "either path, for a value, or flag, for a flag's")
	}
}

// checkFrame checks what a value is put into.
func checkFrame(key, frame string, list *problems.List) {
	checkText(key, frame, list)
	if !strings.Contains(frame, "{value}") {
		list.Add(key, frame, "it needs {value} where the value is to stand, as in Bearer {value}")
	}
}

// checkWords checks the translations of what is read. The key ends where a word follows.
func checkWords(key string, words map[string]string, rule *Header, list *problems.List) {
	for _, word := range lists.SortedKeys(words) {
		rule.words[word] = checkText(key+word, words[word], list)
	}
}

// checkMode is a mode; ModeSet where it is a mistake.
func checkMode(key, mode string, list *problems.List) string {
	switch mode {
	case ModeSet, ModeAppend, ModeIfAbsent, modeRemove:
		return mode
	}
	list.Add(key, mode, "set, append, ifAbsent or remove")
	return ModeSet
}

// checkText checks that a header can have a text as its value.
func checkText(key, text string, list *problems.List) string {
	checked, err := value.HeaderText(text)
	if err != nil {
		list.Add(key, text, "it "+err.Error())
	}
	return checked
}

// FormatValue is the value of a header, made of what was read of a node. It is the fallback
// where a header can't have that value.
//
// Yaegi: it is a function, since a method costs as much as four, and a short one for what most
// headers have.
func FormatValue(rule *Header, text string) string {
	if IsPlain(rule) {
		return text
	}
	return translated(rule, text)
}

func translated(rule *Header, text string) string {
	word, known := rule.words[text]
	if known {
		text = word
	}
	if rule.frame == "" || text == "" {
		return text
	}
	framed, err := value.HeaderText(strings.ReplaceAll(rule.frame, "{value}", text))
	if err != nil {
		return rule.Fallback
	}
	return framed
}

// IsPlain tells whether FormatValue leaves every text as it is.
func IsPlain(h *Header) bool { return len(h.words) == 0 && h.frame == "" }

// IsOnlyText tells whether a header's text may be read in place: it is the only one that the
// rules set, nothing is made of the node's text, and no flag and no page shows what it was when
// a snapshot was taken.
func IsOnlyText(r *Rules, rule *Header) bool {
	s := rule.Source
	return len(r.Gates) == 0 && r.MaxStale == 0 && r.DecisionHeader == "" && len(s.Places) == 1 && !s.Depends && s.Format == value.FormatText &&
		!rule.Response && rule.Mode == ModeSet && IsPlain(rule) && (len(r.Headers) == 1 || countSet(r) == 1)
}

// countSet is how many headers have a value.
func countSet(r *Rules) int {
	set := 0
	for _, rule := range r.Headers {
		if rule.Source != nil {
			set++
		}
	}
	return set
}

// OnlyAlias is the alias of a header that has one; empty for another one.
func (h *Header) OnlyAlias() string {
	if len(h.Aliases) != 1 {
		return ""
	}
	return h.Aliases[0]
}

// mostSeparators is how many hyphens and underscores the name of a header may have. Each of
// them doubles the number of its aliases.
const mostSeparators = 6

// checkHeaderName checks the name of a header, and makes it canonical.
func checkHeaderName(key, name string, list *problems.List) string {
	name = strings.TrimSpace(name)
	canonical := textproto.CanonicalMIMEHeaderKey(name)
	switch {
	case name == "":
		list.Add(key, name, "the header's name is expected, as in X-Release")
	case !value.IsToken(name):
		list.Add(key, name, "a header's name has letters, digits, hyphens and underscores")
	case unmanaged[canonical]:
		list.Add(key, name, "this header belongs to the connection or the message and can't be set")
	case separators(name) > mostSeparators:
		list.Add(key, name, "at most 6 hyphens or underscores")
	}
	return canonical
}

func separators(name string) int { return strings.Count(name, "-") + strings.Count(name, "_") }

// CGIAliases are the canonical names of other headers that services behind CGI, WSGI and the
// like can't tell from one of this name, as X_release from X-Release. They make underscores
// of hyphens. A name with too many hyphens and underscores is refused elsewhere, and has no
// aliases.
func CGIAliases(name string) []string {
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

// cgiName is a name that a header and its aliases have in common.
func cgiName(name string) string { return strings.ToLower(strings.ReplaceAll(name, "_", "-")) }

// checkAliases refuses two rules for one header, or for one and its alias, since they would
// overwrite each other. The key is that of the list.
func checkAliases(key string, rules []*Header, list *problems.List) {
	seen := map[string]string{}
	for i, rule := range rules {
		name := cgiName(rule.Name)
		if before := seen[name]; before != "" && rule.Name != "" {
			list.Add(key+problems.Index(i)+".name", rule.Name, "another rule sets "+before+"; one rule a header, with a list of paths to fall back on")
		}
		seen[name] = rule.Name
	}
}
