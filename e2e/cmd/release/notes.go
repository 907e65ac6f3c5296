package main

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"

	"github.com/mod-zookeeper/traefik-zookeeper/e2e/internal/parts"
	"github.com/mod-zookeeper/traefik-zookeeper/e2e/internal/plugin"
)

// notes are the release's section of the changelog.
func (o options) notes() (string, error) {
	changelog, err := os.ReadFile(filepath.Join(parts.Root(), "changelog.md"))
	if err != nil {
		return "", err
	}
	return notesOf(string(changelog), o.version, o.dirty)
}

const unreleased = "Unreleased"

// notesOf are the text below the heading of a version. A commit that has no tag has the
// changes that aren't released yet, and so has a rehearsal whose version has no heading.
func notesOf(changelog, version string, rehearsal bool) (string, error) {
	text, found := below(changelog, version)
	if !found && (rehearsal || !tag.MatchString(version)) {
		text, found = below(changelog, unreleased)
	}
	if !found {
		return "", fmt.Errorf("changelog.md has no section for %s; make ## %s of its heading ## %s", version, version, unreleased)
	}
	if text == "" {
		return "", fmt.Errorf("changelog.md says nothing of %s; write what users see", version)
	}
	return withFullLinks(text, version) + "\n", nil
}

// below is the text below the heading that has a title as its first word.
func below(changelog, title string) (string, bool) {
	for _, section := range strings.Split("\n"+changelog, "\n## ")[1:] {
		heading, text, _ := strings.Cut(section, "\n")
		if heading == title || strings.HasPrefix(heading, title+" ") {
			return strings.TrimSpace(text), true
		}
	}
	return "", false
}

var ownLink = regexp.MustCompile(`\]\(([^)\s:]+)\)`)

// withFullLinks has links to the repository's files lead there from elsewhere too.
func withFullLinks(text, version string) string {
	return ownLink.ReplaceAllString(text, "](https://"+plugin.Module+"/blob/"+version+"/$1)")
}
