package zookeeper

import (
	"net/textproto"
	"strings"
)

// headerRule is a HeaderRule checked and compiled.
type headerRule struct {
	name     string   // canonical
	twins    []string // what a service may take for the same name: X_Release for X-Release
	response bool     // of the response, not the request
	source   *source
	label    string // of the flag, as decisions name it
	fallback string
}

// unmanaged are headers that belong to a single connection or to the message's
// framing, and Host, which isn't among Go's headers at all.
var unmanaged = map[string]bool{
	"Connection": true, "Keep-Alive": true, "Proxy-Authenticate": true, "Proxy-Authorization": true,
	"Proxy-Connection": true, "Te": true, "Trailer": true, "Transfer-Encoding": true, "Upgrade": true,
	"Content-Length": true, "Host": true,
}

func checkHeader(key string, h HeaderRule, choice *clusterChoice, f *faults) *headerRule {
	rule := &headerRule{source: &source{cluster: choice.of(key, h.Cluster, f), format: h.Format, key: h.Key}}
	rule.name = checkHeaderName(key+".name", h.Name, f)
	rule.twins = twins(rule.name)
	if len(h.Flag) > 0 {
		rule.label = labelOf(h.Flag, h.Key)
		checkSource(key+".flag", h.Flag, rule.source, f)
		checkFlagSource(key, rule.source, f)
	} else {
		checkSource(key+".path", h.Path, rule.source, f)
		checkFormat(key, rule.source, f)
	}
	if len(h.Flag) > 0 && len(h.Path) > 0 {
		f.add(key+".flag", strings.Join(h.Flag, ","), "either path, for a value, or flag, for a flag's")
	}
	fallback, err := headerText(h.Default)
	if err != nil {
		f.add(key+".default", h.Default, "it "+err.Error())
	}
	rule.fallback = fallback
	return rule
}

// most separators in a name, as each doubles the number of its twins
const mostSeparators = 6

func checkHeaderName(key, name string, f *faults) string {
	name = strings.TrimSpace(name)
	canonical := textproto.CanonicalMIMEHeaderKey(name)
	switch {
	case name == "":
		f.add(key, name, "the header's name is wanted, as in X-Release")
	case !isToken(name):
		f.add(key, name, "a header's name has letters, digits, hyphens and underscores")
	case unmanaged[canonical]:
		f.add(key, name, "this header belongs to the connection or the message and can't be set")
	case strings.Count(name, "-")+strings.Count(name, "_") > mostSeparators:
		f.add(key, name, "at most 6 hyphens or underscores")
	}
	return canonical
}

func isToken(name string) bool {
	for i := 0; i < len(name); i++ {
		c := name[i]
		letter := c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z'
		digit := c >= '0' && c <= '9'
		if !letter && !digit && strings.IndexByte("!#$%&'*+-.^_`|~", c) < 0 {
			return false
		}
	}
	return name != ""
}

// twins are the names other than this one that services behind CGI, WSGI and
// the like can't tell from it, since they fold hyphens and underscores.
func twins(name string) []string {
	spellings := []string{""}
	for i := 0; i < len(name); i++ {
		c := name[i : i+1]
		var longer []string
		for _, start := range spellings {
			if c == "-" || c == "_" {
				longer = append(longer, start+"-", start+"_")
			} else {
				longer = append(longer, start+c)
			}
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

// checkTwins refuses two rules for one header, which would fight over it.
func checkTwins(key string, rules []*headerRule, f *faults) {
	seen := map[string]string{}
	for i, rule := range rules {
		folded := strings.ToLower(strings.ReplaceAll(rule.name, "_", "-"))
		if before := seen[folded]; before != "" && rule.name != "" {
			f.add(key+index(i)+".name", rule.name, "another rule sets "+before+"; one rule a header, with a list of paths to fall back on")
		}
		seen[folded] = rule.name
	}
}

func checkFormat(key string, s *source, f *faults) {
	switch s.format {
	case "":
		s.format = formatText
	case formatText, formatJSON, formatProperties, formatChildren, formatExists:
	default:
		f.add(key+".format", s.format, "text, json, properties, children or exists")
		return
	}
	keyed := s.format == formatJSON || s.format == formatProperties
	if keyed && s.key == "" {
		f.add(key+".key", s.key, "format "+s.format+" needs the key of the value, as in db.host")
	}
	if !keyed && s.key != "" {
		f.add(key+".key", s.key, "only formats json and properties have a key")
	}
}
