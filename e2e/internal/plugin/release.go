package plugin

import (
	"errors"
	"os"
	"path/filepath"
	"regexp"

	"github.com/mod-zookeeper/traefik-zookeeper/e2e/internal/parts"
)

var released = regexp.MustCompile(`(?m)^\| this plugin \| (v\d+\.\d+\.\d+) \|`)

// Release is the latest release, as v1.2.3. The table of versions in the readme names it;
// all other documents and examples follow, which a test compares.
func Release() (string, error) {
	readme, err := os.ReadFile(filepath.Join(parts.Root(), "readme.md"))
	if err != nil {
		return "", err
	}
	found := released.FindSubmatch(readme)
	if found == nil {
		return "", errors.New("readme.md: its table of versions has no row for this plugin; write one as | this plugin | v1.2.3 | … |")
	}
	return string(found[1]), nil
}
