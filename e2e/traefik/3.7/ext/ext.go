// Package ext stands in for a module of Traefik's that only its own repository
// has: what extensions of Traefik add to its dynamic configuration. It adds nothing.
package ext

// HTTP is added to the http section.
type HTTP struct{}

// Router is added to each router.
type Router struct{}
