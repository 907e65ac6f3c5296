package session

import (
	"github.com/mod-zookeeper/traefik-zookeeper/internal/ensemble"
)

// What lives on after the call that made it is made by functions that are called through
// these variables.
//
// Yaegi: such a function has no caller's frame, which the closures, timers and goroutines
// of what it makes would keep. docs/yaegi.md has more. They are set in init, since the
// functions lead back to the variables.
var (
	detachedSession             func(name string, settings *ensemble.Settings) *Session
	detachedStart               func(in *Internals)
	detachedConnect             func(in *Internals)
	detachedStartLossTimer      func(in *Internals)
	detachedReplaceLater        func(in *Internals, conn *Connection)
	detachedCheckFileLater      func(in *Internals)
	detachedPrepareSessionLater func(s *Session, fresh *candidate)
)

func init() {
	detachedSession = makeSession
	detachedStart = startSession
	detachedConnect = connect
	detachedStartLossTimer = startLossTimer
	detachedReplaceLater = replaceLater
	detachedCheckFileLater = checkFileLater
	detachedPrepareSessionLater = prepareSessionLater
}
