//go:build !linux

package bench

import "time"

func pause() { time.Sleep(50 * time.Microsecond) }
