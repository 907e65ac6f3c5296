package good

var log = ""

func note(text string) { log += text }

func work() {
	step := "first"
	before := step
	defer note(before)
	step = "second"
	note(step + " ")
}

func Run() string {
	work()
	return log
}
