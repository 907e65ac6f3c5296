package flag

import (
	"encoding/json"
	"errors"
	"strconv"
	"sync"
	"sync/atomic"

	"github.com/mod-zookeeper/traefik-zookeeper/flag/lint"
	"github.com/mod-zookeeper/traefik-zookeeper/internal/lists"
)

// document is flagd's: flags by their keys. Each is kept as the text that it is
// until somebody asks for it.
type document struct {
	flags      map[string]json.RawMessage
	listed     bool // they stood in a list
	evaluators *library
	metadata   map[string]any
	findings   []*lint.Finding // of what is outside of its flags
	repeated   string          // a flag that it has twice; empty for none
	listing    atomic.Value    // the flags' keys, as a message has them, once they are asked for
	compiled   sync.Map        // of *definition, by the flags' keys
	compiling  sync.Mutex      // over evaluators, and over what is added to compiled
}

// parseDocument takes flagd's document apart: flags by their keys, or in a list that
// gives each its key.
func parseDocument(text []byte, tree map[string]json.RawMessage) (*Set, error) {
	d := &document{}
	err := fillDocument(d, tree)
	if err != nil {
		return brokenSet(err), err
	}
	inspectDocument(d, text, tree)
	return &Set{document: d}, nil
}

func fillDocument(d *document, tree map[string]json.RawMessage) error {
	metadata, err := decodedMember(tree, "metadata")
	if err != nil {
		return err
	}
	if len(metadata) > MaxMetadata {
		return errors.New(`"metadata" ` + errMetadata.Error())
	}
	d.metadata = over(metadata, nil)
	d.findings = lint.CheckMetadata(metadata)
	text := tree["$evaluators"]
	if !isEmpty(text) && !isObjectText(text) {
		return errors.New(`"$evaluators" is ` + shownText(text) + "; an object is expected here")
	}
	rules, err := members(text)
	if err != nil && !isEmpty(text) {
		return err
	}
	d.evaluators = newLibrary(rules)
	return fillFlags(d, tree["flags"])
}

func fillFlags(d *document, text json.RawMessage) error {
	if isObjectText(text) {
		flags, err := members(text)
		d.flags = flags
		if len(flags) > MaxFlags {
			return errFlags
		}
		return err
	}
	if len(text) == 0 || text[0] != '[' {
		return errors.New(`"flags" is ` + shownText(text) + "; an object with a definition for each key is expected here, or a list of definitions with keys")
	}
	return fillListed(d, text)
}

// keyed is what a list of definitions is first decoded into. Whether it is "key" or "Key" that
// stood there, the flag itself has to tell.
type keyed struct {
	Key any `json:"key"`
}

func fillListed(d *document, text json.RawMessage) error {
	var texts []json.RawMessage
	err := json.Unmarshal(text, &texts)
	if err != nil {
		return notJSON(text, err)
	}
	if len(texts) > MaxFlags {
		return errFlags
	}
	var keys []keyed
	// What is no object has no key, which is all that there is to say about it.
	_ = json.Unmarshal(text, &keys)
	d.listed = true
	d.flags = make(map[string]json.RawMessage, len(keys))
	for i, item := range keys {
		key := textIn(item.Key)
		if key == "" {
			return errors.New(`"flags", item ` + strconv.Itoa(i) + `: has no "key"; give each flag of the list one`)
		}
		if d.flags[key] != nil {
			return errors.New(`"flags": the key ` + shown(key) + " stands there twice; keep one of them")
		}
		d.flags[key] = texts[i]
	}
	return nil
}

// flagOf is the flag of that key, nil where there is none. Once it is compiled, no
// lock is taken.
func flagOf(d *document, key string) *definition {
	known, _ := d.compiled.Load(key)
	f, isCompiled := known.(*definition)
	if isCompiled {
		return f
	}
	text := d.flags[key]
	if text == nil {
		return nil
	}
	return compileFlag(d, key, text)
}

func compileFlag(d *document, key string, text json.RawMessage) *definition {
	d.compiling.Lock()
	defer d.compiling.Unlock()
	known, _ := d.compiled.Load(key)
	f, isCompiled := known.(*definition)
	if isCompiled {
		return f
	}
	f = parseListed(d, key, text)
	d.compiled.Store(key, f)
	return f
}

func parseListed(d *document, key string, text json.RawMessage) *definition {
	f := &definition{key: key, static: true, metadata: d.metadata}
	if !isObjectText(text) {
		refuse(f, atKey(key, errors.New("is "+shownText(text)+"; a definition is expected, an object with variants")))
		return f
	}
	tree, err := members(text)
	if err == nil && d.listed && shownText(tree["key"]) != shown(key) {
		err = errors.New(`has no "key"; give each flag of the list one`)
	}
	if err != nil {
		refuse(f, atKey(key, err))
		return f
	}
	return parseDefinition(key, text, tree, d.evaluators, d.metadata)
}

// absence is the message that there is no flag of that key. What the document has
// instead is listed once.
func absence(d *document, key string) string {
	listing := textIn(d.listing.Load())
	if listing == "" {
		listing = "in the document; it has none"
		if len(d.flags) > 0 {
			listing = "in the document; it has " + quoted(lists.SortedKeys(d.flags))
		}
		d.listing.Store(listing)
	}
	return "there is no flag " + shown(key) + " " + listing
}
