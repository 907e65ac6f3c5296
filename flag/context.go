package flag

import (
	"encoding/json"
	"strings"
)

// Context is the evaluation context: it knows the attributes that a targeting
// refers to. Evaluate asks it only for those that it comes across.
type Context interface {
	// Lookup returns an attribute's value: a bool, a string, a number, a []any
	// or a map[string]any, or anything that becomes one of these as JSON. For
	// {"var": "user.name"} it is first asked for user.name, and where
	// that is unknown for user. The name "" asks for an object with all
	// attributes, where there is such a thing.
	Lookup(name string) (any, bool)
}

// Map is an evaluation context that has all of its attributes at hand. It is the
// cheapest one to evaluate with.
type Map map[string]any

// Lookup returns the attribute of that name.
func (m Map) Lookup(name string) (any, bool) {
	value, found := m[name]
	if !found && name == "" {
		return map[string]any(m), true
	}
	return value, found
}

// targetingKey is the attribute that shares and the shorthand of fractional go by.
const targetingKey = "targetingKey"

// lookup finds an attribute by its name, then by the steps of its path. The
// second result is false where there is none.
func lookup(r *run, name string, path []string) (any, bool) {
	if r.attributes != nil {
		value, found := r.attributes[name]
		if found {
			return plain(r, value), true
		}
		if len(path) == 0 {
			return nil, false
		}
		return descend(r, r.attributes[path[0]], path[1:])
	}
	if r.ctx == nil {
		return nil, false
	}
	value, found := r.ctx.Lookup(name)
	if found {
		return plain(r, value), true
	}
	if len(path) == 0 {
		return nil, false
	}
	value, found = r.ctx.Lookup(path[0])
	if !found {
		return nil, false
	}
	return descend(r, value, path[1:])
}

// everything is the object with all attributes, and with flagd's own. It is made
// once in an evaluation.
func everything(r *run) any {
	if r.all == nil {
		r.all = allAttributes(r)
	}
	return r.all
}

func allAttributes(r *run) any {
	if r.ctx == nil && r.attributes == nil {
		return map[string]any{"$flagd": flagdProperties(r)}
	}
	all, found := whole(r)
	if !found {
		return nil
	}
	object, isObject := plain(r, all).(map[string]any)
	if !isObject || !spend(r, len(object)) {
		return nil
	}
	copied := make(map[string]any, len(object)+1)
	for name, value := range object {
		copied[name] = value
	}
	copied["$flagd"] = flagdProperties(r)
	return copied
}

func whole(r *run) (any, bool) {
	if r.attributes != nil {
		return Map(r.attributes).Lookup("")
	}
	return r.ctx.Lookup("")
}

// descend follows the steps of a path into objects and lists.
func descend(r *run, value any, steps []string) (any, bool) {
	if len(steps) > pathOfStep && !spend(r, len(steps)) {
		return nil, false
	}
	value = plain(r, value)
	for _, step := range steps {
		inner, found := child(value, step)
		if !found {
			return nil, false
		}
		value = plain(r, inner)
	}
	return value, true
}

func child(value any, step string) (any, bool) {
	switch container := value.(type) {
	case map[string]any:
		inner, found := container[step]
		return inner, found
	case []any:
		i := index(step)
		if i >= 0 && i < len(container) {
			return container[i], true
		}
	}
	return nil, false
}

// index is the place in a list that a step names, -1 where it names none.
func index(step string) int {
	if step == "" || len(step) > 9 || strings.Trim(step, "0123456789") != "" || len(step) > 1 && step[0] == '0' {
		return -1
	}
	i := 0
	for _, digit := range step {
		i = i*10 + int(digit-'0')
	}
	return i
}

// plain makes one of JSON's values of whatever a context holds: nil, bool,
// string, float64, []any or map[string]any.
func plain(r *run, value any) any {
	switch v := value.(type) {
	case nil:
		return nil
	case string:
		return v
	case bool:
		return v
	case float64:
		return v
	case map[string]any:
		return v
	case []any:
		return v
	case int:
		return float64(v)
	case int64:
		return float64(v)
	}
	return throughJSON(r, value)
}

func throughJSON(r *run, value any) any {
	if r.fault != "" {
		return nil
	}
	encoded, err := json.Marshal(value)
	if err != nil || !spend(r, len(encoded)/valueOfStep) {
		return nil
	}
	var decoded any
	err = json.Unmarshal(encoded, &decoded)
	if err != nil {
		return nil
	}
	return decoded
}
