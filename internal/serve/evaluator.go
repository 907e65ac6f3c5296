package serve

import (
	"time"

	"github.com/mod-zookeeper/traefik-zookeeper/flag"
	"github.com/mod-zookeeper/traefik-zookeeper/internal/cache"
	"github.com/mod-zookeeper/traefik-zookeeper/internal/flagcheck"
	"github.com/mod-zookeeper/traefik-zookeeper/internal/input"
	"github.com/mod-zookeeper/traefik-zookeeper/internal/lookup"
	"github.com/mod-zookeeper/traefik-zookeeper/internal/request"
	"github.com/mod-zookeeper/traefik-zookeeper/internal/rules"
)

// An evaluator evaluates the flag of a gate or a header for requests.
type evaluator struct {
	source     *rules.Source
	key        string // of the flag
	fallback   any    // the value where there is no flag
	unreadable any    // the value where a request can't be read; nil closes a gate
	context    map[string]*request.Template
	reader     *flagcheck.Reader
	finder     *lookup.Finder // where each request says which node it means; nil otherwise
	prepared   *preparedFlag  // where all mean the same node; nil otherwise
}

// A preparedFlag is what one node says of a flag, ready for requests.
type preparedFlag struct {
	set               *flag.Set        // nil where there is none
	path              string           // of the node
	constant          *flag.Evaluation // the same for all requests; nil where they make a difference
	attributes        []*request.Attribute
	needsWholeContext bool      // the targeting computes names of attributes
	wholes            []string  // of headers, cookies and query, those that it asks for at once
	stale             time.Time // since when no session vouches for it; zero while one does
	isOutdated        bool      // the node's present version can't be used, so the one before counts
}

// newEvaluator prepares the flag that an input reads.
func newEvaluator(in *input.Input, fallback any, reader *flagcheck.Reader, expiry *input.Expiry) *evaluator {
	e := &evaluator{source: in.Source, key: in.Source.FlagKey, fallback: fallback, context: reader.Context, reader: reader}
	seen := input.Observe(in, expiry)
	if in.Source.Depends {
		e.finder = &lookup.Finder{Source: in.Source, Seen: seen}
	} else {
		e.prepared = prepare(e, lookup.FirstWithValue(seen))
	}
	return e
}

// constant is the evaluation that is the same for all requests; nil where they make a
// difference.
func (e *evaluator) constant() *flag.Evaluation {
	if e.prepared == nil {
		return nil
	}
	return e.prepared.constant
}

// prepare makes a node's flag ready for requests.
func prepare(e *evaluator, seen *cache.Observed) *preparedFlag {
	p := &preparedFlag{isOutdated: seen.Refused, stale: seen.Stale}
	set, isSet := seen.Value.(*flag.Set)
	if !isSet && seen.Known && e.source.MissingIsOff {
		p.constant = &flag.Evaluation{Value: false, Reason: flag.ReasonStatic}
		return p
	}
	if !isSet {
		p.constant = evaluationWithoutFlag(e.fallback, lookup.MissingCode(seen))
		return p
	}
	p.set = set
	p.path = seen.Path
	if e.finder == nil {
		flagcheck.Tell(e.reader, set, e.key, p.path)
	}
	if set.Static(e.key) {
		p.constant = evaluate(e, p, nil)
		return p
	}
	salt := saltOf(e.source, seen.Path)
	if salt != "" {
		p.set = set.Salted(salt)
	}
	names, complete := set.Attributes(e.key)
	p.attributes = request.AttributesFor(names, e.context)
	p.needsWholeContext = !complete
	p.wholes = wholesAmong(names, e.context)
	if e.finder != nil && len(p.attributes)+len(p.wholes) < len(names) {
		flagcheck.Tell(e.reader, set, e.key, p.path) // some attribute is one that nothing gives
	}
	return p
}

// saltOf is what shares of a flag are salted with, so that flags in two nodes have other
// targeting keys on; empty for the key that they are evaluated with.
func saltOf(s *rules.Source, path string) string {
	switch {
	case s.Salt != "":
		return s.Salt
	case s.FlagKey != "":
		return ""
	case s.Key != "":
		return path + "#" + s.Key
	}
	return path
}

// evaluationWithoutFlag has the fallback as its value. The code says why there is no
// flag; it is empty where there was one that is too old.
func evaluationWithoutFlag(fallback any, code string) *flag.Evaluation {
	if code == "" {
		return &flag.Evaluation{Value: fallback, Reason: flag.ReasonStale}
	}
	return &flag.Evaluation{Value: fallback, Reason: flag.ReasonError, ErrorCode: code}
}

// wholesAmong are those of the attributes that are all headers, cookies or parameters at once,
// and not what the configuration has by that name.
func wholesAmong(names []string, configured map[string]*request.Template) []string {
	var wholes []string
	for _, name := range names {
		isWhole := name == "headers" || name == "cookies" || name == "query"
		if isWhole && configured[name] == nil {
			wholes = append(wholes, name)
		}
	}
	return wholes
}

// evaluate is what a flag says in an evaluation context.
func evaluate(e *evaluator, p *preparedFlag, attributes flag.Map) *flag.Evaluation {
	ev := flag.EvaluateMap(p.set, e.key, e.fallback, attributes)
	if p.isOutdated || ev.ErrorCode != "" {
		return corrected(e, p, attributes, ev)
	}
	return ev
}

// corrected is the evaluation of a flag that ended with an error, or whose node has an
// unusable version by now. Where a request made it take too many steps, that counts as a
// request that can't be read.
func corrected(e *evaluator, p *preparedFlag, attributes flag.Map, ev *flag.Evaluation) *flag.Evaluation {
	flagcheck.TellError(e.reader, p.set, e.key, p.path, ev)
	outcome := *ev
	if flag.Exceeded(ev) && len(attributes) > 0 && !flag.ExceedsAlone(p.set, e.key, e.fallback) {
		outcome.Value = e.unreadable
	}
	if p.isOutdated {
		outcome.ErrorCode = flag.ErrorParse
	}
	return &outcome
}

// flagFor is the flag that a request means.
func flagFor(e *evaluator, reader *request.Reader) *preparedFlag {
	if e.prepared != nil {
		return e.prepared
	}
	seen := lookup.FindFor(e.finder, reader)
	if reader.Unread != "" {
		return &preparedFlag{constant: evaluationOfUnreadable(e, reader)}
	}
	return prepare(e, seen)
}

// evaluationOfUnreadable is for a request that can't be read as far as the flag looks at
// it.
func evaluationOfUnreadable(e *evaluator, reader *request.Reader) *flag.Evaluation {
	message := "the request can't be read as far as the flag looks at it: " + reader.Unread
	reader.Unread = ""
	return &flag.Evaluation{Value: e.unreadable, Reason: flag.ReasonError, ErrorCode: flag.ErrorGeneral, ErrorMessage: message}
}

// evaluateFor is what a flag says to a request.
func evaluateFor(e *evaluator, reader *request.Reader, p *preparedFlag) *flag.Evaluation {
	if p.constant != nil {
		return p.constant
	}
	if p.needsWholeContext {
		return evaluateWholeFor(e, reader, p)
	}
	attributes := request.ContextOf(p.attributes, reader)
	if len(p.wholes) > 0 {
		request.AddWholes(attributes, p.wholes, reader)
	}
	if reader.Unread != "" {
		return evaluationOfUnreadable(e, reader)
	}
	return evaluate(e, p, attributes)
}

// evaluateWholeFor gives the flag every attribute that there is.
func evaluateWholeFor(e *evaluator, reader *request.Reader, p *preparedFlag) *flag.Evaluation {
	attributes := request.WholeContext(e.context, reader)
	if reader.Unread != "" {
		return evaluationOfUnreadable(e, reader)
	}
	return evaluate(e, p, attributes)
}
