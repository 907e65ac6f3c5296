package zookeeper

import "github.com/mod-zookeeper/traefik-zookeeper/flag"

// A lookup is what a source shows, where each request says which nodes it means.
type lookup struct {
	source *source
	seen   []*observed // for each of the source's places
}

// first is the first node with a value, or the first that isn't known, since such a node
// may have a value.
func first(all []*observed) *observed {
	last := &observed{}
	for _, seen := range all {
		if seen.value != nil || !seen.known {
			return seen
		}
		if last.refused && !seen.refused {
			seen = &observed{loaded: true, known: true, stale: seen.stale, refused: true}
		}
		last = seen
	}
	return last
}

// firstFor is first, with the nodes that a request means.
func firstFor(of *lookup, v *visitor) *observed {
	last := &observed{}
	for i, seen := range of.seen {
		if seen.tree != nil && seen.known {
			seen = within(seen, of.source.places[i].template, v)
		}
		if seen.value != nil || !seen.known {
			return seen
		}
		if last.refused && !seen.refused {
			seen = &observed{loaded: true, known: true, stale: seen.stale, refused: true}
		}
		last = seen
	}
	return last
}

// within is the node of a subtree that a request means. A new node is missing until it
// has been read.
func within(seen *observed, t *pathTemplate, v *visitor) *observed {
	path, named := pathFor(t, v)
	if named {
		e := entryFor(seen.tree, path)
		if e != nil && e.loaded {
			return &observed{value: e.value, loaded: true, known: true, stale: seen.stale, refused: e.refused}
		}
	}
	if !seen.tree.loaded() {
		return &observed{stale: seen.stale}
	}
	return &observed{loaded: true, known: true, stale: seen.stale}
}

// missingCode is the error code that says why there is no flag. It is empty where there
// was one that is too old by now.
func missingCode(seen *observed) string {
	switch {
	case seen.refused:
		return flag.ErrorParse
	case seen.known:
		return flag.ErrorFlagNotFound
	case seen.loaded:
		return ""
	}
	return flag.ErrorProviderNotReady
}
