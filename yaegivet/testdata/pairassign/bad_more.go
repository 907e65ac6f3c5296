// Yaegi: wrong
package bad_more

import (
	"errors"
	"fmt"
	"strings"
)

type point struct{ x, y int }

type holder struct{ list []int }

func three() int { return 3 }

func twice(n int) int { return 2 * n }

func fault() error { return errors.New("x") }

var inPackage, beside = []int{1}, 7 // want pairassign

func receive(ch chan int) string {
	a, b := 1, 2
	a, b = <-ch, 7 // want pairassign
	s := fmt.Sprint(a, b)
	c, d := <-ch, 7 // want pairassign
	return s + "|" + fmt.Sprint(c, d)
}

func Run() string {
	a, b := 1, 2
	a, b = three(), 7 // want pairassign
	s := fmt.Sprint(a, b)
	a, b = b+3, three() // want pairassign
	s += "|" + fmt.Sprint(a, b)
	a, b = three(), twice(a) // want pairassign
	s += "|" + fmt.Sprint(a, b)
	a, b = len("abcd"), a // want pairassign
	s += "|" + fmt.Sprint(a, b)
	text, n := "a", 1
	text, n = strings.ToUpper(text), 7 // want pairassign
	s += "|" + fmt.Sprint(text, n)
	var err error
	n, err = 9, fault() // want pairassign
	s += "|" + fmt.Sprint(n, err)
	list, size := []int{4}, 1 // want pairassign
	s += "|" + fmt.Sprint(list, size)
	start, end := 5, point{1, 2} // want pairassign
	s += "|" + fmt.Sprint(start, end.x)
	var m, k = map[string]int{"a": 1}, 3 // want pairassign
	s += "|" + fmt.Sprint(m, k)
	h := &holder{}
	list, h.list = []int{1}, []int{2} // want pairassign
	s += "|" + fmt.Sprint(list, h.list)
	more := []int{6}
	list, more = append(more, 1), append(list, 2) // want pairassign
	s += "|" + fmt.Sprint(list, more)
	ch := make(chan int, 2)
	ch <- 4
	ch <- 5
	return s + "|" + receive(ch) + "|" + fmt.Sprint(inPackage, beside)
}
