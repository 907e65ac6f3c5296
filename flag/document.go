package flag

import (
	"errors"
	"sort"
	"strconv"
)

// parseDocument reads flagd's document: flags by their keys, or in a list that
// gives each its key.
func parseDocument(tree map[string]any) (*Set, error) {
	evaluators, err := member(tree, "$evaluators")
	if err != nil {
		return brokenSet(err), err
	}
	metadata, err := member(tree, "metadata")
	if err != nil {
		return brokenSet(err), err
	}
	named, err := definitions(tree["flags"])
	if err != nil {
		return brokenSet(err), err
	}
	s := &Set{flags: map[string]*definition{}, metadata: over(metadata, nil)}
	for key, tree := range named {
		s.flags[key] = parseDefinition(key, tree, evaluators, metadata)
	}
	return s, nil
}

func member(tree map[string]any, name string) (map[string]any, error) {
	if tree[name] == nil {
		return nil, nil
	}
	object, isObject := tree[name].(map[string]any)
	if !isObject {
		return nil, errors.New(strconv.Quote(name) + " is " + shown(tree[name]) + "; an object is wanted here")
	}
	return object, nil
}

func definitions(flags any) (map[string]any, error) {
	switch listed := flags.(type) {
	case map[string]any:
		return listed, nil
	case []any:
		return byKey(listed)
	}
	return nil, errors.New(`"flags" is ` + shown(flags) + "; an object with a definition for each key is wanted here, or a list of definitions with keys")
}

func byKey(list []any) (map[string]any, error) {
	named := map[string]any{}
	for i, item := range list {
		key := keyOf(item)
		if key == "" {
			return nil, errors.New(`"flags", item ` + strconv.Itoa(i) + `: has no "key"; give each flag of the list one`)
		}
		if named[key] != nil {
			return nil, errors.New(`"flags": the key ` + strconv.Quote(key) + " stands there twice; keep one of them")
		}
		named[key] = item
	}
	return named, nil
}

func keyOf(item any) string {
	tree, isObject := item.(map[string]any)
	if !isObject {
		return ""
	}
	return textIn(tree["key"])
}

// textIn is the text that a value is, empty where it is none.
func textIn(value any) string {
	text, isText := value.(string)
	if !isText {
		return ""
	}
	return text
}

// over lays a flag's metadata over its flag set's. A null hides nothing.
func over(lower, upper map[string]any) map[string]any {
	merged := map[string]any{}
	for name, value := range lower {
		if value != nil {
			merged[name] = value
		}
	}
	for name, value := range upper {
		if value != nil {
			merged[name] = value
		}
	}
	return merged
}

func sortedNames[V any](m map[string]V) []string {
	names := make([]string, 0, len(m))
	for name := range m {
		names = append(names, name)
	}
	sort.Strings(names)
	return names
}
