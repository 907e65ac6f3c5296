package zookeeper

// What lives on after the call that made it is made by functions that are called through
// these variables.
//
// Yaegi: such a function has no caller's frame, which the closures, timers and goroutines
// of what it makes would keep. docs/yaegi.md has more. They are set in init, since the
// functions lead back to the variables.
var (
	detachedSession      func(name string, s *settings) *session
	detachedStart        func(h *held)
	detachedConnect      func(h *held)
	detachedLoseLater    func(h *held)
	detachedRenewLater   func(h *held, c *connection)
	detachedRotateLater  func(h *held)
	detachedPrepareLater func(s *session, a *arrival)
)

func init() {
	detachedSession = makeSession
	detachedStart = startSession
	detachedConnect = connect
	detachedLoseLater = loseLater
	detachedRenewLater = renewLater
	detachedRotateLater = rotateLater
	detachedPrepareLater = prepareLater
}
