// Yaegi: wrong
package bad

import "fmt"

func nested() string {
	ch := make(chan int, 3)
	for i := 0; i < 3; i++ {
		ch <- i
	}
	rounds := 0
	for i := 0; i < 3; i++ {
		select { // want select
		case <-ch:
			if i > 0 {
				break // want selectbreak
			}
		default:
		}
		rounds++
	}
	return fmt.Sprint(rounds)
}

func labelled() string {
	ch := make(chan int, 3)
	close(ch)
	rounds := 0
loop:
	for i := 0; i < 3; i++ {
		select { // want select
		case <-ch:
			rounds++
			break loop // want selectbreak
		}
	}
	return fmt.Sprint(rounds)
}

func next() string {
	ch := make(chan int, 3)
	close(ch)
	behind := 0
	for i := 0; i < 3; i++ {
		select { // want select
		case <-ch:
			continue // want selectbreak
		}
		behind++
	}
	return fmt.Sprint(behind)
}

func Run() string {
	return nested() + "|" + labelled() + "|" + next()
}
