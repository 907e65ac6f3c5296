//go:build !linux

package bench

import "time"

func pause() { time.Sleep(50 * time.Microsecond) }

// processorTime isn't known here.
func processorTime(int) float64 { return 0 }
