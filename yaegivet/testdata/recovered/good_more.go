package good_more

import "fmt"

func safely(f func()) string {
	text := make([]string, 1)
	run(f, text)
	return text[0]
}

func run(f func(), text []string) {
	defer func() {
		if r := recover(); r != nil {
			text[0] = "panic: " + fmt.Sprint(r)
		}
	}()
	f()
	text[0] = "fine"
}

func Run() string {
	return safely(func() {}) + safely(func() { panic("text") })
}
