package bench

import (
	"bytes"
	"fmt"
	"os"
	"strconv"
	"strings"
	"syscall"
)

// pause is some 0.1 ms, which time.Sleep makes a whole one of when nothing else
// is to be done.
func pause() { syscall.Nanosleep(&syscall.Timespec{Nsec: 50_000}, nil) }

// processorTime is what a process has had of the processors, in ms; in steps of 10.
func processorTime(pid int) float64 {
	stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return 0
	}
	fields := strings.Fields(string(stat[bytes.LastIndexByte(stat, ')')+1:])) // from the third one on
	user, _ := strconv.ParseFloat(fields[11], 64)
	system, _ := strconv.ParseFloat(fields[12], 64)
	return 10 * (user + system)
}
