package followers

import (
	"testing"
)

// Changes that come while the function runs are told in one call, and none is left untold.
func TestChangesWhileTheFunctionRuns(t *testing.T) {
	calls, goOn := make(chan int, 10), make(chan bool)
	count := 0
	n := NewNotifier("test", func() {
		count++
		calls <- count
		<-goOn
	})
	n.Signal()
	<-calls
	for range 5 {
		n.Signal()
	}
	goOn <- true
	if second := <-calls; second != 2 {
		t.Error(second)
	}
	n.Stop() // which doesn't wait
	goOn <- true
	n.Signal()
	if count != 2 {
		t.Errorf("%d calls", count)
	}
}
