package bad

func Run() string {
	ch := make(chan int, 1)
	//yaegi:ok one goroutine runs this
	select {
	default:
	}
	select { //yaegi:ok one goroutine runs this
	default:
	}
	select { //yaegi:ok // want mark
	default:
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
