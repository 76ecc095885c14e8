//go:build unix

// Package loadtest helps tests that measure time while other programs use the processors too.
package loadtest

import (
	"sync"
	"syscall"
	"time"
)

// Share returns which part of the processors this program gets now, from 0 to 1: it asks for all of two for a
// moment.
func Share() float64 {
	const moment = 30 * time.Millisecond
	began, used := time.Now(), processorTime()
	var busy sync.WaitGroup
	for range 2 {
		busy.Go(func() {
			for time.Since(began) < moment {
				continue
			}
		})
	}
	busy.Wait()
	return min(1, float64(processorTime()-used)/float64(2*time.Since(began)))
}

// processorTime returns how long this program has used processors.
func processorTime() time.Duration {
	var u syscall.Rusage
	if syscall.Getrusage(syscall.RUSAGE_SELF, &u) != nil {
		return 0
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
