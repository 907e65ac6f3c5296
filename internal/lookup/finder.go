// Package lookup finds the nodes that requests mean by the placeholders of a path, and the lines
// of headers that are made of them.
package lookup

import (
	"encoding/json"
	"strconv"

	"github.com/mod-zookeeper/traefik-zookeeper/flag"
	"github.com/mod-zookeeper/traefik-zookeeper/flag/lint"
	"github.com/mod-zookeeper/traefik-zookeeper/internal/cache"
	"github.com/mod-zookeeper/traefik-zookeeper/internal/request"
	"github.com/mod-zookeeper/traefik-zookeeper/internal/rules"
	"github.com/mod-zookeeper/traefik-zookeeper/internal/value"
)

// A Finder finds the nodes that a request means, for a source with placeholders in its paths.
type Finder struct {
	Source *rules.Source
	Seen   []*cache.Observed // what each of the source's paths shows
}

// FirstWithValue is the first node with a value, or the first that isn't known, since
// such a node may have a value.
func FirstWithValue(all []*cache.Observed) *cache.Observed {
	last := &cache.Observed{}
	for _, seen := range all {
		if seen.Value != nil || !seen.Known {
			return seen
		}
		if last.Refused && !seen.Refused {
			seen = &cache.Observed{Loaded: true, Known: true, Stale: seen.Stale, Refused: true}
		}
		last = seen
	}
	return last
}

// FindFor is FirstWithValue for the nodes that a request means.
//
// Yaegi: it has the same loop written out, since a list of the nodes would cost each
// request an allocation.
func FindFor(f *Finder, reader *request.Reader) *cache.Observed {
	last := &cache.Observed{}
	for i, seen := range f.Seen {
		if seen.Tree != nil && seen.Known {
			seen = nodeInSubtree(seen, f.Source.Places[i].Template, reader)
		}
		if seen.Value != nil || !seen.Known {
			return seen
		}
		if last.Refused && !seen.Refused {
			seen = &cache.Observed{Loaded: true, Known: true, Stale: seen.Stale, Refused: true}
		}
		last = seen
	}
	return last
}

// nodeInSubtree is the node of a subtree that a request means. A node that was created a
// moment ago is missing until it has been read.
func nodeInSubtree(seen *cache.Observed, t *request.PathTemplate, reader *request.Reader) *cache.Observed {
	path, named := request.PathFor(t, reader)
	if named {
		e := cache.EntryFor(seen.Tree, path)
		if e != nil && e.Loaded {
			return &cache.Observed{Value: e.Value, Loaded: true, Known: true, Stale: seen.Stale, Refused: e.Refused, Path: path}
		}
	}
	if !seen.Tree.Loaded() {
		return &cache.Observed{Stale: seen.Stale}
	}
	return &cache.Observed{Loaded: true, Known: true, Stale: seen.Stale}
}

// HeaderText is what a header says for what is known of its node; empty where the header is
// removed.
func HeaderText(rule *rules.Header, seen *cache.Observed) string {
	if seen.Value != nil {
		return rules.FormatValue(rule, seen.Value.(string))
	}
	if seen.Known {
		return rule.Missing
	}
	return rule.Fallback
}

// HeaderTextFor is HeaderText for the node that a request means.
func HeaderTextFor(f *Finder, rule *rules.Header, reader *request.Reader) string {
	seen := FindFor(f, reader)
	if reader.Unread != "" {
		reader.Unread = ""
		return rule.Fallback
	}
	return HeaderText(rule, seen)
}

// FlagText is a flag's value as a header has it. Where there is no value, an empty one, or
// one that no header can hold, that is the rule's default.
func FlagText(rule *rules.Header, ev *flag.Evaluation) string {
	checked, err := textOf(ev)
	if err != nil || checked == "" {
		return rule.Fallback
	}
	return rules.FormatValue(rule, checked)
}

// textOf is a flag's value as a text for a header; empty for none.
func textOf(ev *flag.Evaluation) (string, error) {
	switch given := ev.Value.(type) {
	case nil:
		return "", nil
	case string:
		return value.HeaderText(given)
	}
	encoded, err := json.Marshal(ev.Value)
	if err != nil {
		return "", err
	}
	return value.HeaderText(string(encoded))
}

// Fitting is an evaluation for a header: the error that it comes to where no header can have its
// value.
func Fitting(ev *flag.Evaluation) *flag.Evaluation {
	_, err := textOf(ev)
	if err == nil {
		return ev
	}
	return &flag.Evaluation{
		Reason: flag.ReasonError, ErrorCode: flag.ErrorTypeMismatch, Metadata: ev.Metadata,
		ErrorMessage: "no header can have the value of the variant " + strconv.Quote(lint.Member(ev.Variant)) + ", since it " + err.Error(),
	}
}

// MissingCode is the error code that says why there is no flag. It is empty where there
// was a flag that is too old by now.
func MissingCode(seen *cache.Observed) string {
	switch {
	case seen.Refused:
		return flag.ErrorParse
	case seen.Known:
		return flag.ErrorFlagNotFound
	case seen.Loaded:
		return ""
	}
	return flag.ErrorProviderNotReady
}
