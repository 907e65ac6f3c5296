package store

import (
	"sync/atomic"

	"github.com/mod-zookeeper/traefik-zookeeper/internal/published"
	"github.com/mod-zookeeper/traefik-zookeeper/internal/value"
)

// A text may be read in place: it stands where requests read it, as the only one of a header's
// lines. A text that follows a text replaces it there, at once for all who read it so, and they
// needn't be told. Where others read the node in another way, and of all other changes,
// everybody is told.

// ReadInPlace has a use of a node's text read in place from now on. It returns the lines, a
// *[]string, as package published has them. They count while the node has a text.
func ReadInPlace(use *NodeUse) *atomic.Value {
	st := storeOf(use)
	st.mu.Lock()
	defer st.mu.Unlock()
	v := use.view
	if v.lines == nil {
		v.lines = &atomic.Value{}
		text, _ := v.value.(string)
		v.lines.Store(published.Line(text))
	}
	v.inPlace++
	use.inPlace = true
	return v.lines
}

// isReadOtherwise tells whether anybody reads a view in another way than in place.
func isReadOtherwise(v *view) bool { return v.inPlace < v.uses }

// replaceLines has what was read of a text stand where it is read in place, and notes whether
// that is all that is to be done for those who read it there.
func replaceLines(v *view, r *value.Reading) {
	before, _ := v.value.(string)
	after, _ := r.Value.(string)
	v.isReplaced = before != "" && after != "" && v.loaded && !v.refused && r.Refused == nil
	if after != "" && r.Refused == nil {
		v.lines.Store(published.Line(after))
	}
}
