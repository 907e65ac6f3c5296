package clusters

import (
	"time"

	"github.com/mod-zookeeper/traefik-zookeeper/internal/cache"
	"github.com/mod-zookeeper/traefik-zookeeper/internal/ensemble"
	"github.com/mod-zookeeper/traefik-zookeeper/internal/session"
)

// A pool is what a process has of one ensemble: its session, and the cache of the nodes
// that are read through it. It is closed when nobody uses it any more.
//
// Yaegi: a type without a name is a text, which has in it those of all types that it
// refers to. Those of the session and the cache would be in the registries' up to twenty
// times, and come to megabytes. So two fields are of type any.
type pool struct {
	cluster        string             // its name
	settings       *ensemble.Settings // the cluster's, in force
	untypedSession any                // the *session.Session
	untypedCache   any                // the *cache.Cache
	users          int                // the uses by members, one for all leases, and one for Register
	leases         int                // that were not given back
	isLeased       bool               // there are leases, or were a linger ago
	idleSince      time.Time          // when the last lease was given back
	isRegistered   bool               // Register defines the cluster so
	isKept         bool               // it stays for Register's sake, since somebody has used it
	isLingering    bool               // a timer runs, at whose end it is closed if nobody has a lease
}

func newPool(cluster string, wanted *ensemble.Settings) *pool {
	one := session.New(cluster, wanted)
	return &pool{cluster: cluster, settings: wanted, untypedSession: one, untypedCache: cache.New(one)}
}

func (p *pool) session() *session.Session { return p.untypedSession.(*session.Session) }

func (p *pool) cache() *cache.Cache { return p.untypedCache.(*cache.Cache) }

// countUser takes in a user. A pool that Register defines stays from then on.
func countUser(p *pool) {
	p.users++
	keepPool(p)
}

// keepPool has a pool stay that Register defines.
func keepPool(p *pool) {
	if p.isRegistered && !p.isKept {
		p.isKept = true
		p.users++
	}
}

// unregister ends what Register has kept the pool for.
func (p *pool) unregister() {
	p.isRegistered = false
	if p.isKept {
		p.isKept = false
		p.release()
	}
}

// release lets a user go, and closes the pool after the last one.
func (p *pool) release() {
	p.users--
	if p.users == 0 {
		p.session().Close()
	}
}
