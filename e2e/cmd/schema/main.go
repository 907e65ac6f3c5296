// Command schema writes the JSON schema of the plugin's configuration, docs/schema.json, from
// the package config: go -C e2e run ./cmd/schema. The tests beside it compare both.
package main

import (
	"fmt"
	"os"
	"path/filepath"

	"github.com/mod-zookeeper/traefik-zookeeper/e2e/internal/parts"
)

func main() {
	text, err := generate(parts.Root())
	if err == nil {
		err = os.WriteFile(filepath.Join(parts.Root(), "docs", "schema.json"), text, 0o644)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "schema:", err)
		os.Exit(1)
	}
}
