package readme

import (
	"regexp"
	"strings"
	"testing"

	"github.com/mod-zookeeper/traefik-zookeeper/flag"
	"github.com/mod-zookeeper/traefik-zookeeper/flag/lint"
)

var definition = regexp.MustCompile(`'(\{[^'\n]*"variants"[^'\n]*\})'`)

// Of the flags that the documents write, nothing is said.
func TestEveryFlagIsSound(t *testing.T) {
	found := 0
	for _, name := range documents(t) {
		for _, match := range definition.FindAllStringSubmatch(text(t, name), -1) {
			if strings.Contains(match[1], "[%s]") {
				continue // a form that printf fills in
			}
			found++
			set, err := flag.Parse([]byte(match[1]))
			if findings := set.Findings(""); err != nil || len(findings) > 0 {
				t.Errorf("%s: %s: %v, %s", name, match[1], err, lint.Line(findings))
			}
		}
	}
	if found < 5 {
		t.Errorf("%d flags", found)
	}
}
