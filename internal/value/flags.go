package value

import (
	"bytes"
	"errors"
	"strings"

	"github.com/mod-zookeeper/traefik-zookeeper/flag"
	"github.com/mod-zookeeper/traefik-zookeeper/flag/lint"
)

// The formats of flags.
const (
	FormatFlag    = "flag"    // a boolean word, a share, a flagd definition, or a flagd document
	FormatDecider = "decider" // a percentage from 0 to 100
	FormatFlags   = "flags"   // all flags of a flagd document, or one flag
)

// inFormat begins the formats of flags that stand in what another format reads.
const inFormat = "flag in "

// FlagFormat is the format of a flag that stands in what another format reads, as at a key
// in a JSON document.
func FlagFormat(format string) string { return inFormat + format }

// ParseBool reads a boolean word, in any case and with any white space around it. The second
// result is false where the text is none.
func ParseBool(text string) (bool, bool) {
	switch strings.ToLower(strings.TrimSpace(text)) {
	case "true", "on", "yes", "enabled", "1":
		return true, true
	case "false", "off", "no", "disabled", "0":
		return false, true
	}
	return false, false
}

// BoolHint names the boolean words, for errors.
const BoolHint = "on or off (also true/false, yes/no, enabled/disabled, 1/0)"

// flagReading is the reading of a flag in the document of flags that a node holds. A faulty
// flag is refused, and does no harm to the others in the document.
func flagReading(format, key string, c *Content) *Reading {
	if len(bytes.TrimSpace(c.Data)) == 0 {
		return &Reading{}
	}
	d := documentOf(c, format)
	if d.refused != nil {
		return &Reading{Refused: d.refused, Findings: findingsIn(d.value, key)}
	}
	return readingOfFlag(d.value.(*flag.Set), key)
}

// flagsReading is the reading of all flags in the document that a node holds. Faulty ones
// among several answer with an error when they are evaluated.
func flagsReading(c *Content) *Reading {
	if len(bytes.TrimSpace(c.Data)) == 0 {
		return &Reading{}
	}
	d := documentOf(c, FormatFlag)
	if d.refused != nil {
		return &Reading{Refused: d.refused}
	}
	return &Reading{Value: d.value, Findings: findingsOfAll(d.value.(*flag.Set))}
}

// fewFlags is in how many flags of a document faults are looked for where nobody has asked for one
// of them.
const fewFlags = 1000

func findingsOfAll(set *flag.Set) []*flag.Finding {
	findings := flag.FindingsOfAll(set, fewFlags)
	if len(findings) > lint.MostFindings {
		findings = findings[:lint.MostFindings]
	}
	return findings
}

// loneFlag is the reading of a flag that stands in a document of another format.
func loneFlag(text []byte) *Reading {
	if len(bytes.TrimSpace(text)) == 0 {
		return &Reading{}
	}
	set, err := flag.Parse(text)
	if err != nil {
		return &Reading{Refused: err, Findings: set.Findings("")}
	}
	return readingOfFlag(set, "")
}

// findingsIn are what is wrong with a flag in a document that can't be used.
func findingsIn(document any, key string) []*flag.Finding {
	set, isSet := document.(*flag.Set)
	if !isSet {
		return nil
	}
	return set.Findings(key)
}

// readingOfFlag is the reading of one flag of a set, and keeps nothing of the others.
func readingOfFlag(set *flag.Set, key string) *Reading {
	findings := set.Findings(key)
	only := set.Only(key)
	err := only.Err(key)
	inner := errors.Unwrap(err)
	if key != "" && inner != nil { // the flag is named already, as what is refused
		err = inner
	}
	if err != nil {
		return &Reading{Refused: err, Findings: findings}
	}
	return &Reading{Value: only, Findings: findings}
}

// readFlagIn is the reading of a flag that stands in what another format reads. In a JSON
// document, it may be a definition, as an object.
func readFlagIn(format, key string, c *Content) *Reading {
	if format == FormatJSON {
		raw, err := jsonAt(c, key)
		if err == nil && len(raw) > 0 && raw[0] == '{' {
			return loneFlag(raw)
		}
	}
	inner := Read(format, key, c)
	text, isText := inner.Value.(string)
	if inner.Refused != nil || !isText {
		return inner
	}
	return loneFlag([]byte(text))
}
