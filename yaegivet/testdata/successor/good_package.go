package good_package

import "example.org/snippets/successor/sub"

type worker struct {
	left int
	done chan uint64
}

func asWorker(w *worker) sub.Worker { return w }

func (w *worker) Work() {
	needed := make([]byte, 1<<20)
	needed[0] = 1
	w.left--
	if w.left == 0 {
		w.done <- sub.Heap()
		return
	}
	sub.DetachedWork(asWorker(w))
}

// Run tells how much more is in use in the last of 20 rounds than in the first.
func Run() string {
	w := &worker{left: 1, done: make(chan uint64, 1)}
	sub.DetachedWork(asWorker(w))
	first := <-w.done
	w.left = 20
	sub.DetachedWork(asWorker(w))
	last := <-w.done
	if last > first+10<<20 {
		return "all of it"
	}
	return "nothing"
}
