package zookeeper

import (
	"bytes"
	"strings"
	"time"

	"github.com/mod-zookeeper/traefik-zookeeper/flag"
)

// The formats of flags. Those that begin with inFormat take the flag out of what
// another format reads.
const (
	formatFlag    = "flag"
	formatDecider = "decider"
	inFormat      = "flag in "
)

// parseFlag reads a boolean word: in any case, with white space around it.
// The second result is false when the text is none.
func parseFlag(text string) (bool, bool) {
	switch strings.ToLower(strings.TrimSpace(text)) {
	case "true", "on", "yes", "enabled", "1":
		return true, true
	case "false", "off", "no", "disabled", "0":
		return false, true
	}
	return false, false
}

const flagWords = "on or off (also true/false, yes/no, enabled/disabled, 1/0)"

// flagReading is the flag of that key in the document that a node holds. It has to be
// good, where it is there at all.
func flagReading(format, key string, c *content) *reading {
	if len(bytes.TrimSpace(c.data)) == 0 {
		return &reading{}
	}
	d := parsed(c, format)
	if d.refused != nil {
		return &reading{refused: d.refused}
	}
	return readingOfFlag(d.value.(*flag.Set), key)
}

// loneFlag is a flag that is part of a document of another format.
func loneFlag(text []byte) *reading {
	if len(bytes.TrimSpace(text)) == 0 {
		return &reading{}
	}
	set, err := flag.Parse(text)
	if err != nil {
		return &reading{refused: err}
	}
	return readingOfFlag(set, "")
}

// readingOfFlag keeps the one flag of a set.
func readingOfFlag(set *flag.Set, key string) *reading {
	only := set.Only(key)
	err := only.Err(key)
	if err != nil {
		return &reading{refused: err}
	}
	return &reading{value: only}
}

// checkFlagSource reads the format of a flag's source, and the key, which names
// a flag in a document, or a place in one of another format.
func checkFlagSource(key string, s *source, f *faults) {
	s.isFlag = true
	switch s.format {
	case "":
		s.format = formatFlag
	case formatFlag, formatDecider:
	case formatExists:
		s.format = inFormat + s.format
	case formatJSON, formatProperties:
		if s.key == "" {
			f.add(key+".key", s.key, "format "+s.format+" needs the key of the flag, as in flags.checkout")
		}
		s.format = inFormat + s.format
	default:
		f.add(key+".format", s.format, "flag, decider, json, properties or exists")
	}
}

// flagKey is what the flag is evaluated as.
func (s *source) flagKey() string {
	if strings.HasPrefix(s.format, inFormat) {
		return ""
	}
	return s.key
}

// A verdict is a flag as an instance sees it now: what a request needs to come to
// a decision.
type verdict struct {
	source   *source
	key      string // of the flag
	fallback any
	unread   any // the value where a request can't be read; nil closes a gate
	context  map[string]*template
	seen     []*sighting // the nodes, where the request decides which it is
	finding  *finding    // otherwise
}

// A finding is one flag, ready for requests.
type finding struct {
	set        *flag.Set        // nil where there is none
	fixed      *flag.Evaluation // where the request makes no difference
	attributes []*attribute
	whole      bool      // the targeting computes names of attributes
	stale      time.Time // since when no session vouches for it; zero while one does
	broken     bool      // the node's present version can't be used; what came before counts
}

// judge works out what requests need to know of a flag.
func judge(in *input, fallback any, context map[string]*template, m *moment) *verdict {
	d := &verdict{source: in.source, key: in.source.flagKey(), fallback: fallback, context: context, seen: see(in, m)}
	if !in.source.depends {
		d.finding = d.find(pick(d.seen, nil))
	}
	return d
}

// fixed is the outcome where requests make no difference; nil where they do.
func (d *verdict) fixed() *flag.Evaluation {
	if d.finding == nil {
		return nil
	}
	return d.finding.fixed
}

func (d *verdict) find(seen *sighting) *finding {
	found := &finding{broken: seen.refused, stale: seen.stale}
	set, isSet := seen.value.(*flag.Set)
	if !isSet && seen.known && d.source.format == inFormat+formatExists {
		found.fixed = &flag.Evaluation{Value: false, Reason: flag.ReasonStatic}
		return found
	}
	if !isSet {
		found.fixed = unfounded(d.fallback, seen.missing())
		return found
	}
	found.set = set
	if set.Static(d.key) {
		found.fixed = evaluate(d, found, nil)
		return found
	}
	names, complete := set.Attributes(d.key)
	found.attributes = attributesFor(names, d.context)
	found.whole = !complete || refersToWhole(names)
	return found
}

// unfounded is the outcome where there is no flag, and why.
func unfounded(fallback any, code string) *flag.Evaluation {
	if code == "" {
		return &flag.Evaluation{Value: fallback, Reason: flag.ReasonStale}
	}
	return &flag.Evaluation{Value: fallback, Reason: flag.ReasonError, ErrorCode: code}
}

func refersToWhole(names []string) bool {
	for _, name := range names {
		if name == "headers" || name == "cookies" || name == "query" {
			return true
		}
	}
	return false
}

// evaluate is what the flag says, in an evaluation context.
func evaluate(d *verdict, found *finding, attributes flag.Map) *flag.Evaluation {
	ev := flag.EvaluateMap(found.set, d.key, d.fallback, attributes)
	if found.broken || ev.ErrorCode == flag.ErrorGeneral {
		return qualified(d, found, attributes, ev)
	}
	return ev
}

// qualified is an evaluation of a flag that is an older version's, or that came to an
// end. Where that is the request's doing, it counts as one that can't be read.
func qualified(d *verdict, found *finding, attributes flag.Map, ev *flag.Evaluation) *flag.Evaluation {
	outcome := *ev
	if flag.Exceeded(ev) && len(attributes) > 0 && !flag.ExceedsAlone(found.set, d.key, d.fallback) {
		outcome.Value = d.unread
	}
	if found.broken {
		outcome.ErrorCode = flag.ErrorParse
	}
	return &outcome
}

// findingFor is the flag that a request means.
func findingFor(d *verdict, v *visitor) *finding {
	if d.finding != nil {
		return d.finding
	}
	seen := pick(d.seen, v)
	if v.unread != "" {
		return &finding{fixed: unreadable(d, v)}
	}
	return d.find(seen)
}

// unreadable is the outcome where a request can't be read as far as the flag looks at
// it.
func unreadable(d *verdict, v *visitor) *flag.Evaluation {
	message := "the request can't be read as far as the flag looks at it: " + v.unread
	v.unread = ""
	return &flag.Evaluation{Value: d.unread, Reason: flag.ReasonError, ErrorCode: flag.ErrorGeneral, ErrorMessage: message}
}

// evaluated is what the flag says to a request.
func evaluated(d *verdict, v *visitor, found *finding) *flag.Evaluation {
	if found.fixed != nil {
		return found.fixed
	}
	if found.whole {
		return evaluatedWhole(d, v, found)
	}
	attributes := contextOf(found.attributes, v)
	if v.unread != "" {
		return unreadable(d, v)
	}
	return evaluate(d, found, attributes)
}

func evaluatedWhole(d *verdict, v *visitor, found *finding) *flag.Evaluation {
	attributes := wholeContext(d.context, v)
	if v.unread != "" {
		return unreadable(d, v)
	}
	return evaluate(d, found, attributes)
}
