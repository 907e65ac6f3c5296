// Yaegi: wrong
package bad_flow

import "fmt"

func branch(n int) (text string) { // want namedresult
	if n == 0 {
		text = "zero"
	}
	return
}

func noRound(list []int) (last int) { // want namedresult
	for _, n := range list {
		last = n
	}
	return last
}

func noDefault(n int) (text string) { // want namedresult
	switch n {
	case 0:
		text = "zero"
	}
	return text
}

func broken(n int) (text string) { // want namedresult
	switch {
	case n > 0:
		if n == 2 {
			break
		}
		text = "some"
	default:
		text = "none"
	}
	return
}

func added(n int) (sum int) { // want namedresult
	sum += n
	return sum
}

func deferred(n int) (text string) { // want namedresult
	defer func() { text += "!" }()
	if n == 2 {
		return
	}
	text = "x"
	return
}

func Run() string {
	texts := []string{"", "", "", "", "", ""}
	for i := 0; i < 3; i++ {
		a := branch(i)
		texts[0] += a
		b := noRound([]int{1, 2}[:2-i])
		texts[1] += fmt.Sprint(b)
		c := noDefault(i)
		texts[2] += c
		d := broken(i)
		texts[3] += d
		e := added(1)
		texts[4] += fmt.Sprint(e)
		f := deferred(i)
		texts[5] += f
	}
	return texts[0] + "|" + texts[1] + "|" + texts[2] + "|" + texts[3] + "|" + texts[4] + "|" + texts[5]
}
