package value

import (
	"github.com/mod-zookeeper/traefik-zookeeper/flag"
	"github.com/mod-zookeeper/traefik-zookeeper/flag/lint"
)

// FindingsText says what is wrong with a version of a flag, as the log has it behind the
// node's path; empty where nothing is, or all has been said as its refusal.
func FindingsText(format, key string, r *Reading) string {
	findings := served(r)
	if len(findings) == 0 {
		return ""
	}
	if key != "" {
		format += " " + key
	}
	if r.Refused != nil {
		return "; besides: " + lint.Line(findings)
	}
	if lint.Worst(findings) == lint.Mistake {
		return "has a mistake as " + format + ": " + lint.Line(findings)
	}
	return suspiciousAs + format + ": " + lint.Line(findings)
}

const suspiciousAs = "is suspicious as "

// served are the findings beyond the one that a flag is refused for.
func served(r *Reading) []*flag.Finding {
	var all []*flag.Finding
	for _, finding := range r.Findings {
		if !finding.Refused {
			all = append(all, finding)
		}
	}
	return all
}

// Findings are the findings of a reading as texts, which name the key. What a flag is refused
// for isn't among them.
func Findings(key string, r *Reading) []string {
	var texts []string
	for _, finding := range served(r) {
		text := finding.Severity + ": " + lint.Text(finding)
		if key != "" {
			text = "flag " + key + ": " + text
		}
		texts = append(texts, text)
	}
	return texts
}
