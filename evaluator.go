package zookeeper

import (
	"time"

	"github.com/mod-zookeeper/traefik-zookeeper/flag"
)

// An evaluator is a flag as a snapshot has it: what a request needs to come to a
// decision.
type evaluator struct {
	source    *source
	key       string // of the flag
	fallback  any
	unread    any // the value where a request can't be read; nil closes a gate
	context   map[string]*template
	lookup    *lookup    // where each request says which node it means
	fixedFlag *foundFlag // otherwise
}

// A foundFlag is one flag, ready for requests.
type foundFlag struct {
	set        *flag.Set        // nil where there is none
	fixed      *flag.Evaluation // where the request makes no difference
	attributes []*attribute
	whole      bool      // the targeting computes names of attributes
	stale      time.Time // since when no session vouches for it; zero while one does
	broken     bool      // the node's present version can't be used; what came before counts
}

// evaluatorFor works out what requests need to know of a flag.
func evaluatorFor(in *input, fallback any, context map[string]*template, clock *expiryClock) *evaluator {
	e := &evaluator{source: in.source, key: in.source.flagKey, fallback: fallback, context: context}
	seen := see(in, clock)
	if in.source.depends {
		e.lookup = &lookup{source: in.source, seen: seen}
	} else {
		e.fixedFlag = flagIn(e, first(seen))
	}
	return e
}

// fixed is the outcome where requests make no difference; nil where they do.
func (e *evaluator) fixed() *flag.Evaluation {
	if e.fixedFlag == nil {
		return nil
	}
	return e.fixedFlag.fixed
}

// flagIn is the flag in what is known of a node.
func flagIn(e *evaluator, seen *observed) *foundFlag {
	found := &foundFlag{broken: seen.refused, stale: seen.stale}
	set, isSet := seen.value.(*flag.Set)
	if !isSet && seen.known && e.source.missingIsOff {
		found.fixed = &flag.Evaluation{Value: false, Reason: flag.ReasonStatic}
		return found
	}
	if !isSet {
		found.fixed = unfounded(e.fallback, missingCode(seen))
		return found
	}
	found.set = set
	if set.Static(e.key) {
		found.fixed = evaluate(e, found, nil)
		return found
	}
	names, complete := set.Attributes(e.key)
	found.attributes = attributesFor(names, e.context)
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
func evaluate(e *evaluator, found *foundFlag, attributes flag.Map) *flag.Evaluation {
	ev := flag.EvaluateMap(found.set, e.key, e.fallback, attributes)
	if found.broken || ev.ErrorCode == flag.ErrorGeneral {
		return qualified(e, found, attributes, ev)
	}
	return ev
}

// qualified is an evaluation of a flag that is an older version's, or that came to an
// end. Where that is the request's doing, it counts as one that can't be read.
func qualified(e *evaluator, found *foundFlag, attributes flag.Map, ev *flag.Evaluation) *flag.Evaluation {
	outcome := *ev
	if flag.Exceeded(ev) && len(attributes) > 0 && !flag.ExceedsAlone(found.set, e.key, e.fallback) {
		outcome.Value = e.unread
	}
	if found.broken {
		outcome.ErrorCode = flag.ErrorParse
	}
	return &outcome
}

// flagFor is the flag that a request means.
func flagFor(e *evaluator, v *visitor) *foundFlag {
	if e.fixedFlag != nil {
		return e.fixedFlag
	}
	seen := firstFor(e.lookup, v)
	if v.unread != "" {
		return &foundFlag{fixed: unreadable(e, v)}
	}
	return flagIn(e, seen)
}

// unreadable is the outcome where a request can't be read as far as the flag looks at
// it.
func unreadable(e *evaluator, v *visitor) *flag.Evaluation {
	message := "the request can't be read as far as the flag looks at it: " + v.unread
	v.unread = ""
	return &flag.Evaluation{Value: e.unread, Reason: flag.ReasonError, ErrorCode: flag.ErrorGeneral, ErrorMessage: message}
}

// evaluateFor is what the flag says to a request.
func evaluateFor(e *evaluator, v *visitor, found *foundFlag) *flag.Evaluation {
	if found.fixed != nil {
		return found.fixed
	}
	if found.whole {
		return evaluateWholeFor(e, v, found)
	}
	attributes := contextOf(found.attributes, v)
	if v.unread != "" {
		return unreadable(e, v)
	}
	return evaluate(e, found, attributes)
}

func evaluateWholeFor(e *evaluator, v *visitor, found *foundFlag) *flag.Evaluation {
	attributes := wholeContext(e.context, v)
	if v.unread != "" {
		return unreadable(e, v)
	}
	return evaluate(e, found, attributes)
}
