package ensemble

import (
	"strings"
	"sync/atomic"

	"github.com/mod-zookeeper/traefik-zookeeper/config"
	"github.com/mod-zookeeper/traefik-zookeeper/internal/problems"
)

// Middlewares define the same clusters again and again: each of them, and with each reload. So
// the definitions that were right are known by what they say.

// mostKnown is how many definitions are known at most.
const mostKnown = 64

// known is a map[string]*Settings, which is replaced as a whole.
var known atomic.Value

// Check checks the definition of a cluster, whose key is as clusters.main. It reads the files
// and environment variables that the definition names, and connects to nothing. What it returns
// is others' too, and never changes.
func Check(key string, c config.Cluster, list *problems.List) *Settings {
	if c.Username+c.Password+c.PasswordFile+c.PasswordEnv != "" || c.TLS != nil {
		return checkAnew(key, c, list) // there are secrets, or files that may have changed
	}
	id := strings.Join(c.Servers, ",") + "\x00" + config.Text(c.SessionTimeout)
	before, _ := known.Load().(map[string]*Settings)
	s := before[id]
	if s == nil {
		s = checkToKnow(id, before, key, c, list)
	}
	return s
}

// checkToKnow checks a definition, which is known from then on if it is right.
func checkToKnow(id string, before map[string]*Settings, key string, c config.Cluster, list *problems.List) *Settings {
	mistakes := len(list.Texts())
	s := checkAnew(key, c, list)
	if len(list.Texts()) > mistakes {
		return s
	}
	after := map[string]*Settings{id: s}
	if len(before) < mostKnown {
		for other, settings := range before {
			after[other] = settings
		}
	}
	known.Store(after)
	return s
}
