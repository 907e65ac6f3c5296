package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"strings"

	"github.com/mod-zookeeper/traefik-zookeeper/config"
)

// A schema is a JSON schema, or a part of one.
type schema map[string]any

// A generator makes the schemas of the configuration's types.
type generator struct {
	comments    map[string]string // by types and fields, as in Gate and Gate.Path
	defaults    map[string]string // by keys as docs/configuration.md has them
	definitions schema
	err         error
}

// generate is the schema as a text. It is draft 7, which all YAML language servers take.
func generate(root string) ([]byte, error) {
	comments, err := commentsIn(filepath.Join(root, "config"))
	if err != nil {
		return nil, err
	}
	table, err := os.ReadFile(filepath.Join(root, "docs", "configuration.md"))
	if err != nil {
		return nil, err
	}
	g := &generator{comments: comments, defaults: defaultsIn(string(table)), definitions: schema{}}
	g.define(reflect.TypeFor[config.Config](), "")
	if g.err != nil {
		return nil, g.err
	}
	whole := around(g.definitions)
	var text bytes.Buffer
	encoder := json.NewEncoder(&text)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	err = encoder.Encode(whole)
	return text.Bytes(), err
}

// define adds the schema of a struct, whose keys stand at a place.
func (g *generator) define(of reflect.Type, at string) schema {
	name := keyOf(of.Name())
	properties := schema{}
	for i := range of.NumField() {
		field := of.Field(i)
		if field.Name == "Decoded" {
			continue
		}
		own := of.Name() + "." + field.Name
		key := keyOf(field.Name)
		place := strings.TrimPrefix(at+"."+key, ".")
		s := g.shape(own, field.Type, place)
		s["description"] = description(field.Name, g.comments[own])
		if s["description"] == "" {
			g.err = errors.Join(g.err, fmt.Errorf("%s has no comment", own))
		}
		if value, isThere := g.defaults[place]; isThere {
			s["default"] = value
		}
		properties[key] = s
	}
	defined := schema{"type": "object", "additionalProperties": false, "properties": properties, "description": description(of.Name(), firstSentence(g.comments[of.Name()]))}
	for key, value := range further[of.Name()] {
		defined[key] = value
	}
	g.definitions[name] = defined
	return schema{"$ref": "#/definitions/" + name}
}

// shape is the schema of a field.
func (g *generator) shape(own string, of reflect.Type, place string) schema {
	if special := shapes[own]; special != nil {
		return special()
	}
	switch {
	case of.Kind() == reflect.String:
		return text()
	case of.Kind() == reflect.Bool:
		return truth()
	case of.Kind() == reflect.Pointer:
		// A reference alone: what stands beside one doesn't count in draft 7.
		return schema{"anyOf": []any{g.define(of.Elem(), place), truth()}} // true is an empty one
	case of == reflect.TypeFor[[]string]():
		return schema{"anyOf": []any{text(), schema{"type": "array", "items": text()}}}
	case of == reflect.TypeFor[map[string]string]():
		return schema{"type": "object", "additionalProperties": text()}
	case of.Kind() == reflect.Slice:
		return schema{"type": "array", "items": g.define(of.Elem(), place+"[]")}
	case of.Kind() == reflect.Map:
		return schema{"type": "object", "additionalProperties": g.define(of.Elem(), place+".<name>")}
	}
	g.err = errors.Join(g.err, fmt.Errorf("%s: no schema for %s", own, of))
	return schema{}
}

// keyOf is the key of a field, as it is documented.
func keyOf(field string) string {
	for _, initials := range []string{"JSON", "TLS", "CA", "IP"} {
		if rest, found := strings.CutPrefix(field, initials); found {
			return strings.ToLower(initials) + rest
		}
	}
	return strings.ToLower(field[:1]) + field[1:]
}

var (
	row     = regexp.MustCompile("(?m)^\\| `([^`]+)` \\| .* \\| (?:`([^`]+)`)? \\|$")
	isOther = regexp.MustCompile(`^(key|cluster|maxNodes)$`) // a default that is another option
)

// defaultsIn are the defaults that the table of the document has, where they are plain values.
func defaultsIn(document string) map[string]string {
	defaults := map[string]string{}
	for _, match := range row.FindAllStringSubmatch(document, -1) {
		if match[2] != "" && !isOther.MatchString(match[2]) {
			defaults[match[1]] = match[2]
		}
	}
	return defaults
}
