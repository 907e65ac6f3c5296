//go:build hooks

package clusters

import "time"

// SetLinger has what is given up go sooner, for tests with the build tag hooks.
func SetLinger(linger time.Duration) { lingerTime.Store(int64(linger)) }
