//go:build hooks

package store

import "time"

// RecheckEvery has nodes read again after other pauses. It is for tests.
func RecheckEvery(pause time.Duration) { recheckEvery.Store(int64(pause)) }
