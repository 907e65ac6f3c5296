// Package flagcheck says whether flags fit the rules that read them: whether a gate can use their
// variants, and whether anything gives the attributes that they look up.
package flagcheck

import (
	"encoding/json"
	"strconv"
	"strings"

	"github.com/mod-zookeeper/traefik-zookeeper/flag"
	"github.com/mod-zookeeper/traefik-zookeeper/flag/lint"
	"github.com/mod-zookeeper/traefik-zookeeper/internal/lists"
	"github.com/mod-zookeeper/traefik-zookeeper/internal/log"
	"github.com/mod-zookeeper/traefik-zookeeper/internal/request"
	"github.com/mod-zookeeper/traefik-zookeeper/internal/value"
)

// A Reader is a rule that reads a flag.
type Reader struct {
	Cluster    string
	Middleware string
	Rule       string // as in gate /flags/a
	IsGate     bool   // it goes by bools; otherwise it is a header
	Context    map[string]*request.Template
	AnyContext bool // what the configuration adds to the context isn't known
}

// mostVariants is how many variants are looked at.
const mostVariants = 500

// Findings are what doesn't fit about a flag.
func Findings(r *Reader, set *flag.Set, key string) []*flag.Finding {
	findings := ofVariants(r, set, key)
	names, _ := set.Attributes(key)
	for _, name := range names {
		if len(findings) >= lint.MostFindings {
			break
		}
		if strings.HasPrefix(name, "$flagd.") && flag.PlaceOf(set, key, name) == "" {
			continue // a mistake of the definition
		}
		message := ofAttribute(r, name)
		if message != "" {
			findings = append(findings, &flag.Finding{Severity: lint.Suspicion, Place: flag.PlaceOf(set, key, name), Message: message})
		}
	}
	return findings
}

// ofVariants is the first variant that the rule can't use.
func ofVariants(r *Reader, set *flag.Set, key string) []*flag.Finding {
	variants := flag.Variants(set, key)
	if len(variants) > mostVariants {
		return nil
	}
	for _, name := range lists.SortedKeys(variants) {
		message := ofVariant(r, variants[name])
		if message != "" {
			return []*flag.Finding{{Severity: lint.Mistake, Place: "variants." + lint.Member(name), Message: message}}
		}
	}
	return nil
}

func ofVariant(r *Reader, given any) string {
	text, isText := given.(string)
	_, isBool := given.(bool)
	if !isText {
		encoded, _ := json.Marshal(given) // it came from JSON
		text = string(encoded)
	}
	if r.IsGate && isBool {
		return ""
	}
	if r.IsGate {
		shown := lint.Member(text)
		if isText {
			shown = strconv.Quote(shown)
		}
		return shown + " is neither true nor false, which a gate goes by; write true or false, without quotes"
	}
	_, err := value.HeaderText(text)
	if err != nil {
		return "no header can have this value, since it " + err.Error() + "; the rule's default counts in its place"
	}
	return ""
}

// ofAttribute says what is suspicious about an attribute; empty where nothing is.
func ofAttribute(r *Reader, name string) string {
	switch {
	case r.Context[name] != nil:
		return ""
	case name == request.TargetingKey && r.AnyContext:
		return ""
	case name == request.TargetingKey:
		return `it goes by the targeting key, and the middleware has none; set targetingKey, as in targetingKey: "{cookie.uid|ip}"`
	case request.Gives(name):
		return ofHeaderName(name)
	}
	near := misspelt(name)
	if near == "" && strings.ContainsAny(name, "{|}") {
		return "nothing gives the attribute " + shown(name) + `, since braces and alternatives are for placeholders; give the template a name in the middleware's context, and write that name`
	}
	if near == "" {
		near = asAttribute(name)
	}
	if near == "" && r.AnyContext {
		return ""
	}
	if near == "" {
		near = lint.Nearest(name, append(lists.SortedKeys(r.Context), "host", "path", "method", "ip", request.TargetingKey))
	}
	if near != "" {
		return "nothing gives the attribute " + strconv.Quote(name) + "; write " + strconv.Quote(near)
	}
	return "nothing gives the attribute " + strconv.Quote(name) + "; add it to the middleware's context, or use one that requests have, as headers.x-user, cookies.uid or path"
}

// asAttribute is the attribute that a placeholder has another name for; empty where there is none.
func asAttribute(name string) string {
	if strings.HasPrefix(name, "header.") {
		return "headers." + strings.ToLower(name[len("header."):])
	}
	if strings.HasPrefix(name, "cookie.") {
		return "cookies." + name[len("cookie."):]
	}
	return ""
}

// shown is a name in quotes, on one line.
func shown(name string) string { return strconv.Quote(lint.Member(name)) }

// misspelt is the attribute that differs from a name by its case, by what joins its words, or by
// flagd's prefix; empty where there is none.
func misspelt(name string) string {
	plain := joints.Replace(name)
	for _, known := range []string{"host", "path", "method", "ip", request.TargetingKey} {
		if strings.EqualFold(plain, known) {
			return known
		}
	}
	if name == "timestamp" || name == "flagKey" {
		return "$flagd." + name
	}
	return ""
}

// joints are what joins the words of a name elsewhere.
var joints = strings.NewReplacer("_", "", "-", "", " ", "")

func ofHeaderName(name string) string {
	lower := strings.ToLower(name)
	if strings.HasPrefix(name, "headers.") && name != lower {
		return "write " + strconv.Quote(lower) + ", since headers have lower case among the attributes"
	}
	return ""
}

// Tell logs what doesn't fit about a version of a flag, once for the rule.
func Tell(r *Reader, set *flag.Set, key, path string) {
	if !flag.FirstTime(set, key, r.Middleware+" "+r.Rule) {
		return
	}
	findings := Findings(r, set, key)
	if len(findings) == 0 {
		return
	}
	for _, code := range []string{flag.ErrorTypeMismatch, flag.ErrorTargetingKeyMissing} {
		flag.FirstTime(set, key, code) // which would say the same
	}
	how := "is suspicious"
	if lint.Worst(findings) == lint.Mistake {
		how = "has a mistake"
	}
	log.Cluster(log.LevelWarn, r.Cluster, "%s %s for the %s of middleware %s: %s", path, how, r.Rule, r.Middleware, lint.Line(findings))
}

// TellError logs an error that an evaluation ended with, once a version of the flag and code.
// Whether there is a flag at all is told elsewhere.
func TellError(r *Reader, set *flag.Set, key, path string, ev *flag.Evaluation) {
	if ev.ErrorCode != flag.ErrorGeneral && ev.ErrorCode != flag.ErrorTypeMismatch && ev.ErrorCode != flag.ErrorTargetingKeyMissing {
		return
	}
	if flag.FirstTime(set, key, ev.ErrorCode) {
		log.Cluster(log.LevelWarn, r.Cluster, "%s ends with %s for the %s of middleware %s: %s", path, ev.ErrorCode, r.Rule, r.Middleware, ev.ErrorMessage)
	}
}

// Texts are findings as texts.
func Texts(findings []*flag.Finding) []string {
	var texts []string
	for _, finding := range findings {
		texts = append(texts, finding.Severity+": "+lint.Text(finding))
	}
	return texts
}
