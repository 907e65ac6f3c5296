package bench

import "syscall"

// pause is some 0.1 ms, which time.Sleep makes a whole one of when nothing else
// is to be done.
func pause() { syscall.Nanosleep(&syscall.Timespec{Nsec: 50_000}, nil) }
