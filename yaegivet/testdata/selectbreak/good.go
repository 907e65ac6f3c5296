package good

import "fmt"

func labelled() string {
	ch := make(chan int, 3)
	close(ch)
	rounds := 0
loop:
	for i := 0; i < 3; i++ {
		//yaegi:ok one goroutine runs this
		select {
		case <-ch:
			rounds++
			if true {
				break loop
			}
		}
	}
	return fmt.Sprint(rounds)
}

func last() string {
	ch := make(chan int, 3)
	close(ch)
	rounds := 0
	for i := 0; i < 3; i++ {
		//yaegi:ok one goroutine runs this
		select {
		case <-ch:
			rounds++
			break // nothing is lost without it
		}
		rounds++
	}
	return fmt.Sprint(rounds)
}

func receive(ch chan int) bool {
	//yaegi:ok one goroutine runs this
	select {
	case <-ch:
		return true
	default:
		return false
	}
}

func Run() string {
	ch := make(chan int, 3)
	ch <- 1
	rounds := 0
	for receive(ch) {
		rounds++
	}
	return fmt.Sprint(rounds) + labelled() + last()
}
