// Yaegi: wrong
package bad

var log = ""

func note(text string) { log += text }

func work() {
	step := "first"
	defer note(step) // want latearg
	step = "second"
	note(step + " ")
}

func Run() string {
	work()
	return log
}
