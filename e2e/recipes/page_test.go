// Package recipes runs the recipes of the documents through the real Traefik: it
// takes configurations, commands, requests and answers from the pages themselves.
package recipes

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/mod-zookeeper/traefik-zookeeper/e2e/internal/parts"
)

var pages = []string{"docs/recipes.md", "docs/recipes-more.md"}

// A recipe is a section of a page, or what stands in front of the first one.
type recipe struct {
	name   string
	blocks []block
	text   string
}

type block struct{ language, text string }

var (
	fence   = regexp.MustCompile("(?s)```(\\w+)\n(.*?)```")
	section = regexp.MustCompile(`(?m)^## (.*)$`)
)

// recipes are those of all pages, in the order in which they stand there.
func recipes(t *testing.T) []recipe {
	t.Helper()
	var found []recipe
	for _, name := range pages {
		text, err := os.ReadFile(filepath.Join(parts.Root(), name))
		if err != nil {
			t.Fatal(err)
		}
		found = append(found, sections(name, string(text))...)
	}
	return found
}

func sections(page, text string) []recipe {
	found := []recipe{{name: page}}
	start := 0
	for _, place := range append(section.FindAllStringSubmatchIndex(text, -1), nil) {
		end := len(text)
		if place != nil {
			end = place[0]
		}
		last := &found[len(found)-1]
		last.text = text[start:end]
		for _, match := range fence.FindAllStringSubmatch(last.text, -1) {
			last.blocks = append(last.blocks, block{match[1], match[2]})
		}
		if place != nil {
			found = append(found, recipe{name: text[place[2]:place[3]]})
			start = end
		}
	}
	return found
}

// of are the texts of a recipe's blocks in a language.
func (r recipe) of(language string) []string {
	var texts []string
	for _, b := range r.blocks {
		if b.language == language {
			texts = append(texts, b.text)
		}
	}
	return texts
}

// promised are the different answers that a recipe shows.
func (r recipe) promised(t *testing.T) map[string]bool {
	t.Helper()
	answers := map[string]bool{}
	for _, text := range r.of("console") {
		for _, e := range exchanges(t, text) {
			answers[strings.Join(e.lines, "\n")] = true
		}
	}
	return answers
}

// Each recipe says what it is for, what to configure, what to write, what comes of it, and what to look out for.
func TestRecipesAreComplete(t *testing.T) {
	var names []string
	for _, r := range recipes(t) {
		if strings.HasPrefix(r.name, "docs/") {
			continue
		}
		names = append(names, r.name)
		if len(r.of("yaml")) != 1 || len(r.of("sh")) == 0 || len(r.of("yaml"))+len(r.of("sh"))+len(r.of("console")) != len(r.blocks) {
			t.Errorf("%s has the blocks %q", r.name, r.blocks)
		}
		if answers := r.promised(t); len(answers) < 2 {
			t.Errorf("%s shows no difference: %v", r.name, answers)
		}
		if !strings.Contains(r.text, "\n**Look out:** ") {
			t.Errorf("%s doesn't say what to look out for", r.name)
		}
	}
	want := "Kill switch, Maintenance with a bypass, Canary that grows, Internal users, Launch at a time, A/B/n test, " +
		"Progressive rollback, Region, A flag for each tenant, Block list and allow list, Dry run first"
	if got := strings.Join(names, ", "); got != want {
		t.Errorf("the recipes are %s; want %s", got, want)
	}
}
