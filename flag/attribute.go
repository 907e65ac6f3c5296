package flag

import (
	"strings"
	"time"
)

// attribute is {"var": name}: its default where the context doesn't have it.
func attribute(r *run, n *node) any {
	value := r.attributes[n.name]
	if value == nil && (r.attributes == nil || n.path != nil || len(n.args) > 0) {
		return attributeSlowly(r, n)
	}
	return plain(r, value)
}

// attributeSlowly is for other contexts than a Map, for paths and for defaults.
func attributeSlowly(r *run, n *node) any {
	value, found := lookup(r, n.name, n.path)
	if !found {
		return absent(r, n.args, 0)
	}
	return value
}

func absent(r *run, args []*node, i int) any {
	if i < len(args) {
		return eval(r, args[i])
	}
	return nil
}

// elementValue is "var" below map, filter, reduce, all, none and some.
func elementValue(r *run, n *node) any {
	value, found := descend(r, r.element, n.path)
	if !found {
		return absent(r, n.args, 0)
	}
	return value
}

// computed is "var" with a name that is the outcome of an operation.
func computed(r *run, n *node) any {
	value, found := byName(r, n, eval(r, n.args[0]))
	if !found {
		return absent(r, n.args, 1)
	}
	return value
}

// byName finds an attribute whose name only the evaluation tells, in the
// element or in the context.
func byName(r *run, n *node, name any) (any, bool) {
	whole := name == nil || name == "" || isUndefined(name)
	word := text(r, name)
	if len(word) > pathOfStep && !spend(r, len(word)/pathOfStep) {
		return nil, false
	}
	path := strings.Split(word, ".")
	if n.scoped && whole {
		return plain(r, r.element), true
	}
	if n.scoped {
		return descend(r, r.element, path)
	}
	if whole {
		return everything(r), true
	}
	if path[0] == "$flagd" {
		return descend(r, flagdProperties(r), path[1:])
	}
	return lookup(r, word, path)
}

// missing is the list of those names that the data has no value for.
func missing(r *run, n *node) any {
	if n.op == opMissingSome {
		return missingSome(r, argument(r, n, 0), argument(r, n, 1), n)
	}
	names := listed(r, n)
	if len(names) > 0 {
		list, isList := names[0].([]any)
		if isList {
			names = list
		}
	}
	return absentOf(r, names, n)
}

// missingSome is the same, or empty where enough of the names have a value.
func missingSome(r *run, needed, options any, n *node) any {
	names, isList := options.([]any)
	if !isList {
		return absentOf(r, []any{options}, n)
	}
	absent := absentOf(r, names, n)
	if float64(len(names)-len(absent)) >= number(r, needed) {
		return []any{}
	}
	return absent
}

func absentOf(r *run, names []any, n *node) []any {
	absent := []any{}
	if !spend(r, len(names)) {
		return absent
	}
	for _, name := range names {
		value, found := byName(r, n, name)
		if !found || value == nil || value == "" {
			absent = append(absent, name)
		}
	}
	return absent
}

// timestamp is the time of the evaluation, the same for all that ask for it.
func timestamp(r *run) float64 {
	if r.now == 0 {
		r.now = float64(time.Now().Unix())
	}
	return r.now
}

func flagdProperties(r *run) map[string]any {
	return map[string]any{"flagKey": r.key, "timestamp": timestamp(r)}
}
