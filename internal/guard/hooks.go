//go:build hooks

package guard

// ForcePanics has a function called before all guarded work, in the goroutine of that work
// and with its name. It is for tests, and to be called before there is any work.
func ForcePanics(force func(name string)) { beforeWork = force }
