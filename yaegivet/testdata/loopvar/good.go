package good

import "fmt"

func give(i int) func() int { return func() int { return i } }

func Run() string {
	var fs []func() int
	sum := 0
	for i := 0; i < 3; i++ {
		fs = append(fs, give(i))
		func() { sum += i }()
	}
	for i := 0; i < 3; i++ {
		j := i
		fs = append(fs, func() int { return j })
	}
	return fmt.Sprint(fs[0](), fs[1](), fs[2](), fs[3](), fs[4](), fs[5](), sum)
}
