//go:build panics

package zookeeper

// ForcePanics has a function called before all guarded work, in its goroutine, with
// what the work is. It is to be set before the first New.
func ForcePanics(force func(what string)) { beforeWork = force }
