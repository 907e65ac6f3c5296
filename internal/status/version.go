package status

import (
	"runtime/debug"
	"strings"
	"sync"
)

// Version is the plugin's, as the changelog has it: what Traefik tells its plugins doesn't say
// which version it has fetched.
const Version = "unreleased"

var (
	traefikOnce    sync.Once
	traefikRelease string
)

// traefikVersion is the version of the Traefik that the plugin runs in, as Go's linker has noted
// it; empty where it hasn't, and in other programs.
func traefikVersion() string {
	traefikOnce.Do(readTraefikVersion)
	return traefikRelease
}

func readTraefikVersion() {
	build, isKnown := debug.ReadBuildInfo()
	if isKnown {
		traefikRelease = versionIn(build)
	}
}

// versionIn is Traefik's version, whether the program is Traefik or is built around it.
func versionIn(build *debug.BuildInfo) string {
	modules := []*debug.Module{&build.Main}
	modules = append(modules, build.Deps...)
	for _, m := range modules {
		if m.Path == "github.com/traefik/traefik/v3" && strings.HasPrefix(m.Version, "v") {
			return strings.TrimSuffix(m.Version, "+dirty")
		}
	}
	return ""
}
