// Package config is the configuration of a middleware: what stands below plugin.zookeeper
// in Traefik's dynamic configuration, or what a Go program fills in.
//
// All values are texts, lists and mappings of texts, and booleans, as providers have them. In
// Go, what is a duration or a number may also be a time.Duration or an int. The key of a field in Traefik's configuration is its name with a small first letter, as
// in requestHeaders for RequestHeaders, but for the abbreviations in tls, ca, ips and
// jsonBody. Keys are the same in any case.
//
// An empty field has its default. Durations are Go's, with a unit, as in 30s or 1m30s. New
// checks everything at once, and its error names each mistake with its key, what stands
// there, and what to write instead.
package config
