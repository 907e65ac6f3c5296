package good

import "fmt"

type pipe struct{ ch chan int }

func Run() string {
	chans := []chan int{make(chan int, 1), make(chan int, 2)}
	n := 0
	for i := range chans {
		n += cap(chans[i])
	}
	for _, p := range []*pipe{{make(chan int, 4)}} {
		n += cap(p.ch)
	}
	return fmt.Sprint(n)
}
