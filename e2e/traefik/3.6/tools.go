//go:build tools

// Package traefik pins the version of Traefik that the end-to-end tests run.
package traefik

import _ "github.com/traefik/traefik/v3/cmd/traefik"
