package zookeeper

import (
	"strconv"
	"strings"
)

// Traefik hands over what its providers read: strings from files and labels,
// bools and numbers from Kubernetes, and it drops keys that it doesn't know.
// So the plugin takes the tree as it is and reads it here, strictly.

// object is one mapping of the tree, at its place in the configuration.
type object struct {
	at     string
	values map[string]any // by lower-case key
	names  map[string]string
	asked  []string
	found  *findings
}

// findings is what comes of reading a tree.
type findings struct {
	problems *problemList
	levels   map[string][]string // the keys that each mapping is asked for; nil where problems are wanted
}

func newObject(at string, value any, found *findings) *object {
	o := &object{at: at, values: map[string]any{}, names: map[string]string{}, found: found}
	tree, isTree := value.(map[string]any)
	if !isTree {
		if value != nil {
			found.problems.add(at, value, "a mapping of keys to values is wanted here")
		}
		return o
	}
	for name, v := range tree {
		folded := strings.ToLower(name)
		if _, twice := o.values[folded]; twice {
			found.problems.add(o.key(name), name, "the key stands here twice, in another case")
		}
		o.values[folded] = v
		o.names[folded] = name
	}
	return o
}

func (o *object) key(name string) string {
	if o.at == "" {
		return name
	}
	return o.at + "." + name
}

// takeAt returns the value of a key, nil where there is none, and marks the key as known.
//
// Yaegi: a configuration sets few of the many keys, so once nothing is left there
// is a short way; and a method costs as much as four functions.
func takeAt(o *object, name string) any {
	if len(o.values) == 0 {
		return nil
	}
	o.asked = append(o.asked, name)
	folded := strings.ToLower(name)
	v := o.values[folded]
	delete(o.values, folded)
	return v
}

// reportUnknown reports the keys that nothing has asked for.
func reportUnknown(o *object) {
	if len(o.values) > 0 {
		o.reportRest()
	}
}

func (o *object) reportRest() {
	if o.found.levels != nil {
		o.found.levels[o.at] = o.asked
		return
	}
	keys := strings.Join(o.asked, ", ")
	for _, folded := range sortedKeys(o.values) {
		remedy := "unknown key; the keys here are " + keys
		meant := o.suggested(folded)
		if meant != "" {
			remedy = "unknown key; did you mean " + meant + "? The keys here are " + keys
		}
		o.found.problems.add(o.key(o.names[folded]), o.names[folded], remedy)
	}
}

func textAt(o *object, name string) string {
	if len(o.values) == 0 {
		return ""
	}
	return anyTextAt(o, name)
}

func anyTextAt(o *object, name string) string {
	v := takeAt(o, name)
	if v == nil {
		return ""
	}
	text, scalar := scalarText(v)
	if !scalar {
		o.found.problems.add(o.key(name), v, "a single value is wanted here")
		return ""
	}
	return text
}

// secretAt is text whose value is in no message.
func secretAt(o *object, name string) string {
	v := takeAt(o, name)
	text, scalar := scalarText(v)
	if v != nil && !scalar {
		o.found.problems.add(o.key(name), hidden, "a single value is wanted here")
	}
	return text
}

func truthAt(o *object, name string) bool {
	text := textAt(o, name)
	return text != "" && checkTruth(o.key(name), text, o.found.problems)
}

func checkTruth(key, text string, f *problemList) bool {
	if text != "true" && text != "false" {
		f.add(key, text, "true or false is wanted here")
	}
	return text == "true"
}

// optionalAt reads a mapping that may be absent, or true where nothing is to be
// said in it, since labels have no empty mappings. It is nil where there is none.
func optionalAt(o *object, name string) *object {
	v := takeAt(o, name)
	text, scalar := scalarText(v)
	if scalar && text == "true" {
		return newObject(o.key(name), nil, o.found)
	}
	if v == nil || scalar && text == "" || scalar && text == "false" {
		return nil
	}
	if scalar {
		o.found.problems.add(o.key(name), hidden, "a mapping of keys to values is wanted here")
		return nil
	}
	return newObject(o.key(name), v, o.found)
}

// textsAt reads a list of strings, or one string that commas part.
func textsAt(o *object, name string) []string {
	v := takeAt(o, name)
	if v == nil {
		return nil
	}
	return anyTextsAt(o, name, v)
}

func anyTextsAt(o *object, name string, v any) []string {
	text, scalar := scalarText(v)
	if scalar {
		return cutAtCommas(text)
	}
	var list []string
	items, isList := listItems(v)
	if !isList {
		o.found.problems.add(o.key(name), v, "a value or a list of values is wanted here")
		return nil
	}
	for i, item := range items {
		text, scalar := scalarText(item)
		if !scalar {
			o.found.problems.add(o.key(name)+index(i), item, "a single value is wanted here")
			continue
		}
		list = append(list, text)
	}
	return list
}

// cutAtCommas parts a text at its commas, which may have white space around them. Line
// breaks at the ends are those of YAML's blocks.
func cutAtCommas(text string) []string {
	list := strings.Split(strings.Trim(text, "\r\n"), ",")
	for i := range list {
		if i > 0 {
			list[i] = strings.TrimLeft(list[i], " \t\r\n")
		}
		if i+1 < len(list) {
			list[i] = strings.TrimRight(list[i], " \t\r\n")
		}
	}
	return list
}

// objectsAt reads a list of mappings.
func objectsAt(o *object, name string) []*object {
	v := takeAt(o, name)
	if v == nil || v == "" {
		return nil
	}
	items, isList := listItems(v)
	if !isList {
		o.found.problems.add(o.key(name), v, "a list of mappings is wanted here, each item behind a dash in YAML")
		return nil
	}
	var list []*object
	for i, item := range items {
		list = append(list, newObject(o.key(name)+index(i), item, o.found))
	}
	return list
}

// mappingAt reads a mapping from names to mappings; its names keep their case.
func mappingAt(o *object, name string) map[string]*object {
	v := takeAt(o, name)
	if v == nil || v == "" {
		return nil
	}
	tree, isTree := v.(map[string]any)
	if !isTree {
		o.found.problems.add(o.key(name), v, "a mapping of names to mappings is wanted here")
		return nil
	}
	objects := map[string]*object{}
	for _, item := range sortedKeys(tree) {
		_, isTree := tree[item].(map[string]any)
		if !isTree && tree[item] != nil {
			o.found.problems.add(o.key(name)+"."+item, tree[item], "a mapping of keys to values is wanted here, below a name of your own: "+o.key(name)+".main.servers")
			continue
		}
		objects[item] = newObject(o.key(name)+"."+item, tree[item], o.found)
	}
	return objects
}

// stringsAt reads a mapping from names to single values; its names keep their case.
func stringsAt(o *object, name string) map[string]string {
	v := takeAt(o, name)
	if v == nil || v == "" {
		return nil
	}
	tree, isTree := v.(map[string]any)
	if !isTree {
		o.found.problems.add(o.key(name), v, "a mapping of names to values is wanted here")
		return nil
	}
	texts := map[string]string{}
	for _, item := range sortedKeys(tree) {
		text, scalar := scalarText(tree[item])
		if !scalar {
			o.found.problems.add(o.key(name)+"."+item, tree[item], "a single value is wanted here")
		}
		texts[item] = text
	}
	return texts
}

// listItems takes a list as a list; and as the mapping of 0, 1, 2, ... that
// key-value providers make of one.
func listItems(v any) ([]any, bool) {
	switch list := v.(type) {
	case []any:
		return list, true
	case []string:
		var items []any
		for _, text := range list {
			items = append(items, text)
		}
		return items, true
	case []map[string]any:
		var items []any
		for _, tree := range list {
			items = append(items, tree)
		}
		return items, true
	case map[string]any:
		var items []any
		for i := 0; i < len(list); i++ {
			item := list[strconv.Itoa(i)]
			if item == nil {
				return nil, false
			}
			items = append(items, item)
		}
		return items, len(items) > 0
	}
	return nil, false
}
