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

// An object is a mapping in the tree. Its values are taken one by one.
type object struct {
	at       string            // its own key, as in gates[0].bypass; empty for the whole tree
	keys     *level            // that it may have
	values   map[string]any    // by the names of the keys
	left     int               // how many of them are not taken yet
	unknown  map[string]string // keys that it has and may not have, as they are written, by their forms in lower case; nil for none
	problems *problems.List
}

// newObject makes an object of a mapping, or of nil. Anything else is a problem, and read
// as nil.
func newObject(at string, value any, keys *level, list *problems.List) *object {
	o := &object{at: at, keys: keys, values: map[string]any{}, problems: list}
	tree, isTree := value.(map[string]any)
	if !isTree {
		if value != nil {
			list.Add(at, value, "a mapping of keys to values is expected here"+asPath(value))
		}
		return o
	}
	for written, v := range tree {
		name := keys.known[written]
		if name == "" {
			name = otherName(o, written)
		}
		if _, twice := o.values[name]; twice {
			list.Add(keyIn(o, written), written, "the key stands here twice, in another case")
		}
		o.values[name] = v
	}
	o.left = len(o.values)
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

// otherName is the name of a key that is written in another case. A key that is unknown has its
// form in lower case as its name.
func otherName(o *object, written string) string {
	folded := strings.ToLower(written)
	name := o.keys.known[folded]
	if name != "" {
		return name
	}
	if o.unknown == nil {
		o.unknown = map[string]string{}
	}
	o.unknown[folded] = written
	return folded
}

// keyIn is the whole key of a value.
//
// Yaegi: it is a function, as all that is called for each key are, since a method costs as much
// as four of them.
func keyIn(o *object, name string) string {
	if o.at == "" {
		return name
	}
	return o.at + "." + name
}

// takeAt takes the value of a key. It is nil where there is none.
func takeAt(o *object, name string) any {
	v, isThere := o.values[name]
	if isThere {
		o.left--
	}
	return v
}

// reportUnknown reports the keys that an object may not have. It is called once all values were
// taken.
func reportUnknown(o *object) {
	if len(o.unknown) > 0 {
		reportKeys(o)
	}
}

func reportKeys(o *object) {
	keys := strings.Join(o.keys.names, ", ")
	for _, folded := range lists.SortedKeys(o.unknown) {
		remedy := "unknown key; the keys here are " + keys
		if strings.HasPrefix(folded, "[") {
			o.problems.Add(keyIn(o, o.unknown[folded]), o.unknown[folded], "a mapping of keys to values is expected here, and no list; take out the dash")
			return
		}
		meant := o.suggested(folded)
		if meant != "" {
			remedy = "unknown key; did you mean " + meant + "? The keys here are " + keys
		}
		o.problems.Add(keyIn(o, o.unknown[folded]), o.unknown[folded], remedy)
	}
}

// textAt takes a text, empty where there is none. A number or a boolean is one as well.
func textAt(o *object, name string) string {
	v, isThere := o.values[name]
	if !isThere {
		return ""
	}
	o.left--
	text, isText := v.(string)
	if v == nil || isText {
		return text
	}
	return scalarText(o, name, v)
}

// scalarText is the text of a value that isn't one itself.
func scalarText(o *object, name string, v any) string {
	text, isScalar := problems.ScalarText(v)
	if !isScalar {
		o.problems.Add(keyIn(o, name), v, "a single value is expected here")
	}
	return text
}

// scalarAt is textAt for a Duration or a Number; nil where there is none.
func scalarAt(o *object, name string) any {
	text := textAt(o, name)
	if text == "" {
		return nil
	}
	return text
}

// secretAt is textAt for a value that no message shows.
func secretAt(o *object, name string) string {
	v := takeAt(o, name)
	if v == nil {
		return ""
	}
	text, scalar := problems.ScalarText(v)
	if !scalar {
		o.problems.Add(keyIn(o, name), problems.Hidden, "a single value is expected here")
	}
	return text
}

// truthAt takes true or false; false where there is none.
func truthAt(o *object, name string) bool {
	text := textAt(o, name)
	return text != "" && o.problems.Truth(keyIn(o, name), text)
}

// optionalAt takes a mapping; nil where there is none. The text true is an empty mapping,
// since labels can't have one.
func optionalAt(o *object, name string, keys *level) *object {
	v := takeAt(o, name)
	if v == nil {
		return nil
	}
	text, scalar := problems.ScalarText(v)
	if scalar && text == "true" {
		return newObject(keyIn(o, name), nil, keys, o.problems)
	}
	if scalar && text == "" || scalar && text == "false" {
		return nil
	}
	if scalar {
		remedy := "a mapping of keys to values is expected here"
		if name == "tls" {
			remedy = "true is expected here, or a mapping of keys to values"
		}
		o.problems.Add(keyIn(o, name), problems.Hidden, remedy)
		return nil
	}
	return newObject(keyIn(o, name), v, keys, o.problems)
}

// emptiableAt is optionalAt for a mapping that says something even where it is empty. Files
// give an empty text for {}.
func emptiableAt(o *object, name string, keys *level) *object {
	if o.values[name] == "" {
		takeAt(o, name)
		return newObject(keyIn(o, name), nil, keys, o.problems)
	}
	return optionalAt(o, name, keys)
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
		o.problems.Add(keyIn(o, name), v, "a value or a list of values is expected here")
		return nil
	}
	for i, item := range items {
		text, scalar := problems.ScalarText(item)
		if !scalar {
			o.problems.Add(keyIn(o, name)+problems.Index(i), item, "a single value is expected here")
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
func objectsAt(o *object, name string, keys *level) []*object {
	v := takeAt(o, name)
	if v == nil || v == "" {
		return nil
	}
	items, isList := listItems(v)
	if !isList {
		o.problems.Add(keyIn(o, name), v, "a list of mappings is expected here, each item behind a dash in YAML")
		return nil
	}
	var list []*object
	for i, item := range items {
		list = append(list, newObject(keyIn(o, name)+problems.Index(i), item, keys, o.problems))
	}
	return list
}

// mappingAt takes a mapping from names to mappings. Its names keep their case.
func mappingAt(o *object, name string, keys *level) map[string]*object {
	v := takeAt(o, name)
	if v == nil || v == "" {
		return nil
	}
	tree, isTree := v.(map[string]any)
	if !isTree {
		o.problems.Add(keyIn(o, name), v, "a mapping of names to mappings is expected here")
		return nil
	}
	objects := map[string]*object{}
	for _, item := range lists.SortedKeys(tree) {
		_, isTree := tree[item].(map[string]any)
		if !isTree && tree[item] != nil {
			o.problems.Add(keyIn(o, name)+"."+item, tree[item], "a mapping of keys to values is expected here, below a name of your own: "+keyIn(o, name)+".main.servers")
			continue
		}
		objects[item] = newObject(keyIn(o, name)+"."+item, tree[item], keys, o.problems)
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
		o.problems.Add(keyIn(o, name), v, "a mapping of names to values is expected here")
		return nil
	}
	texts := map[string]string{}
	for _, item := range lists.SortedKeys(tree) {
		text, scalar := problems.ScalarText(tree[item])
		if !scalar {
			o.problems.Add(keyIn(o, name)+"."+item, tree[item], "a single value is expected here; in labels, this name can't have a dot")
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
