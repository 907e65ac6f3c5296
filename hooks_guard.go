//go:build hooks

package zookeeper

// ForcePanics has a function called before all guarded work, in its goroutine, with
// what the work is. It is for tests, and to be called before there is any work.
func ForcePanics(force func(what string)) { beforeWork = force }
