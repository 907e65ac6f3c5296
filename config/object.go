package config

import (
	"strconv"
	"strings"

	"github.com/mod-zookeeper/traefik-zookeeper/internal/lists"
	"github.com/mod-zookeeper/traefik-zookeeper/internal/problems"
)

// Traefik hands over what its providers read. Files and labels give strings, Kubernetes
// gives booleans and numbers as well. If Traefik decoded that itself, it would drop keys that
// it doesn't know. So the plugin takes the tree as it is and reads it here, strictly.

// An object is a mapping in the tree. Its values are taken out one by one, so that those
// that are left over have unknown keys.
type object struct {
	at     string            // its own key, as in gates[0].bypass; empty for the whole tree
	values map[string]any    // those that are not taken yet, by keys in lower case
	names  map[string]string // keys as they are written, by keys in lower case
	asked  []string          // keys that were asked for, whether they are there or not
	found  *findings
}

// findings are what comes of reading a tree.
type findings struct {
	problems *problems.List
	levels   map[string][]string // the keys that each mapping is asked for; nil where unknown keys are problems
}

// newObject makes an object of a mapping, or of nil. Anything else is a problem, and read
// as nil.
func newObject(at string, value any, found *findings) *object {
	o := &object{at: at, values: map[string]any{}, names: map[string]string{}, found: found}
	tree, isTree := value.(map[string]any)
	if !isTree {
		if value != nil {
			found.problems.Add(at, value, "a mapping of keys to values is expected here"+asPath(value))
		}
		return o
	}
	for name, v := range tree {
		folded := strings.ToLower(name)
		if _, twice := o.values[folded]; twice {
			found.problems.Add(o.key(name), name, "the key stands here twice, in another case")
		}
		o.values[folded] = v
		o.names[folded] = name
	}
	return o
}

// asPath is how a mapping begins that was meant by the path of a node alone.
func asPath(value any) string {
	text, _ := problems.ScalarText(value)
	if !strings.HasPrefix(text, "/") {
		return ""
	}
	return ", as in path: " + text
}

// key is the whole key of a value.
func (o *object) key(name string) string {
	if o.at == "" {
		return name
	}
	return o.at + "." + name
}

// takeAt takes the value of a key, and notes that the key is known. It is nil where there
// is none.
//
// Yaegi: a configuration sets few of the many keys, so it is a short way once nothing is
// left. It is a function, since a method costs as much as four of them.
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

// reportUnknown reports the values that nobody has asked for. It is called once all keys
// were asked for.
func reportUnknown(o *object) {
	if len(o.values) > 0 {
		o.reportRest()
	}
}

// reportRest is reportUnknown where something is left.
func (o *object) reportRest() {
	if o.found.levels != nil {
		o.found.levels[o.at] = o.asked
		return
	}
	keys := strings.Join(o.asked, ", ")
	for _, folded := range lists.SortedKeys(o.values) {
		remedy := "unknown key; the keys here are " + keys
		if strings.HasPrefix(folded, "[") {
			o.found.problems.Add(o.key(o.names[folded]), o.names[folded], "a mapping of keys to values is expected here, and no list; take out the dash")
			return
		}
		meant := o.suggested(folded)
		if meant != "" {
			remedy = "unknown key; did you mean " + meant + "? The keys here are " + keys
		}
		o.found.problems.Add(o.key(o.names[folded]), o.names[folded], remedy)
	}
}

// textAt takes a text, empty where there is none. A number or a boolean is one as well.
func textAt(o *object, name string) string {
	if len(o.values) == 0 {
		return ""
	}
	return anyTextAt(o, name)
}

// scalarAt is textAt for a Duration or a Number; nil where there is none.
func scalarAt(o *object, name string) any {
	text := textAt(o, name)
	if text == "" {
		return nil
	}
	return text
}

func anyTextAt(o *object, name string) string {
	v := takeAt(o, name)
	if v == nil {
		return ""
	}
	text, scalar := problems.ScalarText(v)
	if !scalar {
		o.found.problems.Add(o.key(name), v, "a single value is expected here")
		return ""
	}
	return text
}

// secretAt is textAt for a value that no message shows.
func secretAt(o *object, name string) string {
	v := takeAt(o, name)
	text, scalar := problems.ScalarText(v)
	if v != nil && !scalar {
		o.found.problems.Add(o.key(name), problems.Hidden, "a single value is expected here")
	}
	return text
}

// truthAt takes true or false; false where there is none.
func truthAt(o *object, name string) bool {
	text := textAt(o, name)
	return text != "" && o.found.problems.Truth(o.key(name), text)
}

// optionalAt takes a mapping; nil where there is none. The text true is an empty mapping,
// since labels can't have one.
func optionalAt(o *object, name string) *object {
	v := takeAt(o, name)
	text, scalar := problems.ScalarText(v)
	if scalar && text == "true" {
		return newObject(o.key(name), nil, o.found)
	}
	if v == nil || scalar && text == "" || scalar && text == "false" {
		return nil
	}
	if scalar {
		remedy := "a mapping of keys to values is expected here"
		if name == "tls" {
			remedy = "true is expected here, or a mapping of keys to values"
		}
		o.found.problems.Add(o.key(name), problems.Hidden, remedy)
		return nil
	}
	return newObject(o.key(name), v, o.found)
}

// emptiableAt is optionalAt for a mapping that says something even where it is empty. Files
// give an empty text for {}.
func emptiableAt(o *object, name string) *object {
	if o.values[strings.ToLower(name)] == "" {
		takeAt(o, name)
		return newObject(o.key(name), nil, o.found)
	}
	return optionalAt(o, name)
}

// textsAt takes a list of texts, or one text that is cut at its commas.
func textsAt(o *object, name string) []string {
	v := takeAt(o, name)
	if v == nil {
		return nil
	}
	return anyTextsAt(o, name, v)
}

func anyTextsAt(o *object, name string, v any) []string {
	text, scalar := problems.ScalarText(v)
	if scalar {
		return cutAtCommas(text)
	}
	var list []string
	items, isList := listItems(v)
	if !isList {
		o.found.problems.Add(o.key(name), v, "a value or a list of values is expected here")
		return nil
	}
	for i, item := range items {
		text, scalar := problems.ScalarText(item)
		if !scalar {
			o.found.problems.Add(o.key(name)+problems.Index(i), item, "a single value is expected here")
			continue
		}
		list = append(list, text)
	}
	return list
}

// cutAtCommas cuts a text at its commas and the white space around them. Line breaks at its
// ends are left out, since YAML's blocks have some.
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

// objectsAt takes a list of mappings.
func objectsAt(o *object, name string) []*object {
	v := takeAt(o, name)
	if v == nil || v == "" {
		return nil
	}
	items, isList := listItems(v)
	if !isList {
		o.found.problems.Add(o.key(name), v, "a list of mappings is expected here, each item behind a dash in YAML")
		return nil
	}
	var list []*object
	for i, item := range items {
		list = append(list, newObject(o.key(name)+problems.Index(i), item, o.found))
	}
	return list
}

// mappingAt takes a mapping from names to mappings. Its names keep their case.
func mappingAt(o *object, name string) map[string]*object {
	v := takeAt(o, name)
	if v == nil || v == "" {
		return nil
	}
	tree, isTree := v.(map[string]any)
	if !isTree {
		o.found.problems.Add(o.key(name), v, "a mapping of names to mappings is expected here")
		return nil
	}
	objects := map[string]*object{}
	for _, item := range lists.SortedKeys(tree) {
		_, isTree := tree[item].(map[string]any)
		if !isTree && tree[item] != nil {
			o.found.problems.Add(o.key(name)+"."+item, tree[item], "a mapping of keys to values is expected here, below a name of your own: "+o.key(name)+".main.servers")
			continue
		}
		objects[item] = newObject(o.key(name)+"."+item, tree[item], o.found)
	}
	return objects
}

// stringsAt takes a mapping from names to texts. Its names keep their case.
func stringsAt(o *object, name string) map[string]string {
	v := takeAt(o, name)
	if v == nil || v == "" {
		return nil
	}
	tree, isTree := v.(map[string]any)
	if !isTree {
		o.found.problems.Add(o.key(name), v, "a mapping of names to values is expected here")
		return nil
	}
	texts := map[string]string{}
	for _, item := range lists.SortedKeys(tree) {
		text, scalar := problems.ScalarText(tree[item])
		if !scalar {
			o.found.problems.Add(o.key(name)+"."+item, tree[item], "a single value is expected here; in labels, this name can't have a dot")
		}
		texts[item] = text
	}
	return texts
}

// listItems are the items of a list. Key-value providers make a mapping of one, whose keys
// are 0, 1, 2 and so on, which counts as well. The second result is false for anything else.
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
