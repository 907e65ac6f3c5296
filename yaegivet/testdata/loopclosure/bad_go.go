// Yaegi: wrong or crash
package bad_go

// round starts goroutines with a number each, and tells whether all came.
func round(n int) bool {
	ch := make(chan int, n)
	for i := 0; i < n; i++ {
		j := i
		go func() { // want loopclosure
			ch <- j
		}()
	}
	seen := map[int]bool{}
	for i := 0; i < n; i++ {
		v := <-ch
		seen[v] = true
	}
	return len(seen) == n
}

func Run() string {
	for i := 0; i < 2000; i++ {
		if !round(100) {
			return "missed"
		}
	}
	return "all"
}
