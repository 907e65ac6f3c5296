//go:build hooks

package zookeeper

import "time"

// SetLinger has what is given up go sooner. It is for tests.
func SetLinger(linger time.Duration) { lingering.Store(int64(linger)) }
