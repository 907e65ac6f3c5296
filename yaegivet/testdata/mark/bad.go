package bad

func Run(ch chan int) string {
	//yaegi:ok one goroutine runs this
	select {
	case <-ch:
	}
	select { //yaegi:ok one goroutine runs this
	case <-ch:
	}
	select { //yaegi:ok // want mark
	case <-ch:
	}
	//yaegi:ok nothing to see // want mark
	ch <- 1
	ch = nil //yaegi:ok // want mark
	select { // want select
	case <-ch:
	default:
	}
	return ""
}
