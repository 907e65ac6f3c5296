//go:build hooks

package model

import (
	"fmt"
	"strconv"
	"strings"
)

// What a reading may come to, beside a value.
const (
	none    = "(none)"    // the node is missing, or has nothing there
	unknown = "(unknown)" // it was never read
	refused = "(refused)" // what is there can't be used, or may not be read
)

// content is what a node holds: one of a few kinds, with a number that no other
// content has, so that each value tells when it was written.
type content struct {
	kind   string
	number int
}

// kinds are those of values, flagKinds those of flags.
var (
	kinds     = []string{"text", "json", "properties", "bad", "empty"}
	flagKinds = []string{"on", "off", "bad", "empty"}
)

func (c content) String() string { return c.kind + " " + strconv.Itoa(c.number) }

func parseContent(kind, number string) (content, error) {
	n, err := strconv.Atoi(number)
	if err != nil {
		return content{}, err
	}
	for _, known := range append(kinds, flagKinds...) {
		if kind == known {
			return content{kind: kind, number: n}, nil
		}
	}
	return content{}, fmt.Errorf("%q is no kind of content", kind)
}

// data is the content as the node holds it.
func (c content) data() string {
	n := strconv.Itoa(c.number)
	switch c.kind {
	case "text":
		return "v" + n
	case "json":
		return `{"k":"v` + n + `","l":"w` + n + `"}`
	case "properties":
		return "k=v" + n + "\nl=w" + n + "\n"
	case "bad":
		return "x\x01" + n
	case "empty":
		return ""
	}
	return c.kind
}

// as is what a format makes of the content.
func (c content) as(format, key string) string {
	if c.kind == "empty" {
		return none
	}
	letter := strings.NewReplacer("k", "v", "l", "w").Replace(key)
	value := letter + strconv.Itoa(c.number)
	switch format {
	case "text":
		if c.kind == "properties" || c.kind == "bad" {
			return refused
		}
		return c.data()
	case "json":
		if c.kind != "json" {
			return refused
		}
		return value
	case "properties":
		if c.kind != "properties" {
			return none
		}
		return value
	case "flag":
		if c.kind == "on" || c.kind == "off" {
			return c.kind
		}
	}
	return refused
}
