package yaegivet

import (
	"fmt"
	"os"
	"strings"
	"testing"
)

// The table in docs/yaegi.md has the rules, in their order and their own words.
func TestDocs(t *testing.T) {
	const path = "../docs/yaegi.md"
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var documented []string
	for line := range strings.Lines(string(text)) {
		if strings.HasPrefix(line, "| `") {
			documented = append(documented, strings.TrimSpace(line))
		}
	}
	for i, r := range rules() {
		want := fmt.Sprintf("| `%s` | %s | %s |", r.name, r.does, r.works)
		if i >= len(documented) || documented[i] != want {
			t.Errorf("%s lacks, as row %d, the line\n%s", path, i+1, want)
		}
	}
	if len(documented) > len(rules()) {
		t.Errorf("%s has %d rows, there are %d rules", path, len(documented), len(rules()))
	}
}
